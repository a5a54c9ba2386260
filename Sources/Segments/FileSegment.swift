public import Bytes
import CloudTrail

/// A segment in a file.
public struct FileSegment: Segment {
  let file: NamelessFile
  let range: Range<Int>
  public let recordCount: Int
  public let windowByteCount: Int

  init(_ file: NamelessFile, _ range: Range<Int>, recordCount: Int, longestBlock: Int) {
    self.file = file
    self.range = range
    self.recordCount = recordCount
    windowByteCount = longestBlock
  }

  public var isWritten: Bool { false }

  public func cursor() throws -> any RecordCursor {
    try FileSegmentCursor(self)
  }
}

/// Reads a segment block by block; each is checked before its first record is given.
private final class FileSegmentCursor: RecordCursor {
  private let segment: FileSegment
  private var block = ByteBuffer(capacity: SegmentFileWriter.blockSize + (4 << 10))
  /// Where the next block begins in the file.
  private var nextBlock: Int
  private var countLeft: Int
  private(set) var entry = Entry(
    RecordKey(contentOf: ByteBuffer().bytes), cell: 0, range: 0..<0, source: 0, index: 0)

  init(_ segment: FileSegment) throws {
    self.segment = segment
    nextBlock = segment.range.lowerBound
    countLeft = segment.recordCount
    guard try advance() else { throw damage("a segment without records") }
  }

  func withRecord(_ body: (Span<UInt8>) throws -> Void) rethrows {
    try block.withBytes { try body($0.extracting(entry.range)) }
  }

  func advance() throws -> Bool {
    var position = entry.range.upperBound
    if position == block.count {
      if nextBlock == segment.range.upperBound {
        guard countLeft == 0 else { throw damage("a segment lacks \(countLeft) records") }
        return false
      }
      try readBlock()
      position = 0
    }
    let next = block.withBytes { RecordHeader.entry($0, at: position) }
    guard let next else { throw damage("a record in the block before byte \(nextBlock)") }
    entry = next
    countLeft -= 1
    return true
  }

  private func readBlock() throws {
    let start = nextBlock
    block.removeAll()
    let headerSize = SegmentFileWriter.blockHeaderSize
    let left = segment.range.upperBound - start - headerSize
    guard left > 0, try segment.file.file.read(headerSize, at: start, into: &block) == headerSize
    else { throw damage("it ends at byte \(start)") }
    let byteCount = Int(block.bytes.number(at: 0, as: UInt32.self))
    let checksum = Checksum(value: block.bytes.number(at: 4))
    block.removeAll()
    guard (1...left).contains(byteCount),
      try segment.file.file.read(byteCount, at: start + headerSize, into: &block) == byteCount,
      Checksum(of: block.bytes) == checksum
    else { throw damage("the block at byte \(start) has another checksum") }
    nextBlock = start + headerSize + byteCount
  }

  private func damage(_ what: String) -> SegmentDamage {
    SegmentDamage(path: segment.file.file.path, what: what)
  }
}

/// A file of segments does not hold what was written into it.
public struct SegmentDamage: Error, CustomStringConvertible, Equatable {
  /// The name that the file had for a moment.
  public var path: Path
  public var what: String

  public var description: String { "\(path), a temporary file, is damaged (\(what)): run again" }
}
