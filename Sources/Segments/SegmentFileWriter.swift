public import Bytes
public import CloudTrail

/// What a segment holds, so that whoever reads its file knows.
public enum SegmentContent: Sendable, Equatable {
  /// The events of a cell, by its number in the writer's table.
  case cell(UInt32)
  case rejected(Family)
}

/// Writes segments one after the other, from one worker.
public final class SegmentFileWriter {
  /// A segment as the file's contents list it.
  struct Listed {
    var content: SegmentContent
    var range: Range<Int>
    var recordCount: Int
  }

  private let file: SegmentFile
  private var buffer = ByteBuffer()
  private var segments: [Listed] = []
  private var sources = NumberSet()
  /// Bytes written so far.
  public private(set) var byteCount = 0

  /// A block ends with the record that makes it as long as this: a merge has one of each segment in
  /// memory, hundreds at once.
  static let blockSize = 64 << 10
  private static let bufferSize = 1 << 20

  /// Makes a file that other processes can read once it is finished.
  public convenience init(_ path: Path) throws(FileError) {
    try self.init(SegmentFile(try OpenFile(path, .creating)))
  }

  /// Makes a file without a name, for this process alone.
  public static func temporary(_ path: Path) throws(FileError) -> SegmentFileWriter {
    try SegmentFileWriter(SegmentFile(try OpenFile.nameless(path)))
  }

  private init(_ file: SegmentFile) throws(FileError) {
    self.file = file
    buffer.append(SegmentFile.magic)
    buffer.append(littleEndian: SegmentFile.version)
    try flush(at: &byteCount)
  }

  /// Appends records, merged into one segment.
  ///
  /// - Parameters:
  ///   - segments: Of one cell or day.
  ///   - content: What the file's contents say of the segment; nil if only this process reads it.
  ///   - sources: Knows the numbers that entries name files by.
  /// - Returns: The segment, and how many copies were dropped.
  /// - Throws: What merging and writing throw; the file is then as it was.
  /// - Complexity: O(bytes).
  public func append(
    merging segments: [any Segment], as content: SegmentContent?, _ sources: SourceTable
  ) throws -> (segment: FileSegment, droppedCount: Int) {
    let start = byteCount
    var position = start
    var blockStart = 0
    buffer.removeAll()
    let counts = try merge(segments, sources) { entry, record in
      if blockStart == buffer.count { buffer.append(littleEndian: UInt64(0)) }
      RecordHeader.append(entry, to: &buffer)
      buffer.append(record)
      if content != nil { self.sources.insert(entry.source) }
      if buffer.count - blockStart >= SegmentFileWriter.blockSize { endBlock(&blockStart) }
      if blockStart >= SegmentFileWriter.bufferSize {
        try flush(at: &position)
        blockStart = 0
      }
    }
    endBlock(&blockStart)
    try flush(at: &position)
    byteCount = position
    if let content {
      self.segments.append(
        Listed(content: content, range: start..<position, recordCount: counts.merged))
    }
    var cell: UInt32 = 0
    if case .cell(let number)? = content { cell = number }
    let segment = FileSegment(
      file, start..<position, cell: cell, sources: nil, recordCount: counts.merged)
    return (segment, counts.duplicates)
  }

  /// Says in front of the block that begins at `start` how long it is, and begins another.
  private func endBlock(_ start: inout Int) {
    let end = buffer.count
    guard end > start else { return }
    let first = start + SegmentFile.blockHeaderSize
    let checksum = buffer.withBytes { Checksum(of: $0.extracting(first..<end)) }
    var header = ByteBuffer(capacity: SegmentFile.blockHeaderSize)
    header.append(littleEndian: UInt32(end - first))
    header.append(littleEndian: checksum.value)
    buffer.overwrite(from: start, with: header.bytes)
    start = end
  }

  private func flush(at position: inout Int) throws(FileError) {
    if buffer.isEmpty { return }
    let start = position
    try buffer.withBytes { (bytes) throws(FileError) in try file.file.write(bytes, at: start) }
    position += buffer.count
    buffer.removeAll()
  }

  /// Writes what the segments are, so that other processes can read them, and ends the file.
  ///
  /// - Parameters:
  ///   - cells: Knows the numbers of the cells.
  ///   - sources: Knows the numbers of the files that records came from.
  /// - Throws: `FileError`.
  public func finish(cells: CellTable, sources: SourceTable) throws {
    buffer.removeAll()
    SegmentFileContents.append(
      segments.map { $0.json(cells) }, try self.sources.numbers.map { ($0, try sources.path($0)) },
      to: &buffer)
    let (offset, count) = (byteCount, buffer.count)
    let checksum = buffer.withBytes { Checksum(of: $0) }
    buffer.append(littleEndian: UInt64(offset))
    buffer.append(littleEndian: UInt64(count))
    buffer.append(littleEndian: checksum.value)
    buffer.append(SegmentFile.magic)
    try flush(at: &byteCount)
  }
}

/// Numbers below some limit, one bit each.
private struct NumberSet {
  private var words: [UInt64] = []

  @inline(__always)
  mutating func insert(_ number: UInt32) {
    let word = Int(number / 64)
    while words.count <= word { words.append(0) }
    words[word] |= 1 << UInt64(number % 64)
  }

  /// The numbers, in order.
  var numbers: [UInt32] {
    words.indices.flatMap { word in
      (0..<64).filter { words[word] & 1 << UInt64($0) != 0 }.map { UInt32(word * 64 + $0) }
    }
  }
}
