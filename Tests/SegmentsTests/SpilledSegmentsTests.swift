import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

/// Segments that wait on disk are a few numbers each: they must come back as the same ones, in their
/// order, whatever was taken meanwhile.
struct SpilledSegmentsTests {
  private static let sources = SourceTable.made(count: 1)

  /// Segments of one record each, in turn in one of `files`, and the records' texts.
  private static func segments(
    _ count: Int, in files: [SegmentFileWriter]
  ) throws -> [(segment: FileSegment, text: String)] {
    var source = RecordSource(seed: 1)
    return try source.records(count, files: 1).enumerated().map { number, record in
      let segment = MemorySegment(try RecordBatch([record]), 0..<1)
      let file = files[number % files.count]
      return (try file.append(merging: [segment], sources).segment, record.text)
    }
  }

  @Test func `each cell gets back its own, in the order in which they came`() throws {
    try TemporaryFolder.with { folder in
      let files = try ["a", "b"].map { try SegmentFileWriter(Path(folder.appending($0))) }
      let made = try Self.segments(40, in: files)
      for seed in UInt64(0)..<50 {
        var random = SeededGenerator(seed: seed)
        var spilled = SpilledSegments()
        var model: [UInt32: [String]] = [:]
        for _ in 0..<200 {
          let cell = UInt32(random.within(0...6))
          if random.oneIn(3) {
            let taken = try spilled.take(cell).flatMap { try contents(of: $0) }.map(\.text)
            let expected = model.removeValue(forKey: cell) ?? []
            #expect(taken == expected, "seed \(seed)")
          } else {
            let number = random.within(0...(made.count - 1))
            spilled.append(made[number].segment, to: cell)
            model[cell, default: []].append(made[number].text)
          }
          #expect(Set(spilled.cells) == Set(model.keys), "seed \(seed)")
        }
      }
    }
  }

  @Test func `how much a segment holds is known again`() throws {
    try TemporaryFolder.with { folder in
      let made = try Self.segments(1, in: [SegmentFileWriter(Path(folder.appending("a")))])
      var spilled = SpilledSegments()
      spilled.append(made[0].segment, to: 7)
      let taken = spilled.take(7)
      #expect(taken.map(\.recordCount) == [1])
      #expect(taken.map(\.windowByteCount) == made.map(\.segment.windowByteCount))
      #expect(spilled.take(7).isEmpty)
    }
  }
}
