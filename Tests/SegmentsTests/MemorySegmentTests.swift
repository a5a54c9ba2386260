import CloudTrail
import Segments
import TestSupport
import Testing

struct MemorySegmentTests {
  @Test func `every range of a batch is read from its first record to its last`() throws {
    var source = RecordSource(seed: 1)
    let records = source.records(9, files: 3)
    let batch = try RecordBatch(records)
    let ranges = (0..<records.count).flatMap { start in
      (start + 1...records.count).map { start..<$0 }
    }
    #expect(
      faults("range", in: ranges) { range in
        let segment = MemorySegment(batch, range)
        if segment.recordCount != range.count { return "counts \(segment.recordCount)" }
        return difference(of: try contents(of: segment), from: Array(records[range]))
      } == [])
  }

  @Test func `cursors on one segment do not move one another`() throws {
    var source = RecordSource(seed: 2)
    let records = source.records(3, files: 3)
    let segment = MemorySegment(try RecordBatch(records), 0..<3)
    let (first, second) = (segment.cursor(), segment.cursor())
    #expect(try first.advance())
    #expect(first.record == records[1] && second.record == records[0])
  }

  @Test func `what it holds on to is let go with its last copy`() throws {
    final class Lease: Sendable {}
    var source = RecordSource(seed: 3)
    let batch = try RecordBatch(source.records(1, files: 1))
    weak var lease: Lease?
    do {
      let held = Lease()
      lease = held
      var segments = [MemorySegment(batch, 0..<1, lease: held)]
      segments += segments
      segments.removeFirst()
      #expect(lease != nil)
      withExtendedLifetime(segments) {}
    }
    #expect(lease == nil)
  }

  @Test func `its records were not counted as written before`() {
    #expect(!MemorySegment(RecordBatch(capacity: 1), 0..<0).isWritten)
  }
}

/// All records of a segment that has some.
func contents(of segment: any Segment) throws -> [MadeRecord] {
  let cursor = try segment.cursor()
  var records = [cursor.record]
  while try cursor.advance() { records.append(cursor.record) }
  return records
}

extension RecordCursor {
  /// The record under the cursor.
  var record: MadeRecord {
    var record: MadeRecord?
    withRecord { record = MadeRecord(entry, $0) }
    return record ?? MadeRecord(time: 0, id: [], text: "")
  }
}
