import Bytes
import Dispatch
import Segments
import Synchronization
import TestSupport
import Testing

/// What long records take must not grow with their number, or with that of the threads.
struct LongRecordTests {
  @Test func `one batch at a time is longer than others, until it comes back`() {
    let pool = BatchPool(capacity: 1000, limit: 3)
    guard let first = pool.take(), let second = pool.take() else {
      Issue.record("the pool has no batches")
      return
    }
    #expect(pool.lengthen(first) && first.bytes.capacity == 2000)
    #expect(!pool.lengthen(second) && second.bytes.capacity == 1000)
    #expect(pool.lengthen(first) && first.bytes.capacity == 4000)
    pool.give(first)
    #expect(pool.lengthen(second) && second.bytes.capacity == 2000)
    pool.give(second)
    // A new one takes the place of each: long batches are not kept.
    let taken = (0..<4).compactMap { _ in pool.take() }
    #expect(taken.map { $0.bytes.capacity } == [1000, 1000, 1000])
  }

  @Test func `segments of long records are merged two at a time, and come out as all at once`()
    throws
  {
    try TemporaryFolder.with { folder in
      let sources = SourceTable.made(count: 10)
      let runs = SpillFile(Path(folder.appending("runs")), mergeWidth: 64)
      var segments: [any Segment] = []
      for second in (0..<4).reversed() {
        let batch = try RecordBatch([longRecord(3 << 20, atSecond: second)])
        segments.append(try runs.merged([MemorySegment(batch, 0..<1)], sources).segment)
      }
      let (left, droppedCount) = try runs.mergePasses(over: segments, sources)
      #expect(left.count == 2 && droppedCount == 0)
      var found: [String] = []
      _ = try merge(left, sources) { _, record in
        found.append("\(record.extracting(0..<40).text()) \(record.count)")
      }
      let expected = (0..<4).map { second in
        let text = longRecord(3 << 20, atSecond: second).text
        return "\(text.prefix(40)) \(text.utf8.count)"
      }
      #expect(found == expected)
    }
  }

  @Test func `work with long records is done by one worker at a time`() throws {
    try TemporaryFolder.with { folder in
      let sources = SourceTable.made(count: 10)
      let longRecords = LongRecords()
      let runs = SpillFile(
        Path(folder.appending("runs")), mergeWidth: 64, longRecords: longRecords)
      let batch = try RecordBatch([longRecord(5 << 20, atSecond: 0)])
      let (segment, _) = try runs.merged([MemorySegment(batch, 0..<1)], sources)
      let working = Atomic(0)
      let most = Atomic(0)
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        let own = SpillFile(
          Path(folder.appending("runs-\(number)")), mergeWidth: 64, longRecords: longRecords)
        own.takingTurns(over: [segment]) {
          let count = working.add(1, ordering: .sequentiallyConsistent).newValue
          most.max(count, ordering: .sequentiallyConsistent)
          DispatchSemaphore(value: 0).pause(milliseconds: 2)
          working.subtract(1, ordering: .sequentiallyConsistent)
        }
      }
      #expect(most.load(ordering: .sequentiallyConsistent) == 1)
    }
  }
}

extension LongRecordTests {
  @Test func `work with one long record may be a part of work with several`() {
    let longRecords = LongRecords()
    let record = [UInt8](repeating: 0x20, count: LongRecords.length + 1)
    var count = 0
    longRecords.oneAtATime {
      for _ in 0..<2 { longRecords.inTurn(record.span) { count += 1 } }
    }
    longRecords.inTurn(record.span) { count += 1 }
    #expect(count == 3)
  }

  @Test func `only a record that is long waits on disk, and leaves no file`() throws {
    try TemporaryFolder.with { folder in
      let longRecords = LongRecords { Path(folder.appending("long")) }
      let bytes = (0...LongRecords.waitingLength).map { UInt8(truncatingIfNeeded: $0) }
      #expect(try longRecords.onDisk(bytes.span.extracting(first: bytes.count - 1)) == nil)
      #expect(try LongRecords().onDisk(bytes.span) == nil)
      let kept = try [longRecords.onDisk(bytes.span), longRecords.onDisk(bytes.span)]
      for bytesOnDisk in kept {
        #expect(bytesOnDisk?.withBytes { $0.copied() } == bytes)
        #expect(bytesOnDisk?.withBytes { $0.copied() } == bytes)
      }
      #expect(try FileTree.read(folder.path).isEmpty)
    }
  }
}

private func longRecord(_ byteCount: Int, atSecond second: Int) -> MadeRecord {
  let filler = String(repeating: "y", count: byteCount)
  return MadeRecord(
    time: (1_795_046_400 + second) * 1_000_000_000, id: [],
    text: #"{"eventTime":"2026-11-19T00:00:0\#(second)Z","f":"\#(filler)"}"#)
}

extension DispatchSemaphore {
  fileprivate func pause(milliseconds: Int) {
    _ = wait(timeout: .now() + .milliseconds(milliseconds))
  }
}
