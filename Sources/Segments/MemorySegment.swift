import Bytes

/// A cell's records in a batch in memory.
public struct MemorySegment: Segment {
  public let batch: RecordBatch
  public let entries: Range<Int>
  /// Keeps the batch from being used again while the segment is there.
  private let lease: (any AnyObject & Sendable)?

  public init(
    _ batch: RecordBatch, _ entries: Range<Int>, lease: (any AnyObject & Sendable)? = nil
  ) {
    self.batch = batch
    self.entries = entries
    self.lease = lease
  }

  public var recordCount: Int { entries.count }
  public var isWritten: Bool { false }
  public var isInMemory: Bool { true }

  public func cursor() -> any RecordCursor {
    MemoryCursor(self)
  }
}

private final class MemoryCursor: RecordCursor {
  private let batch: RecordBatch
  private let end: Int
  private var position: Int
  private(set) var entry: Entry

  init(_ segment: MemorySegment) {
    batch = segment.batch
    position = segment.entries.lowerBound
    end = segment.entries.upperBound
    entry = segment.batch.entries[position]
  }

  func withRecord(_ body: (Span<UInt8>) throws -> Void) rethrows {
    try batch.withBytes { try body($0.extracting(entry.range)) }
  }

  func advance() -> Bool {
    position += 1
    guard position < end else { return false }
    entry = batch.entries[position]
    return true
  }
}
