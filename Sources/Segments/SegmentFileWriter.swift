public import Bytes
import CloudTrail

/// Writes segments that do not fit the memory, one after the other, from one worker.
///
/// The file has no name: it goes with the last segment or with the process. All numbers are
/// little-endian.
/// ```
/// for each segment, blocks of whole records:
///   byte count 4, CRC-32 4
///   for each record: seconds 8, nanoseconds 4, identity 16, kind 4, eventID offset 4, source 4,
///                    index 4, length 4, and its bytes
/// ```
public final class SegmentFileWriter {
  private let file: NamelessFile
  private let longRecords: LongRecords
  private var buffer = ByteBuffer()
  /// Bytes written so far.
  public private(set) var byteCount = 0

  /// A block ends with the record that makes it as long as this: a merge has one of each segment in
  /// memory, hundreds at once.
  static let blockSize = 64 << 10
  static let blockHeaderSize = 8
  private static let bufferSize = 1 << 20

  /// `path`: A name that the file has for a moment.
  ///
  /// - Throws: `FileError`.
  public init(_ path: Path, longRecords: LongRecords = LongRecords()) throws(FileError) {
    self.longRecords = longRecords
    file = try NamelessFile(path)
  }

  /// Appends records, merged into one segment.
  ///
  /// - Parameters:
  ///   - segments: Of one cell or day.
  ///   - sources: Knows the numbers that entries name files by.
  /// - Returns: The segment, and how many copies were dropped.
  /// - Throws: What merging and writing throw; the file is then as it was.
  /// - Complexity: O(bytes).
  public func append(
    merging segments: [any Segment], _ sources: SourceTable
  ) throws -> (segment: FileSegment, droppedCount: Int) {
    let start = byteCount
    var position = start
    var blockStart = 0
    var longestBlock = 0
    buffer.removeAll()
    let counts = try merge(segments, sources) { entry, record in
      try longRecords.inTurn(record) {
        if blockStart == buffer.count { buffer.append(littleEndian: UInt64(0)) }
        RecordHeader.append(entry, to: &buffer)
        buffer.append(record)
        longestBlock = max(longestBlock, buffer.count - blockStart)
        if buffer.count - blockStart >= SegmentFileWriter.blockSize { endBlock(&blockStart) }
        if blockStart >= SegmentFileWriter.bufferSize {
          try flush(at: &position)
          blockStart = 0
          // What a long record took is given back.
          if buffer.capacity > 2 * SegmentFileWriter.bufferSize { buffer = ByteBuffer() }
        }
      }
    }
    endBlock(&blockStart)
    try flush(at: &position)
    byteCount = position
    let segment = FileSegment(
      file, start..<position, recordCount: counts.merged, longestBlock: longestBlock)
    return (segment, counts.duplicates)
  }

  /// Says in front of the block that begins at `start` how long it is, and begins another.
  private func endBlock(_ start: inout Int) {
    let end = buffer.count
    guard end > start else { return }
    let first = start + SegmentFileWriter.blockHeaderSize
    let checksum = buffer.withBytes { Checksum(of: $0.extracting(first..<end)) }
    var header = ByteBuffer(capacity: SegmentFileWriter.blockHeaderSize)
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
}
