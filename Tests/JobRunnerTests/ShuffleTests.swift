import CloudTrail
import Segments
import TestSupport
import Testing

@testable import JobRunner

/// Which cell a worker may write, and when.
struct ShuffleTests {
  /// A segment on disk, known by how many records it has.
  private struct Spilled: Segment {
    var recordCount: Int
    var isWritten: Bool { false }

    func cursor() throws -> any RecordCursor {
      MemorySegment(RecordBatch(capacity: 1), 0..<0).cursor()
    }
  }

  private static let inMemory = MemorySegment(RecordBatch(capacity: 1), 0..<1)

  private static func sorted(_ cells: [(cell: UInt32, segment: any Segment)]) -> SortedSegments {
    var sorted = SortedSegments()
    sorted.cells = cells
    return sorted
  }

  /// Two units of one region: cell 1 waits for the first, cell 2 for both.
  private static let units = [
    ReadingPlan.Unit(cells: [1, 2], regions: [0: [1, 2]], lastCells: [1]),
    ReadingPlan.Unit(cells: [2], regions: [0: [2]], lastCells: [2], lastRegions: [0]),
  ]

  private static func expecting(_ units: [ReadingPlan.Unit] = units) -> Shuffle {
    let shuffle = Shuffle()
    for unit in units { shuffle.expect(unit) }
    return shuffle
  }

  /// What is final once a unit is read.
  private static func finish(_ unit: ReadingPlan.Unit, _ shuffle: Shuffle) -> [WaitingCell] {
    shuffle.finish(unit)
    var final: [WaitingCell] = []
    while let cell = shuffle.takeFinal() { final.append(cell) }
    return final
  }

  @Test func `a cell can be written once its units are read, and all of a region at its end`() {
    let shuffle = Self.expecting()
    shuffle.add(Self.sorted([(1, Spilled(recordCount: 1)), (2, Spilled(recordCount: 2))]))
    #expect(shuffle.takeComplete() == nil)
    #expect(Self.finish(Self.units[0], shuffle).isEmpty)
    #expect(shuffle.takeComplete()?.cell == 1)
    #expect(shuffle.takeComplete() == nil)
    shuffle.add(Self.sorted([(2, Spilled(recordCount: 3))]))
    let final = Self.finish(Self.units[1], shuffle)
    #expect(final.map(\.cell) == [2])
    #expect(final.flatMap(\.segments).map(\.recordCount) == [2, 3])
    #expect(shuffle.rest.isEmpty)
  }

  @Test func `a unit that is read before an earlier one waits for it`() {
    let shuffle = Self.expecting()
    shuffle.add(Self.sorted([(1, Spilled(recordCount: 1)), (2, Spilled(recordCount: 2))]))
    #expect(Self.finish(Self.units[1], shuffle).isEmpty)
    #expect(shuffle.takeComplete() == nil)
    #expect(Self.finish(Self.units[0], shuffle).map(\.cell) == [1, 2])
  }

  @Test func `a unit that more may follow leaves its cells and region open`() {
    let shuffle = Self.expecting([Self.units[0]])
    shuffle.add(Self.sorted([(2, Spilled(recordCount: 2))]))
    #expect(Self.finish(Self.units[0], shuffle).isEmpty)
    #expect(shuffle.takeComplete() == nil)
    shuffle.expect(Self.units[1])
    #expect(Self.finish(Self.units[1], shuffle).map(\.cell) == [2])
  }

  @Test func `what comes late for a cell that was taken waits for the rest`() {
    let shuffle = Self.expecting()
    shuffle.add(Self.sorted([(1, Spilled(recordCount: 1))]))
    shuffle.finish(Self.units[0])
    #expect(shuffle.takeComplete()?.cell == 1)
    shuffle.add(Self.sorted([(1, Spilled(recordCount: 7)), (9, Spilled(recordCount: 8))]))
    #expect(shuffle.takeComplete() == nil)
    #expect(Self.finish(Self.units[1], shuffle).isEmpty)
    #expect(shuffle.rest == [1, 9])
    let rest = [1, 9].flatMap { shuffle.takeRest(of: $0) }
    #expect(rest.map(\.recordCount) == [7, 8])
  }

  @Test func `only what is in memory is taken to be spilled, rejected records too`() {
    let shuffle = Shuffle()
    var sorted = Self.sorted([(5, Self.inMemory), (5, Spilled(recordCount: 2)), (3, Self.inMemory)])
    sorted.rejected = [(.insight, Self.inMemory), (.events, Spilled(recordCount: 4))]
    sorted.duplicateCount = 6
    shuffle.add(sorted)
    let taken = shuffle.takeInMemory()
    #expect(taken.cells.map(\.cell) == [3, 5])
    #expect(taken.rejected.map(\.family) == [.insight])
    #expect(taken.duplicateCount == 0, "the copies are counted already")
    #expect(shuffle.takeInMemory().isEmpty)
    #expect(shuffle.rest == [5])
    #expect(shuffle.takeRejected().mapValues(\.count) == [.events: 1])
    #expect(shuffle.duplicateCount == 6)
  }
}
