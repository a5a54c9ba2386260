import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

/// Merging against an array that is sorted.
struct MergeTests {
  private static let sources = SourceTable.made(count: 10)

  /// Parts as sorting leaves them, some of them written before: a text is written once at most.
  private static func parts(seed: UInt64) -> [MergeModel.Part] {
    var source = RecordSource(seed: seed)
    var written: Set<String> = []
    return (0..<source.random.pick([0, 1, 2, 3, 5, 9, 40])).map { _ in
      let isWritten = source.random.oneIn(3)
      var records = MergeModel(
        [MergeModel.Part(records: source.records(source.random.within(0...30), files: 10))], sources
      ).records
      if isWritten { records.removeAll { !written.insert($0.text).inserted } }
      return MergeModel.Part(records: records, isWritten: isWritten)
    }
  }

  private static func segments(_ parts: [MergeModel.Part]) throws -> [any Segment] {
    try parts.map { FakeSegment(batch: try RecordBatch($0.records), isWritten: $0.isWritten) }
  }

  @Test func `any segments come out in order, each text once, at the first of its places`() {
    #expect(
      faults("seed", in: UInt64(0)..<400) { seed in
        let parts = Self.parts(seed: seed)
        let model = MergeModel(parts, Self.sources)
        var merged: [MadeRecord] = []
        let counts = try merge(try Self.segments(parts), Self.sources) {
          merged.append(MadeRecord($0, $1))
        }
        if let fault = difference(of: merged, from: model.records) { return fault }
        if counts.merged != merged.count { return "counts \(counts.merged) of \(merged.count)" }
        if counts.duplicates != model.duplicateCount {
          return "\(counts.duplicates) duplicates, expected \(model.duplicateCount)"
        }
        if counts.added != model.addedCount {
          return "\(counts.added) added, expected \(model.addedCount)"
        }
        return counts.moved == model.movedCount
          ? nil : "\(counts.moved) moved, expected \(model.movedCount)"
      } == [])
  }

  @Test func `the order of the segments has no influence`() {
    #expect(
      faults("seed", in: UInt64(0)..<100) { seed in
        let segments = try Self.segments(Self.parts(seed: seed))
        let expected = try Self.merged(segments)
        var random = SeededGenerator(seed: seed)
        return difference(of: try Self.merged(segments.shuffled(using: &random)), from: expected)
      } == [])
  }

  @Test func `merging in rounds gives what merging at once gives`() {
    #expect(
      faults("seed", in: UInt64(0)..<100) { seed in
        let segments = try Self.segments(Self.parts(seed: seed))
        let cut = segments.isEmpty ? 0 : Int(seed) % segments.count
        let first = FakeSegment(batch: try RecordBatch(try Self.merged(Array(segments[..<cut]))))
        let rounds = try Self.merged([first] + segments[cut...])
        return difference(of: rounds, from: try Self.merged(segments))
      } == [])
  }

  private static func merged(_ segments: [any Segment]) throws -> [MadeRecord] {
    var merged: [MadeRecord] = []
    _ = try merge(segments, sources) { merged.append(MadeRecord($0, $1)) }
    return merged
  }

  // MARK: Places

  @Test func `the first path wins, wherever its copy is, and of one file the first record`() throws
  {
    var source = RecordSource(seed: 1)
    let record = source.record()
    // By path the files are 0, 3, 6, 9, 2, 5, 8, 1, 4, 7.
    let places = [(4, 0), (3, 9), (3, 2), (8, 0), (6, 1)]
    for turn in places.indices {
      let turned = Array(places[turn...] + places[..<turn])
      let segments = try turned.map { file, index in
        var copy = record
        copy.place = SourcePlace(source: UInt32(file), index: UInt32(index))
        return FakeSegment(batch: try RecordBatch([copy]))
      }
      let merged = try Self.merged(segments)
      #expect(merged.map(\.place) == [SourcePlace(source: 3, index: 2)], "turn \(turn)")
    }
  }

  // MARK: Edges

  @Test func `nothing gives nothing, and an empty segment is not opened`() throws {
    #expect(try Self.merged([]).isEmpty)
    let empty = FakeSegment(batch: RecordBatch(capacity: 1), failsAt: 0)
    #expect(try Self.merged([empty, empty]).isEmpty)
  }

  @Test func `an error of a segment ends the merge and is not lost`() throws {
    var source = RecordSource(seed: 2)
    let records = MergeModel(
      [MergeModel.Part(records: source.records(40, files: 10))], Self.sources
    ).records
    for failsAt in 0..<records.count {
      let segments = [
        FakeSegment(batch: try RecordBatch(records), failsAt: failsAt),
        FakeSegment(batch: try RecordBatch(records)),
      ]
      for segments in [segments, segments.reversed()] {
        #expect(throws: FakeSegment.Failure()) { try Self.merged(segments) }
      }
    }
  }

  @Test func `an error of the reader of the records ends the merge at once`() throws {
    struct Full: Error {}
    var source = RecordSource(seed: 3)
    let segment = FakeSegment(batch: try RecordBatch([source.record()]))
    var seenCount = 0
    #expect(throws: Full.self) {
      _ = try merge([segment, segment], Self.sources) { _, _ in
        seenCount += 1
        throw Full()
      }
    }
    #expect(seenCount == 1)
  }
}
