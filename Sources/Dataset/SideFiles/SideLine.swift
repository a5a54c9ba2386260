public import Bytes
public import CloudTrail

/// A line of a side file: a record that is kept apart from the events.
///
/// On disk it is `{"reason":…,"eventID":…,"source":PATH,"index":N,"record":RAW}`; those of other
/// families than events say so with `"family":…` before the source.
public struct SideLine {
  /// Where a record came from.
  public struct Place: Hashable, Comparable, Sendable {
    public var path: Path
    public var index: Int

    public init(path: Path, index: Int) {
      self.path = path
      self.index = index
    }

    public static func < (left: Place, right: Place) -> Bool {
      left.path == right.path ? left.index < right.index : left.path < right.path
    }
  }

  /// What tells lines of one file apart, and puts them in order.
  public struct Key: Sendable {
    public var place: Place
    public var content: RecordIdentity
    public var family: Family

    public init(place: Place, content: RecordIdentity, family: Family) {
      (self.place, self.content, self.family) = (place, content, family)
    }

    /// Bytes of a row's key that follow the path: index, content and family.
    static let lengthAfterPath = 8 + 16 + 1
  }

  /// Why the record is no event of the dataset.
  public var reason: String
  public var eventID: [UInt8]?
  public var family: Family
  public var place: Place
  public var record: [UInt8]

  /// Makes a line.
  init(reason: String, eventID: [UInt8]?, family: Family, place: Place, record: [UInt8]) {
    (self.reason, self.eventID, self.family) = (reason, eventID, family)
    (self.place, self.record) = (place, record)
  }

  /// Reads what `json()` gives; nil for anything else.
  init?(_ line: Span<UInt8>) {
    guard let object = try? JSONObject(line), let source = object.bytes("source"),
      let index = object.integer("index"), index >= 0,
      object.has("record")
    else { return nil }
    let record = object.raw("record") ?? Array("null".utf8)
    self.init(
      reason: object.string("reason") ?? "", eventID: object.bytes("eventID"),
      family: object.string("family").flatMap { Family(rawValue: $0) } ?? .events,
      place: Place(path: Path(bytes: source), index: index), record: record)
  }

  func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("reason", reason)
    if let eventID {
      line.add("eventID", bytes: eventID)
    } else {
      line.add("eventID", raw: "null")
    }
    if family != .events { line.add("family", family.rawValue) }
    line.add("source", bytes: place.path.bytes)
    line.add("index", place.index)
    line.add("record", raw: record.span)
    return line.finish()
  }

  /// In place of the record's bytes.
  public var content: RecordIdentity {
    RecordIdentity(hashing: record.span, kind: .content)
  }

  /// In place of the eventID; that of the content for a record without one.
  public var identity: RecordIdentity {
    guard let eventID, !eventID.isEmpty else { return content }
    return RecordIdentity(eventID: eventID.span)
  }
}

/// The lines of a committed side file, one at a time.
///
/// The file's hash is checked at its end: what was read counts for nothing before that.
public final class SideFileReader {
  /// The line that was read last.
  public private(set) var line: SideLine
  private let lines: TreeLines

  /// How many lines were read.
  public var count: Int { lines.count }

  /// Opens a side file; nil if the dataset has none.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when it is missing.
  public init?(_ file: DatasetFile, of dataset: StoredDataset) throws {
    line = SideLine(
      reason: "", eventID: nil, family: .events, place: .init(path: "", index: 0), record: [])
    guard let lines = try TreeLines(file, of: dataset) else { return nil }
    self.lines = lines
  }

  /// Goes to the next line.
  ///
  /// - Returns: False after the last.
  /// - Throws: `DatasetError.changedFromOutside` when the file is not as it was committed, `damaged` for
  ///   a line that is none; `Stopped`.
  public func next() throws -> Bool {
    guard try lines.next() else { return false }
    let next = lines.withLine { SideLine($0) }
    if let next, count == 1 || line.place <= next.place {
      line = next
      return true
    }
    // Whether the bytes are those that were committed comes first.
    try lines.finish()
    throw lines.damage(
      next == nil
        ? "line \(count) is damaged" : "line \(count) comes before the line above it")
  }

  /// Lends the line as it is on disk.
  func withText<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try lines.withLine(body)
  }
}
