import CloudTrail
import Segments
import TestSupport
import Testing

/// Sorting a batch against arrays that are sorted, cell by cell.
struct SortTests {
  private static let sources = SourceTable.made(count: 10)

  @Test func `each cell's records are in order, each text once, at the first of its places`() {
    #expect(
      faults("seed", in: UInt64(0)..<300) { seed in
        var source = RecordSource(seed: seed)
        let cellCount = source.random.within(1...4)
        let records = source.records(source.random.within(0...60), files: 10, cells: cellCount)
        let batch = try RecordBatch(records)
        let (ranges, dropped) = batch.sortAndDropCopies(Self.sources)

        let cells = Set(records.map(\.cell)).sorted()
        if ranges.map(\.cell) != cells { return "cells \(ranges.map(\.cell)), expected \(cells)" }
        var end = 0
        for range in ranges {
          if range.entries.lowerBound != end { return "cell \(range.cell) begins not at \(end)" }
          end = range.entries.upperBound
          let own = records.filter { $0.cell == range.cell }
          let model = MergeModel([MergeModel.Part(records: own)], Self.sources)
          let found = batch.entries[range.entries].map(batch.record)
          if let fault = difference(of: found, from: model.records) {
            return "cell \(range.cell): \(fault)"
          }
          let count = dropped[range.cell] ?? 0
          if count != model.duplicateCount {
            return "cell \(range.cell): \(count) dropped, expected \(model.duplicateCount)"
          }
        }
        return end == batch.entries.count ? nil : "entries after \(end) belong to no cell"
      } == [])
  }

  @Test func `one text in two cells is no copy`() throws {
    var source = RecordSource(seed: 1)
    var record = source.record()
    var other = record
    (record.cell, other.cell) = (1, 0)
    let batch = try RecordBatch([record, other])
    let (ranges, dropped) = batch.sortAndDropCopies(Self.sources)
    #expect(ranges.map(\.cell) == [0, 1] && ranges.map(\.entries) == [0..<1, 1..<2])
    #expect(dropped.isEmpty)
  }

  @Test func `an empty batch has no cells`() {
    let batch = RecordBatch(capacity: 1)
    let (ranges, dropped) = batch.sortAndDropCopies(Self.sources)
    #expect(ranges.isEmpty && dropped.isEmpty && batch.entries.isEmpty)
  }

  @Test func `many copies leave one, whatever their order`() {
    #expect(
      faults("seed", in: UInt64(0)..<30) { seed in
        var source = RecordSource(seed: seed)
        let record = source.record()
        let copies = (0..<50).map { number in
          var copy = record
          copy.place = SourcePlace(source: UInt32(number % 10), index: UInt32(number))
          return copy
        }
        let batch = try RecordBatch(copies.shuffled(using: &source.random))
        let (_, dropped) = batch.sortAndDropCopies(Self.sources)
        if dropped != [0: 49] { return "dropped \(dropped)" }
        return difference(of: batch.entries.map(\.place), from: [SourcePlace(source: 0, index: 0)])
      } == [])
  }
}
