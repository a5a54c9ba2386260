import Bytes
import CloudTrail
import Segments
import Synchronization

/// Texts that a dataset had, and those of them that its rebuild has too: what is left is missing.
///
/// Texts are found in no order and by several threads, and sorted on disk where they are many.
final class MissingTexts: Sendable {
  /// A text that the dataset had.
  struct Text: Sendable {
    var family: Family
    var content: RecordIdentity
    var identity: RecordIdentity
    /// The number of its file.
    var source: UInt32
    /// Whether it was no event, but in a side file: there it may be several times.
    var isListed: Bool
  }

  private enum Kind: UInt8 { case kept, event, listed }

  private struct Parts {
    var count: UInt32 = 0
    var whole: Set<UInt32> = []
  }

  private let rows: RowSorter
  private let parts = Mutex(Parts())

  init(sorting rows: RowSorter) {
    self.rows = rows
  }

  /// Notes that the rebuild has a text.
  ///
  /// - Throws: `FileError` when the disk is full.
  func keep(_ family: Family, _ content: RecordIdentity) throws {
    var row = ByteBuffer(capacity: 32)
    row.append(row: family)
    row.append(row: content)
    row.append(Kind.kept.rawValue)
    try rows.append(row.bytes)
  }

  /// Takes in a part of what the dataset had; it counts if `body` comes to its end.
  ///
  /// - Throws: What `body` throws.
  func addPart<Result>(_ body: ((Text) throws -> Void) throws -> Result) throws -> Result {
    let part = parts.withLock { parts in
      parts.count += 1
      return parts.count
    }
    let result = try body { text in
      var row = ByteBuffer(capacity: 64)
      row.append(row: text.family)
      row.append(row: text.content)
      row.append((text.isListed ? Kind.listed : .event).rawValue)
      row.append(bigEndian: part)
      row.append(bigEndian: text.source)
      row.append(row: text.identity)
      try rows.append(row.bytes)
    }
    parts.withLock { _ = $0.whole.insert(part) }
    return result
  }

  /// Passes the texts that the rebuild lacks: each event, and of what was listed each text once.
  ///
  /// Ends the adding.
  func forEachMissing(_ body: (Text) throws -> Void) throws {
    let rows = try rows.finish()
    let whole = parts.withLock { $0.whole }
    var last: (family: Family, content: RecordIdentity)?
    /// Whether the rebuild has the text, or it was passed already as one that was listed.
    var (isKept, isPassed) = (false, false)
    while try rows.next() {
      let text = rows.withRow { row -> Text? in
        var reader = RowReader(row)
        let (family, content) = (reader.family(), reader.identity())
        if last?.family != family || last?.content != content {
          last = (family, content)
          (isKept, isPassed) = (false, false)
        }
        let kind = reader.number(UInt8.self)
        if kind == Kind.kept.rawValue { isKept = true }
        guard !isKept, whole.contains(reader.number()) else { return nil }
        let source = reader.number(UInt32.self)
        return Text(
          family: family, content: content, identity: reader.identity(), source: source,
          isListed: kind == Kind.listed.rawValue)
      }
      guard let text, !(text.isListed && isPassed) else { continue }
      if text.isListed { isPassed = true }
      try body(text)
    }
  }
}
