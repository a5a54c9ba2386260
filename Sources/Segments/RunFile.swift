public import Bytes
import CloudTrail
import Synchronization

/// A temporary file of sorted segments: what does not fit the memory budget.
///
/// A segment is self-contained: for each record a header of 60 bytes, little-endian (seconds 8,
/// nanoseconds 4, identity 16, kind 4, eventID offset 4, cell 4, source 4, index 4, length 4,
/// reserved 8), and the record's bytes. The file has no name, so that it goes with the last segment
/// or with the process.
public final class RunFile: Sendable {
  static let headerSize = 60

  let file: OpenFile
  private let end = Mutex(0)

  /// Makes the file.
  public init(_ path: Path) throws(FileError) {
    file = try OpenFile.nameless(path)
  }

  /// Bytes written so far.
  public var byteCount: Int { end.withLock { $0 } }

  /// Appends the records of one cell, merged into one segment.
  ///
  /// `buffer`: scratch space; written out whenever it holds a mebibyte.
  ///
  /// - Returns: The segment, and how many copies were dropped.
  /// - Complexity: O(bytes).
  public func append(
    merging segments: [any Segment], _ sources: SourceTable, _ buffer: inout ByteBuffer
  ) throws -> (segment: RunSegment, droppedCount: Int) {
    let start = end.withLock { $0 }
    var position = start
    buffer.removeAll()
    let counts = try merge(segments, sources) { entry, record in
      RunFile.appendHeader(entry, to: &buffer)
      buffer.append(record)
      if buffer.count >= 1 << 20 { try flush(&buffer, at: &position) }
    }
    try flush(&buffer, at: &position)
    let written = position
    end.withLock { $0 = written }
    return (
      RunSegment(self, start..<written, recordCount: counts.merged), counts.duplicates
    )
  }

  private func flush(_ buffer: inout ByteBuffer, at position: inout Int) throws(FileError) {
    try file.write(buffer.bytes, at: position)
    position += buffer.count
    buffer.removeAll()
  }

  private static func appendHeader(_ entry: Entry, to buffer: inout ByteBuffer) {
    buffer.append(littleEndian: entry.time.seconds)
    buffer.append(littleEndian: entry.time.nanoseconds)
    buffer.append(littleEndian: entry.identity.high)
    buffer.append(littleEndian: entry.identity.low)
    buffer.append(littleEndian: UInt32(entry.identityKind.rawValue))
    buffer.append(littleEndian: entry.identityOffset)
    buffer.append(littleEndian: entry.cell)
    buffer.append(littleEndian: entry.source)
    buffer.append(littleEndian: entry.index)
    buffer.append(littleEndian: entry.length)
    buffer.append(littleEndian: UInt64(0))
  }

  /// Reads a header; the entry's record begins behind it.
  static func entry(_ bytes: Span<UInt8>, at position: Int) -> Entry {
    let key = RecordKey(
      time: EventTime(
        seconds: bytes.number(at: position), nanoseconds: bytes.number(at: position + 8)),
      identity: RecordIdentity(
        high: bytes.number(at: position + 12), low: bytes.number(at: position + 20)),
      kind: RecordIdentity.Kind(
        rawValue: UInt8(truncatingIfNeeded: bytes.number(at: position + 28, as: UInt32.self)))
        ?? .content,
      identityOffset: bytes.number(at: position + 32))
    let start = position + headerSize
    let length = Int(bytes.number(at: position + 48, as: UInt32.self))
    return Entry(
      key, cell: bytes.number(at: position + 36), range: start..<(start + length),
      source: bytes.number(at: position + 40), index: bytes.number(at: position + 44))
  }
}

/// A cell's records in a run file.
public struct RunSegment: Segment {
  let run: RunFile
  let range: Range<Int>
  public let recordCount: Int

  init(_ run: RunFile, _ range: Range<Int>, recordCount: Int) {
    self.run = run
    self.range = range
    self.recordCount = recordCount
  }

  public var isWritten: Bool { false }

  public func cursor() throws -> any RecordCursor {
    try RunCursor(self)
  }
}

/// Reads a segment through a window of a few records.
private final class RunCursor: RecordCursor {
  private let segment: RunSegment
  private var window = ByteBuffer(capacity: RunCursor.windowSize)
  /// Where the next byte to be read stands in the file.
  private var nextRead: Int
  private(set) var entry: Entry

  /// Small, since a merge may hold hundreds of windows at once.
  private static let windowSize = 64 << 10

  init(_ segment: RunSegment) throws(FileError) {
    self.segment = segment
    nextRead = segment.range.lowerBound
    entry = Entry(
      RecordKey(contentOf: ByteBuffer().bytes), cell: 0, range: 0..<0, source: 0, index: 0)
    try load(at: 0)
  }

  func withRecord(_ body: (Span<UInt8>) throws -> Void) rethrows {
    try window.withBytes { try body($0.extracting(entry.range)) }
  }

  func advance() throws -> Bool {
    let position = entry.range.upperBound
    guard nextRead - (window.count - position) < segment.range.upperBound else { return false }
    try load(at: position)
    return true
  }

  /// Makes the record whose header begins at `position` of the window whole and current.
  private func load(at position: Int) throws(FileError) {
    var start = position
    if window.count - start < RunFile.headerSize { try fill(&start, RunFile.headerSize) }
    var next = window.withBytes { RunFile.entry($0, at: start) }
    let needed = RunFile.headerSize + Int(next.length)
    if window.count - start < needed {
      try fill(&start, needed)
      next = window.withBytes { RunFile.entry($0, at: start) }
    }
    entry = next
  }

  /// Moves what begins at `start` to the front and reads on until `byteCount` bytes are there.
  private func fill(_ start: inout Int, _ byteCount: Int) throws(FileError) {
    window.removeFirst(start)
    start = 0
    let room = max(window.capacity, byteCount) - window.count
    let wanted = min(room, segment.range.upperBound - nextRead)
    let read = try segment.run.file.read(wanted, at: nextRead, into: &window)
    nextRead += read
    guard window.count >= byteCount else {
      throw FileError.cutOff(segment.run.file.path)
    }
  }
}
