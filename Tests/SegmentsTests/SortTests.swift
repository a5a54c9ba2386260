import CloudTrail
import Segments
import TestSupport
import Testing

/// Sorting a batch against arrays that are sorted, cell by cell.
struct SortTests {
  private static let sources = SourceTable.current(count: 10)

  @Test func `each cell's records are in order, each text once, at the first of its places`() {
    #expect(
      faults("seed", in: UInt64(0)..<300) { seed in
        var source = RecordSource(seed: seed)
        let cellCount = source.random.within(1...4)
        let records = source.records(source.random.within(0...60), files: 10, cells: cellCount)
        let batch = try RecordBatch(records)
        let sorted = batch.sortAndDropCopies()
        let ranges = sorted.cells

        let cells = Set(records.map(\.cell)).sorted()
        if ranges.map(\.cell) != cells { return "cells \(ranges.map(\.cell)), expected \(cells)" }
        var (end, dropped) = (0, 0)
        for range in ranges {
          if range.entries.lowerBound != end { return "cell \(range.cell) begins not at \(end)" }
          end = range.entries.upperBound
          let own = records.filter { $0.cell == range.cell }
          let model = MergeModel([MergeModel.Part(records: own)], Self.sources)
          let found = batch.entries[range.entries].map(batch.record)
          if let fault = difference(of: found, from: model.records) {
            return "cell \(range.cell): \(fault)"
          }
          dropped += model.duplicateCount
        }
        if sorted.duplicateCount != dropped {
          return "\(sorted.duplicateCount) dropped, expected \(dropped)"
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
    let sorted = batch.sortAndDropCopies()
    #expect(sorted.cells.map(\.cell) == [0, 1])
    #expect(sorted.cells.map(\.entries) == [0..<1, 1..<2])
    #expect(sorted.duplicateCount == 0)
  }

  @Test func `an empty batch has no cells`() {
    let batch = RecordBatch(capacity: 1)
    let sorted = batch.sortAndDropCopies()
    #expect(sorted.cells.isEmpty && sorted.rejected.isEmpty && sorted.duplicateCount == 0)
    #expect(batch.entries.isEmpty)
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
        let dropped = batch.sortAndDropCopies().duplicateCount
        if dropped != 49 { return "dropped \(dropped)" }
        return difference(of: batch.entries.map(\.place), from: [SourcePlace(source: 0, index: 0)])
      } == [])
  }

  @Test func `rejected records come after the events, by family, and count as no copies of them`()
    throws
  {
    var source = RecordSource(seed: 3)
    let event = source.record()
    let batch = try RecordBatch([event, event])
    for family in [Family.insight, .events, .insight] {
      batch.rejected.append(RejectedEntry(batch.entries[0], family: family))
    }
    batch.rejected[2].entry.place = SourcePlace(source: 0, index: 9)
    let sorted = batch.sortAndDropCopies()
    #expect(sorted.cells.map(\.entries) == [0..<1] && sorted.duplicateCount == 1)
    #expect(sorted.rejected.map(\.family) == [.events, .insight])
    #expect(sorted.rejected.map(\.entries) == [1..<2, 2..<3])
    #expect(batch.entries.count == 3 && batch.rejected.isEmpty)
  }
}
