import Bytes
import CloudTrail
import Segments

/// A segment in memory that can count as written before, or fail after some records.
struct FakeSegment: Segment {
  struct Failure: Error, Equatable {}

  var batch: RecordBatch
  var isWritten = false
  /// The record that cannot be read.
  var failsAt: Int?

  var recordCount: Int { batch.entries.count }

  func cursor() throws -> any RecordCursor {
    if failsAt == 0 { throw Failure() }
    return FakeCursor(self)
  }
}

private final class FakeCursor: RecordCursor {
  private let segment: FakeSegment
  private var position = 0

  init(_ segment: FakeSegment) {
    self.segment = segment
  }

  var entry: Entry { segment.batch.entries[position] }

  func withRecord(_ body: (Span<UInt8>) throws -> Void) rethrows {
    try segment.batch.withBytes { try body($0.extracting(entry.range)) }
  }

  func advance() throws -> Bool {
    position += 1
    if position == segment.failsAt { throw FakeSegment.Failure() }
    return position < segment.recordCount
  }
}
