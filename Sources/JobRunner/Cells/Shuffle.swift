import CloudTrail
import DequeModule
import Segments
import Synchronization

/// A cell, by its number, and the segments that wait to be written to it.
typealias WaitingCell = (cell: UInt32, segments: [any Segment])

/// Where the segments of all workers come together and wait, by cell.
///
/// Locked once a batch and once a unit, never once a record or file.
final class Shuffle: Sendable {
  /// Units that are being read, for a cell or an account's region.
  private struct Expected {
    var unitCount = 0
    /// Whether no other unit follows.
    var isLast = false
    /// The cells of a region.
    var cells: Set<UInt32> = []

    var isOver: Bool { unitCount == 0 && isLast }
  }

  private struct State {
    /// What waits, but for what is spilled.
    var waiting: [UInt32: [any Segment]] = [:]
    var spilled = SpilledSegments()
    var rejected: [Family: [any Segment]] = [:]
    /// What a cell waits for until it is complete, and an account's region until it is final.
    var cells: [UInt32: Expected] = [:]
    var regions: [UInt32: Expected] = [:]
    /// Final cells, the first to get final first.
    var final: Deque<UInt32> = []
    /// Complete cells, the first to get complete first.
    var complete: Deque<UInt32> = []
    /// Cells that a worker has taken to write them: two may not write one cell at once, so that what
    /// comes later for such a cell waits for the rest.
    var taken: Set<UInt32> = []
    var duplicateCount = 0

    /// Notes that all units are read which a cell waited for.
    mutating func complete(_ cell: UInt32) {
      cells[cell] = nil
      complete.append(cell)
    }

    /// What waits for the first of some cells for which anything does.
    mutating func takeFirst(of cells: WritableKeyPath<State, Deque<UInt32>>) -> WaitingCell? {
      while let cell = self[keyPath: cells].popFirst() {
        if let next = take(cell) { return next }
      }
      return nil
    }

    /// What waits for a cell, unless there is nothing or the cell was taken before.
    mutating func take(_ cell: UInt32) -> WaitingCell? {
      if taken.contains(cell) { return nil }
      let segments = takeWaiting(cell)
      if segments.isEmpty { return nil }
      taken.insert(cell)
      return (cell, segments)
    }

    mutating func takeWaiting(_ cell: UInt32) -> [any Segment] {
      spilled.take(cell) + (waiting.removeValue(forKey: cell) ?? [])
    }
  }

  private let state = Mutex(State())

  /// Notes that a unit will be read.
  ///
  /// To be called for one unit after the other, in the order of the files.
  func expect(_ unit: ReadingPlan.Unit) {
    state.withLock { state in
      for cell in unit.cells { state.cells[cell, default: Expected()].unitCount += 1 }
      for (region, cells) in unit.regions {
        state.regions[region, default: Expected()].unitCount += 1
        state.regions[region]?.cells.formUnion(cells)
      }
      for cell in unit.lastCells { state.cells[cell]?.isLast = true }
      for region in unit.lastRegions { state.regions[region]?.isLast = true }
    }
  }

  /// Takes segments in.
  func add(_ sorted: SortedSegments) {
    state.withLock { state in
      for (cell, segment) in sorted.cells {
        if let segment = segment as? FileSegment {
          state.spilled.append(segment, to: cell)
        } else {
          state.waiting[cell, default: []].append(segment)
        }
      }
      for (family, segment) in sorted.rejected {
        state.rejected[family, default: []].append(segment)
      }
      state.duplicateCount += sorted.duplicateCount
    }
  }

  /// Notes that a unit is read.
  func finish(_ unit: ReadingPlan.Unit) {
    state.withLock { state in
      for cell in unit.cells {
        state.cells[cell]?.unitCount -= 1
        if state.cells[cell]?.isOver == true { state.complete(cell) }
      }
      for region in unit.regions.keys {
        state.regions[region]?.unitCount -= 1
        guard state.regions[region]?.isOver == true else { continue }
        state.final += (state.regions.removeValue(forKey: region)?.cells ?? []).sorted()
      }
    }
  }

  /// A final cell that is still waiting, to be written.
  func takeFinal() -> WaitingCell? {
    state.withLock { $0.takeFirst(of: \.final) }
  }

  /// A complete cell that is still waiting, to make room by writing it.
  func takeComplete() -> WaitingCell? {
    state.withLock { $0.takeFirst(of: \.complete) }
  }

  /// The segments in memory, in the order of cells and families: to be written to disk and added again.
  func takeInMemory() -> SortedSegments {
    state.withLock { state in
      var taken = SortedSegments()
      for cell in state.waiting.keys.sorted() {
        let segments = state.waiting[cell] ?? []
        taken.cells += segments.filter(\.isInMemory).map { (cell, $0) }
        let rest = segments.filter { !$0.isInMemory }
        state.waiting[cell] = rest.isEmpty ? nil : rest
      }
      for family in Family.allCases {
        let segments = state.rejected[family] ?? []
        taken.rejected += segments.filter(\.isInMemory).map { (family, $0) }
        let rest = segments.filter { !$0.isInMemory }
        state.rejected[family] = rest.isEmpty ? nil : rest
      }
      return taken
    }
  }

  /// The numbers of the cells still waiting when all is read, in order.
  var rest: [UInt32] {
    state.withLock { Set($0.waiting.keys).union($0.spilled.cells).sorted() }
  }

  /// What still waits for a cell when all is read.
  func takeRest(of cell: UInt32) -> [any Segment] {
    state.withLock { $0.takeWaiting(cell) }
  }

  /// The rejected records of all files that are read.
  func takeRejected() -> [Family: [any Segment]] {
    state.withLock { state in
      defer { state.rejected = [:] }
      return state.rejected
    }
  }

  /// Copies of events that were dropped when batches were sorted or spilled.
  var duplicateCount: Int { state.withLock(\.duplicateCount) }
}
