public import Bytes
public import CloudTrail

/// A side file of the dataset: records kept apart from the events, each text once.
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

  public struct Entry {
    /// What stands for the eventID; that of the content for a record without one.
    public var identity: RecordIdentity
    public var reason: String
    public var eventID: [UInt8]?
    public var path: Path
    public var index: Int
    fileprivate var text: Text
  }

  private let path: Path?
  private let newTexts: OpenFile
  private var newByteCount = 0
  private var entries: [Key: Entry] = [:]
  public private(set) var isChanged = false

  /// How many texts there are.
  public var count: Int { entries.count }

  /// What tells the texts apart that there are.
  public var keys: Set<Key> { Set(entries.keys) }

  /// Opens the side file at `path`, which need not exist; nil begins an empty one.
  ///
  /// `scratch`: a name for a temporary file.
  public init(_ path: Path?, scratch: Path) throws {
    self.path = path
    newTexts = try OpenFile.nameless(scratch)
    guard let path, try FileSystem.isThere(path) else { return }
    let bytes = try FileSystem.contents(of: path)
    var start = 0
    while start < bytes.count {
      try StopSignal.check()
      let end = ByteSearch.first(0x0A, in: bytes.span, from: start)
      try load(bytes.span.extracting(start..<end), at: start, of: path)
      start = end + 1
    }
  }

  private func load(_ line: Span<UInt8>, at start: Int, of path: Path) throws {
    guard let object = try? JSONObject(line), let source = object.bytes("source"),
      let index = object.integer("index"),
      let record = object.raw("record")
        ?? (line.count > 6 ? Array("null".utf8) : nil)
    else { throw DatasetError.damaged(path, "the line at byte \(start)") }
    let eventID = object.bytes("eventID")
    // The record is the last member: `…,"record":RAW}`.
    let offset = start + line.count - 1 - record.count
    let family = object.string("family").flatMap { Family(rawValue: $0) } ?? .events
    entries[Key(content: RecordIdentity(hashing: record.span, kind: .content), family: family)] =
      Entry(
        identity: SideFile.identity(eventID, record), reason: object.string("reason") ?? "",
        eventID: eventID, path: Path(bytes: source), index: index,
        text: Text(isNew: false, offset: offset, length: record.count))
  }

  private static func identity(_ eventID: [UInt8]?, _ record: [UInt8]) -> RecordIdentity {
    guard let eventID, !eventID.isEmpty else {
      return RecordIdentity(hashing: record.span, kind: .content)
    }
    return RecordIdentity(eventID: eventID.span)
  }

  /// Adds a text, or notes that it was also found at `path` and `index`.
  ///
  /// - Returns: Whether the text is new here.
  @discardableResult
  public func add(
    _ record: Span<UInt8>, of family: Family, identity: RecordIdentity, reason: String,
    eventID: [UInt8]?, path: Path, index: Int
  ) throws -> Bool {
    let key = Key(content: RecordIdentity(hashing: record, kind: .content), family: family)
    if let known = entries[key] {
      if path < known.path || (path == known.path && index < known.index) {
        entries[key]?.path = path
        entries[key]?.index = index
        isChanged = true
      }
      return false
    }
    try newTexts.write(record, at: newByteCount)
    entries[key] = Entry(
      identity: identity, reason: reason, eventID: eventID, path: path, index: index,
      text: Text(isNew: true, offset: newByteCount, length: record.count))
    newByteCount += record.count
    isChanged = true
    return true
  }

  /// Passes the texts that are wanted to `body`, in no order.
  public func forEach(
    where isWanted: (Key, Entry) -> Bool,
    _ body: (Key, Entry, Span<UInt8>) throws -> Void
  ) throws {
    var buffer = ByteBuffer()
    let old = try openOld()
    for (key, entry) in entries where isWanted(key, entry) {
      try read(entry, old, &buffer)
      try body(key, entry, buffer.bytes)
    }
  }

  private func openOld() throws -> Box<OpenFile>? {
    guard let path, try FileSystem.isThere(path) else { return nil }
    return Box(try OpenFile(path))
  }

  private func read(_ entry: Entry, _ old: Box<OpenFile>?, _ buffer: inout ByteBuffer) throws {
    buffer.removeAll()
    let text = entry.text
    if text.isNew {
      _ = try newTexts.read(text.length, at: text.offset, into: &buffer)
    } else {
      _ = try old?.value.read(text.length, at: text.offset, into: &buffer)
    }
  }

  /// Writes the whole file to `staged`.
  public func write(to staged: Path) throws {
    let file = try OpenFile(staged, .writing)
    let old = try openOld()
    var output = ByteBuffer(capacity: 1 << 18)
    var record = ByteBuffer()
    let ordered = entries.sorted {
      $0.value.path == $1.value.path
        ? $0.value.index < $1.value.index : $0.value.path < $1.value.path
    }
    for (key, entry) in ordered {
      try StopSignal.check()
      try read(entry, old, &record)
      var line = JSONObjectWriter()
      line.add("reason", entry.reason)
      if let eventID = entry.eventID {
        line.add("eventID", bytes: eventID)
      } else {
        line.add("eventID", raw: "null")
      }
      if key.family != .events { line.add("family", key.family.rawValue) }
      line.add("source", bytes: entry.path.bytes)
      line.add("index", entry.index)
      line.add("record", raw: record.bytes)
      output.append(line.finish())
      output.append(0x0A)
      if output.count > 1 << 17 {
        try file.write(output.bytes)
        output.removeAll()
      }
    }
    try file.write(output.bytes)
  }
}
