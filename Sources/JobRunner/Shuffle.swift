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
  private struct State {
    var waiting: [UInt32: [any Segment]] = [:]
    var rejected: [Family: [any Segment]] = [:]
    /// Units that a cell waits for until it is complete, and an account's region until it is final.
    var unitsOfCell: [UInt32: Int]
    var unitsOfRegion: [UInt32: Int]
    /// Complete cells, the first to get complete first.
    var complete: Deque<UInt32> = []
    /// Cells that a worker has taken to write them: two may not write one cell at once, so that what
    /// comes later for such a cell waits for the rest.
    var taken: Set<UInt32> = []
    var duplicateCount = 0

    /// What waits for a cell, unless there is nothing or the cell was taken before.
    mutating func take(_ cell: UInt32) -> WaitingCell? {
      guard !taken.contains(cell), let segments = waiting.removeValue(forKey: cell) else {
        return nil
      }
      taken.insert(cell)
      return (cell, segments)
    }
  }

  private let cellsOfRegion: [UInt32: Set<UInt32>]
  private let state: Mutex<State>

  init(expecting plan: ReadingPlan) {
    cellsOfRegion = plan.cellsOfRegion
    state = Mutex(State(unitsOfCell: plan.unitsOfCell, unitsOfRegion: plan.unitsOfRegion))
  }

  /// Takes segments in.
  func add(_ sorted: SortedSegments) {
    state.withLock { state in
      for (cell, segment) in sorted.cells { state.waiting[cell, default: []].append(segment) }
      for (family, segment) in sorted.rejected {
        state.rejected[family, default: []].append(segment)
      }
      state.duplicateCount += sorted.duplicateCount
    }
  }

  /// Notes that a unit is read.
  ///
  /// - Returns: The cells that are final now.
  func finish(_ unit: ReadingPlan.Unit) -> [WaitingCell] {
    state.withLock { state in
      for cell in unit.cells {
        state.unitsOfCell[cell, default: 1] -= 1
        if state.unitsOfCell[cell] == 0 { state.complete.append(cell) }
      }
      var final: [WaitingCell] = []
      for region in unit.regions {
        state.unitsOfRegion[region, default: 1] -= 1
        guard state.unitsOfRegion[region] == 0 else { continue }
        for cell in (cellsOfRegion[region] ?? []).sorted() {
          if let next = state.take(cell) { final.append(next) }
        }
      }
      return final
    }
  }

  /// A complete cell that is still waiting, to make room by writing it.
  func takeComplete() -> WaitingCell? {
    state.withLock { state in
      while let cell = state.complete.popFirst() {
        if let next = state.take(cell) { return next }
      }
      return nil
    }
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

  /// The cells still waiting when all is read, in the order of their numbers.
  func takeRest() -> [WaitingCell] {
    state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting.map { ($0.key, $0.value) }.sorted { $0.cell < $1.cell }
    }
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
