import Bytes
import CloudTrail
import DequeModule
import Reading
import Segments
import Synchronization

/// A cell, by its number, and the segments that wait to be written to it.
typealias WaitingCell = (cell: UInt32, segments: [any Segment])

/// Where the batches of all workers come together: the segments that wait to be written, by cell.
///
/// Locked once a batch and once a unit, never once a record or file. When memory runs out, waiting
/// segments move to a run file.
final class Intake: Sendable {
  private struct State {
    var waiting: [UInt32: [any Segment]] = [:]
    /// Units that a cell waits for until it is ripe, and a lane until it is complete.
    var unitsOfCell: [UInt32: Int]
    var unitsOfLane: [UInt32: Int]
    /// Ripe cells, the first to get ripe first.
    var ripe: Deque<UInt32> = []
    /// Cells given to a worker to be written: two may not write one cell at once, so that what comes
    /// later for such a cell waits for the rest.
    var handedOut: Set<UInt32> = []
    var duplicateCounts: [UInt32: Int] = [:]

    /// What waits for a cell, unless there is nothing or the cell was handed out before.
    mutating func handOut(_ cell: UInt32) -> WaitingCell? {
      guard !handedOut.contains(cell), let segments = waiting.removeValue(forKey: cell) else {
        return nil
      }
      handedOut.insert(cell)
      return (cell, segments)
    }
  }

  let pool: BatchPool
  let sources: SourceTable
  private let cellsOfLane: [UInt32: Set<UInt32>]
  private let state: Mutex<State>

  init(_ plan: ReadingPlan, pool: BatchPool, sources: SourceTable) {
    self.pool = pool
    self.sources = sources
    cellsOfLane = plan.cellsOfLane
    state = Mutex(State(unitsOfCell: plan.unitsOfCell, unitsOfLane: plan.unitsOfLane))
  }

  /// Sorts a full batch and takes it apart into segments, one a cell.
  func seal(_ batch: RecordBatch) -> Sealed {
    let (ranges, dropped) = batch.sortAndDropCopies(sources)
    let lease = BatchLease(batch, pool)
    return Sealed(
      segments: ranges.map { ($0.cell, MemorySegment(batch, $0.entries, lease: lease)) },
      dropped: dropped)
  }

  /// Takes segments in.
  func add(_ sealed: Sealed) {
    state.withLock { state in
      for (cell, segment) in sealed.segments {
        state.waiting[cell, default: []].append(segment)
      }
      state.duplicateCounts.merge(sealed.dropped, uniquingKeysWith: +)
    }
  }

  /// Notes that a unit is read, and hands out the cells that are complete now.
  func finish(_ unit: ReadingPlan.Unit) -> [WaitingCell] {
    state.withLock { state in
      for cell in unit.cells {
        state.unitsOfCell[cell, default: 1] -= 1
        if state.unitsOfCell[cell] == 0 { state.ripe.append(cell) }
      }
      var complete: [WaitingCell] = []
      for lane in unit.lanes {
        state.unitsOfLane[lane, default: 1] -= 1
        guard state.unitsOfLane[lane] == 0 else { continue }
        for cell in (cellsOfLane[lane] ?? []).sorted() {
          if let next = state.handOut(cell) { complete.append(next) }
        }
      }
      return complete
    }
  }

  /// A ripe cell that is still waiting, to make room by writing it.
  func takeRipe() -> WaitingCell? {
    state.withLock { state in
      while let cell = state.ripe.popFirst() {
        if let next = state.handOut(cell) { return next }
      }
      return nil
    }
  }

  /// The cells still waiting when all is read, in the order of their numbers.
  func takeRest() -> [WaitingCell] {
    state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting.map { ($0.key, $0.value) }.sorted { $0.cell < $1.cell }
    }
  }

  /// Copies that were dropped when batches were sorted.
  var duplicateCount: Int { state.withLock { $0.duplicateCounts.values.reduce(0, +) } }

  /// Such copies by cell; the pseudo-cell of rejected records counts apart.
  func duplicateCount(cell: UInt32) -> Int { state.withLock { $0.duplicateCounts[cell] ?? 0 } }

  /// An empty batch.
  ///
  /// `runs`: Where what waits is spilled to when there is no memory left.
  /// `write`: Writes a ripe cell, which is cheaper than spilling it.
  func takeBatch(_ runs: SpillFile, _ write: (WaitingCell) throws -> Void) throws -> RecordBatch {
    while true {
      try StopSignal.check()
      let returnCount = pool.returns.changeCount
      if let batch = pool.take() { return batch }
      if let cell = takeRipe() {
        try write(cell)
      } else if try !spill(to: runs) {
        // All batches are with workers that are reading or writing. Who waits here holds none, so
        // those come back whatever this worker does, and at once when a signal or an error ends
        // their work.
        pool.returns.wait(after: returnCount)
      }
    }
  }

  /// Moves the waiting segments that are in memory to a run file.
  ///
  /// - Returns: Whether there were any.
  private func spill(to runs: SpillFile) throws -> Bool {
    let taken = state.withLock { state in
      var taken: [(cell: UInt32, segment: any Segment)] = []
      for cell in state.waiting.keys.sorted() {
        let segments = state.waiting[cell] ?? []
        taken += segments.filter { $0 is MemorySegment }.map { (cell, $0) }
        let rest = segments.filter { !($0 is MemorySegment) }
        state.waiting[cell] = rest.isEmpty ? nil : rest
      }
      return taken
    }
    guard !taken.isEmpty else { return false }
    add(try runs.write(taken, sources))
    return true
  }
}

/// One worker's way of handing on batches.
final class WorkerSupply: BatchSupply {
  private let intake: Intake
  private let runs: SpillFile
  private let write: (WaitingCell) throws -> Void
  /// Segments of a file whose fate is still open.
  private var parts = Sealed()

  init(
    _ intake: Intake, _ runs: SpillFile, write: @escaping (WaitingCell) throws -> Void
  ) {
    self.intake = intake
    self.runs = runs
    self.write = write
  }

  /// An empty batch.
  func next() throws -> RecordBatch { try intake.takeBatch(runs, write) }

  func exchange(_ batch: RecordBatch) throws -> RecordBatch {
    intake.add(intake.seal(batch))
    return try next()
  }

  func exchangePart(_ batch: RecordBatch) throws -> RecordBatch {
    parts.append(intake.seal(batch))
    if let next = intake.pool.take() { return next }
    // No memory left: what is known of this file so far goes to a run file of its own.
    try spillParts()
    return try next()
  }

  /// Moves the open parts to the disk; their batches are free when this returns, so that a worker
  /// that then waits for a batch holds none that another waits for.
  private func spillParts() throws {
    let inMemory = parts.segments.filter { $0.segment is MemorySegment }
    parts.segments.removeAll { $0.segment is MemorySegment }
    parts.append(
      try runs.write(inMemory.sorted { $0.cell < $1.cell }, intake.sources))
  }

  func keepParts() {
    intake.add(parts)
    parts = Sealed()
  }

  func dropParts() {
    parts = Sealed()
  }
}
