public import Bytes
public import CloudTrail

/// A side file of the dataset: records kept apart from the events.
///
/// Of conflicts each text is there once; of rejected records each place.
///
/// Lines are `{"reason":…,"eventID":…,"source":PATH,"index":N,"record":RAW}`, by source and index;
/// those of other families than events say so with `"family":…` before the source.
/// The texts stay on disk; about a hundred bytes a record are in memory.
public final class SideFile {
  /// Where a text is until the file is written.
  fileprivate struct Text {
    var isNew: Bool
    var offset: Int
    var length: Int
  }

  /// What tells texts apart: families have nothing to do with one another.
  public struct Key: Hashable, Sendable {
    public var content: RecordIdentity
    public var family: Family

    public init(content: RecordIdentity, family: Family) {
      self.content = content
      self.family = family
    }
  }

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

  public struct Entry {
    /// In place of the eventID; that of the content for a record without one.
    public var identity: RecordIdentity
    public var reason: String
    public var eventID: [UInt8]?
    public var place: Place
    fileprivate var text: Text
  }

  /// A line: the place is nil where each text is listed once.
  private struct Line: Hashable {
    var key: Key
    var place: Place?
  }

  private let path: Path
  private let isByPlace: Bool
  private let newTexts: NewTexts
  private var entries: [Line: Entry] = [:]
  private(set) var isChanged = false
  /// How many lines the committed file has.
  let committedCount: Int

  /// How many lines there are.
  var count: Int { entries.count }

  /// What tells the texts apart that there are.
  public var keys: Set<Key> { Set(entries.keys.map(\.key)) }

  /// Opens a side file of a dataset; without one it is empty.
  ///
  /// `newTexts`: Takes what is added.
  ///
  /// - Throws: `DatasetError` when it is not as it was committed.
  public init(_ file: DatasetFile, of dataset: StoredDataset, _ newTexts: NewTexts) throws {
    path = dataset.layout[file]
    if case .ofDelivery = file { isByPlace = true } else { isByPlace = false }
    self.newTexts = newTexts
    let bytes = try dataset.contents(of: file) ?? []
    var entries: [Line: Entry] = [:]
    var lines = TextLines(bytes)
    while let line = lines.next() {
      try StopSignal.check()
      let (key, entry) = try SideFile.entry(
        bytes.span.extracting(line.range), at: line.range.lowerBound, of: path)
      entries[Line(key: key, place: isByPlace ? entry.place : nil)] = entry
    }
    self.entries = entries
    committedCount = entries.count
  }

  private static func entry(
    _ line: Span<UInt8>, at start: Int, of path: Path
  ) throws -> (Key, Entry) {
    guard let object = try? JSONObject(line), let source = object.bytes("source"),
      let index = object.integer("index"),
      let record = object.raw("record")
        ?? (line.count > 6 ? Array("null".utf8) : nil)
    else { throw DatasetError.damaged(path, "the line at byte \(start)") }
    let eventID = object.bytes("eventID")
    // The record is the last member: `…,"record":RAW}`.
    let offset = start + line.count - 1 - record.count
    let family = object.string("family").flatMap { Family(rawValue: $0) } ?? .events
    let key = Key(content: RecordIdentity(hashing: record.span, kind: .content), family: family)
    let entry = Entry(
      identity: SideFile.identity(eventID, record), reason: object.string("reason") ?? "",
      eventID: eventID, place: Place(path: Path(bytes: source), index: index),
      text: Text(isNew: false, offset: offset, length: record.count))
    return (key, entry)
  }

  private static func identity(_ eventID: [UInt8]?, _ record: [UInt8]) -> RecordIdentity {
    guard let eventID, !eventID.isEmpty else {
      return RecordIdentity(hashing: record.span, kind: .content)
    }
    return RecordIdentity(eventID: eventID.span)
  }

  /// Adds a record, or notes that its text was also found at another place.
  public func add(
    _ record: Span<UInt8>, of family: Family, identity: RecordIdentity, reason: String,
    eventID: [UInt8]?, at place: Place
  ) throws {
    let key = Key(content: RecordIdentity(hashing: record, kind: .content), family: family)
    let line = Line(key: key, place: isByPlace ? place : nil)
    if let known = entries[line] {
      if place < known.place {
        entries[line]?.place = place
        isChanged = true
      }
      return
    }
    entries[line] = Entry(
      identity: identity, reason: reason, eventID: eventID, place: place,
      text: Text(isNew: true, offset: try newTexts.append(record), length: record.count))
    isChanged = true
  }

  /// Removes a text.
  public func remove(_ key: Key) {
    if entries.removeValue(forKey: Line(key: key, place: nil)) != nil { isChanged = true }
  }

  /// Passes the texts that are wanted to `body`, in no order.
  public func forEach(
    where isWanted: (Key, Entry) -> Bool,
    _ body: (Key, Entry, Span<UInt8>) throws -> Void
  ) throws {
    var buffer = ByteBuffer()
    let old = try openOld()
    for (line, entry) in entries where isWanted(line.key, entry) {
      try read(entry, old, &buffer)
      try body(line.key, entry, buffer.bytes)
    }
  }

  private func openOld() throws -> Box<OpenFile>? {
    committedCount == 0 ? nil : Box(try OpenFile(path))
  }

  private func read(_ entry: Entry, _ old: Box<OpenFile>?, _ buffer: inout ByteBuffer) throws {
    buffer.removeAll()
    let text = entry.text
    if text.isNew {
      try newTexts.read(text.length, at: text.offset, into: &buffer)
    } else {
      _ = try old?.value.read(text.length, at: text.offset, into: &buffer)
    }
  }

  /// Writes the whole file to `staged`.
  ///
  /// - Returns: What the file holds.
  func write(to staged: Path) throws -> FileHash {
    let file = try HashedFile(staged)
    let old = try openOld()
    var record = ByteBuffer()
    let ordered = entries.sorted {
      ($0.value.place, $0.key.key.content) < ($1.value.place, $1.key.key.content)
    }
    for (name, entry) in ordered {
      try StopSignal.check()
      try read(entry, old, &record)
      var line = JSONObjectWriter()
      line.add("reason", entry.reason)
      if let eventID = entry.eventID {
        line.add("eventID", bytes: eventID)
      } else {
        line.add("eventID", raw: "null")
      }
      if name.key.family != .events { line.add("family", name.key.family.rawValue) }
      line.add("source", bytes: entry.place.path.bytes)
      line.add("index", entry.place.index)
      line.add("record", raw: record.bytes)
      file.output.append(line.finish())
      file.output.append(ASCII.lineFeed)
      try file.writeIfFull()
    }
    return try file.finish()
  }
}

/// The texts that a run adds to side files, in one temporary file without a name.
public final class NewTexts {
  private let file: OpenFile
  private var byteCount = 0

  /// `path`: A name that the file has for a moment.
  public init(_ path: Path) throws(FileError) {
    file = try OpenFile.nameless(path)
  }

  /// Adds a text; returns where it is.
  func append(_ text: Span<UInt8>) throws(FileError) -> Int {
    try file.write(text, at: byteCount)
    defer { byteCount += text.count }
    return byteCount
  }

  /// Reads the text of `count` bytes at `offset`.
  func read(_ count: Int, at offset: Int, into buffer: inout ByteBuffer) throws(FileError) {
    _ = try file.read(count, at: offset, into: &buffer)
  }
}
