import Bytes
import Segments

/// Merges a committed file with its changes.
final class SideFileMerge {
  private let old: SideFileReader?
  private let texts: NewTexts
  private let file: HashedFile
  private var hasOld = false
  /// What tells the committed line apart, as in a row.
  private var oldKey = ByteBuffer()
  private var key = ByteBuffer()
  private var record = ByteBuffer()
  private var count = 0

  init(_ old: SideFileReader?, _ texts: NewTexts, to staged: Path) throws {
    (self.old, self.texts) = (old, texts)
    file = try HashedFile(staged)
    try advance()
  }

  /// Takes in all changes with one key, and what the committed file has before them.
  ///
  /// - Returns: Whether there is another row.
  func add(_ rows: SortedRows) throws -> Bool {
    var line: (key: SideLine.Key, text: NewTexts.Text, reason: [UInt8])?
    let number = rows.withRow { row in
      key.removeAll()
      key.append(row.extracting(SideFileMerge.keyRange(row)))
      return SideFileMerge.number(row)
    }
    var hasRow = true
    while hasRow {
      let isSame = rows.withRow { row in
        let range = SideFileMerge.keyRange(row)
        // A line that moves to the next file has the same key there.
        guard SideFileMerge.number(row) == number else { return false }
        guard key.withBytes({ $0.isEqual(to: row.extracting(range)) }) else { return false }
        if row[range.upperBound] == SideChange.add.rawValue {
          line = line ?? SideFileMerge.added(row)
        }
        return true
      }
      if !isSame { break }
      hasRow = try rows.next()
    }
    while hasOld, compareOld() < 0 { try copyOld() }
    if hasOld, compareOld() == 0 {
      if line != nil { try copyOld() } else { try advance() }
    } else if let line {
      try write(line.key, line.text, reason: line.reason)
    }
    return hasRow
  }

  /// The number of the file that a row is about.
  private static func number(_ row: Span<UInt8>) -> UInt64 {
    var parts = RowReader(row)
    return parts.number()
  }

  /// Where the key is in a row: between the number of the file and what is to be done.
  private static func keyRange(_ row: Span<UInt8>) -> Range<Int> {
    var parts = RowReader(row)
    _ = parts.number(UInt64.self)
    let start = parts.position
    parts.skipSideKey()
    return start..<parts.position
  }

  private static func added(_ row: Span<UInt8>) -> (SideLine.Key, NewTexts.Text, [UInt8]) {
    var parts = RowReader(row)
    _ = parts.number(UInt64.self)
    let key = parts.sideKey()
    _ = parts.number(UInt8.self)
    return (key, parts.textPlace(), parts.rest())
  }

  private func advance() throws {
    hasOld = try old?.next() ?? false
    guard hasOld, let line = old?.line else { return }
    oldKey.removeAll()
    oldKey.append(row: SideLine.Key(place: line.place, content: line.content, family: line.family))
  }

  /// How the committed line compares with the change.
  private func compareOld() -> Int {
    oldKey.withBytes { old in key.withBytes { old.compare(to: $0) } }
  }

  private func copyOld() throws {
    old?.withText { file.output.append($0) }
    try endLine()
    try advance()
  }

  private func write(_ key: SideLine.Key, _ text: NewTexts.Text, reason: [UInt8]) throws {
    record.removeAll()
    try texts.readRecord(text, into: &record)
    let line = SideLine(
      reason: reason.span.text(), eventID: try texts.eventID(text), family: key.family,
      place: key.place, record: record.withBytes { $0.copied() })
    file.output.append(line.json())
    try endLine()
  }

  private func endLine() throws {
    count += 1
    file.output.append(ASCII.lineFeed)
    try file.writeIfFull()
  }

  /// Ends the file.
  ///
  /// - Returns: What it holds, and by how many lines it has more than were committed.
  func finish() throws -> (hash: FileHash, added: Int) {
    while hasOld { try copyOld() }
    return (try file.finish(), count - (old?.count ?? 0))
  }
}

/// What a row of changes does with the line that it names.
enum SideChange: UInt8 { case remove, add }

extension ByteBuffer {
  /// Appends what tells lines apart, so that rows order as lines do.
  mutating func append(row key: SideLine.Key) {
    append(rowText: key.place.path.bytes.span)
    append(bigEndian: UInt64(key.place.index))
    append(row: key.content)
    append(row: key.family)
  }
}

extension RowReader {
  /// Reads what tells lines apart.
  mutating func sideKey() -> SideLine.Key {
    let path = Path(bytes: text())
    let index = Int(number(UInt64.self))
    let content = identity()
    return SideLine.Key(
      place: SideLine.Place(path: path, index: index), content: content, family: family())
  }

  /// Goes on after what tells lines apart.
  mutating func skipSideKey() {
    skipText()
    position += SideLine.Key.lengthAfterPath
  }
}
