import Bytes
import CloudTrail
import Foundation
import Segments
import TestSupport
import Testing

/// What is spilled must come back as it was, whatever its size, and as the merge of its parts.
struct SegmentFileTests {
  private static let sources = SourceTable.made(count: 10)

  private func withRun(_ body: (SegmentFileWriter) throws -> Void) throws {
    try TemporaryFolder.with { folder in
      let run = try SegmentFileWriter(Path(folder.appending("run")))
      #expect(try FileTree.read(folder.path).isEmpty, "the file has a name and could be left over")
      try body(run)
    }
  }

  private func append(
    _ segments: [any Segment], to run: SegmentFileWriter
  ) throws -> (segment: FileSegment, droppedCount: Int) {
    try run.append(merging: segments, Self.sources)
  }

  /// A batch of `records` in order, without copies.
  private func sorted(_ records: [MadeRecord]) throws -> RecordBatch {
    try RecordBatch(MergeModel([MergeModel.Part(records: records)], Self.sources).records)
  }

  @Test func `segments come back as the merge of their parts, however many are in one file`() throws
  {
    try withRun { run in
      var written: [(segment: FileSegment, expected: [MadeRecord])] = []
      for seed in UInt64(0)..<30 {
        var source = RecordSource(seed: seed)
        let parts = (0...source.random.within(0...4)).map { _ in
          source.records(source.random.within(1...20), files: 10)
        }
        let model = MergeModel(parts.map { MergeModel.Part(records: $0) }, Self.sources)
        let segments = try parts.map { part in
          let batch = try sorted(part)
          return MemorySegment(batch, 0..<batch.entries.count)
        }
        let keptCount = segments.reduce(0) { $0 + $1.recordCount }
        let (segment, droppedCount) = try append(segments, to: run)
        #expect(segment.recordCount == model.records.count, "seed \(seed)")
        #expect(droppedCount == keptCount - model.records.count, "seed \(seed)")
        #expect(!segment.isWritten)
        written.append((segment, model.records))
      }
      #expect(
        faults("segment", in: written.indices) { place in
          difference(of: try contents(of: written[place].segment), from: written[place].expected)
        } == [])
    }
  }

  /// A record of this many bytes, or of the fewest that it can have.
  private static func record(ofLength length: Int) -> MadeRecord {
    let text = #"{"eventTime":"2026-11-19T00:00:00Z","f":""}"#
    let filler = String(repeating: "y", count: max(0, length - text.utf8.count))
    return MadeRecord(
      time: 1_795_046_400_000_000_000, id: [],
      text: text.replacing(#""f":""#, with: #""f":""# + filler))
  }

  /// A block ends with the record that makes it 64 KiB long: records that end around its end, and
  /// records larger than it.
  @Test func `records of every length around the size of a block come back whole`() throws {
    try withRun { run in
      let block = 64 << 10
      let least = Self.record(ofLength: 0).text.utf8.count
      let lengths =
        [least, least + 1] + Array((block - 200)...(block + 2)) + [block * 3, least, 1 << 21]
      let records = lengths.enumerated().map { number, length in
        var record = Self.record(ofLength: length)
        record.place = SourcePlace(source: 0, index: UInt32(number))
        return record
      }
      for neighbours in [1, 2, 7] {
        for start in stride(from: 0, to: records.count, by: neighbours) {
          let some = Array(records[start..<min(start + neighbours, records.count)])
          let batch = try sorted(some)
          let (segment, _) = try append([MemorySegment(batch, 0..<batch.entries.count)], to: run)
          let expected = batch.entries.map(batch.record)
          let found = try contents(of: segment)
          #expect(
            found.map(\.text.utf8.count) == expected.map(\.text.utf8.count),
            "lengths from \(start) on")
          #expect(found == expected, "records from \(start) on")
        }
      }
    }
  }

  @Test func `place, kind and identity come back as they were`() throws {
    try withRun { run in
      var source = RecordSource(seed: 4)
      let batch = try sorted(source.records(40, files: 10))
      let (segment, _) = try append([MemorySegment(batch, 0..<batch.entries.count)], to: run)
      let cursor = try segment.cursor()
      for entry in batch.entries {
        let found = cursor.entry
        #expect(found.time == entry.time && found.place == entry.place)
        #expect(found.identity == entry.identity && found.identityKind == entry.identityKind)
        #expect(found.identityOffset == entry.identityOffset && found.length == entry.length)
        _ = try cursor.advance()
      }
    }
  }

  @Test func `times before 1970 and far ahead come back`() throws {
    try withRun { run in
      for seconds in [Int64.min, -1, 0, .max] {
        let text = Array("{}".utf8)
        var key = RecordKey(contentOf: text.span)
        key.time = EventTime(seconds: seconds, nanoseconds: 999_999_999)
        let batch = RecordBatch(capacity: 8)
        batch.bytes.append(text)
        batch.entries = [Entry(key, cell: 1, range: 0..<2, source: .max, index: .max)]
        let (segment, _) = try append([MemorySegment(batch, 0..<1)], to: run)
        let entry = try segment.cursor().entry
        #expect(entry.time == key.time)
        #expect(entry.place == SourcePlace(source: .max, index: .max))
      }
    }
  }

  @Test func `a segment that could not be written whole leaves the file as it was`() throws {
    try withRun { run in
      var source = RecordSource(seed: 5)
      let batch = try sorted(source.records(20, files: 10))
      let good = MemorySegment(batch, 0..<batch.entries.count)
      let (first, _) = try append([good], to: run)
      let byteCount = run.byteCount
      #expect(throws: FakeSegment.Failure()) {
        _ = try append([FakeSegment(batch: batch, failsAt: 5)], to: run)
      }
      #expect(run.byteCount == byteCount)
      let (second, _) = try append([good], to: run)
      let expected = batch.entries.map(batch.record)
      for segment in [first, second] {
        let found = try contents(of: segment)
        #expect(difference(of: found, from: expected) == nil)
      }
    }
  }

  /// The file without a name that had this one.
  private func reopened(_ name: Path) throws -> OpenFile {
    let open = "/proc/self/fd"
    let number = try FileManager.default.contentsOfDirectory(atPath: open).first { number in
      let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(open)/\(number)")
      return target == "\(name) (deleted)"
    }
    return try OpenFile(Path("\(open)/\(#require(number))"), .updating)
  }

  @Test func `every flipped bit is an error that names the file`() throws {
    try TemporaryFolder.with { folder in
      let path = Path(folder.appending("run"))
      let run = try SegmentFileWriter(path)
      var source = RecordSource(seed: 6)
      let batch = try sorted(source.records(4, files: 10))
      let (segment, _) = try append([MemorySegment(batch, 0..<batch.entries.count)], to: run)
      let file = try reopened(path)
      var whole = ByteBuffer()
      #expect(try file.read(run.byteCount, at: 0, into: &whole) == run.byteCount)
      #expect(
        faults("byte", in: 0..<run.byteCount) { place in
          let byte = whole.bytes[place]
          try file.write([byte ^ 1 << UInt8(place % 8)].span, at: place)
          defer { try? file.write([byte].span, at: place) }
          do {
            _ = try contents(of: segment)
            return "read as if nothing were wrong"
          } catch let error as SegmentDamage {
            return error.path == path ? nil : error.description
          }
        } == [])
      #expect(try contents(of: segment).count == batch.entries.count)
    }
  }

  @Test func `nothing gives a segment without records`() throws {
    try withRun { run in
      let (segment, droppedCount) = try append([], to: run)
      #expect(segment.recordCount == 0 && droppedCount == 0)
      let counts = try merge([segment], Self.sources) { _, _ in }
      #expect(counts == MergeCounts())
    }
  }
}
