import Bytes
import CloudTrail
import Merging
import Reading
import Synchronization

/// Segments by cell, and how many copies were dropped while they were made.
struct Sealed {
  var segments: [(cell: UInt32, segment: any Segment)] = []
  var dropped: [UInt32: Int] = [:]

  mutating func append(_ other: Sealed) {
    segments += other.segments
    dropped.merge(other.dropped, uniquingKeysWith: +)
  }
}

/// Where the batches of all workers come together: the segments that wait to be written, by cell.
///
/// Locked once a batch and once a unit, never once a record or file. When memory runs out, waiting
/// segments move to a run file.
final class Intake: Sendable {
  private struct State {
    var waiting: [UInt32: [any Segment]] = [:]
    var unitsLeft: [UInt32: Int]
    var duplicateCounts: [UInt32: Int] = [:]
  }

  let pool: BatchPool
  let sources: SourceTable
  private let state: Mutex<State>

  init(_ plan: ReadingPlan, pool: BatchPool, sources: SourceTable) {
    self.pool = pool
    self.sources = sources
    state = Mutex(State(unitsLeft: plan.unitCounts))
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

  /// Notes that a unit is read, and hands out the cells that waited for nothing else.
  func finishUnit(_ cells: [UInt32]) -> [(cell: UInt32, segments: [any Segment])] {
    state.withLock { state in
      var ready: [(cell: UInt32, segments: [any Segment])] = []
      for cell in cells {
        let left = (state.unitsLeft[cell] ?? 1) - 1
        state.unitsLeft[cell] = left
        if left == 0, let segments = state.waiting.removeValue(forKey: cell) {
          ready.append((cell, segments))
        }
      }
      return ready
    }
  }

  /// The cells still waiting when all is read, in the order of their numbers.
  func takeRest() -> [(cell: UInt32, segments: [any Segment])] {
    state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting.map { ($0.key, $0.value) }.sorted { $0.cell < $1.cell }
    }
  }

  /// Copies that were dropped when batches were sorted.
  var duplicateCount: Int { state.withLock { $0.duplicateCounts.values.reduce(0, +) } }

  /// Such copies by cell; the pseudo-cell of rejected records counts apart.
  func duplicateCount(cell: UInt32) -> Int { state.withLock { $0.duplicateCounts[cell] ?? 0 } }

  /// An empty batch; makes room by spilling what waits to `runs` if there is none.
  func takeBatch(_ runs: SpillFile) throws -> RecordBatch {
    while true {
      if let batch = pool.take() { return batch }
      if try spill(to: runs) { continue }
      // All batches are with workers that are writing cells: they come back by themselves.
      Clock.sleep(milliseconds: 1)
      if StopSignal.number != nil { throw Stopped() }
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

/// One worker's run file, made when memory first runs out.
final class SpillFile {
  private let path: Path
  private var run: RunFile?
  private var buffer = ByteBuffer()

  init(_ path: Path) {
    self.path = path
  }

  /// Writes segments, those of one cell merged into one.
  ///
  /// - Parameter segments: In the order of their cells.
  func write(
    _ segments: [(cell: UInt32, segment: any Segment)], _ sources: SourceTable
  ) throws -> Sealed {
    var written = Sealed()
    var next = 0
    while next < segments.count {
      let cell = segments[next].cell
      let end = segments[next...].firstIndex { $0.cell != cell } ?? segments.count
      let (segment, dropped) = try merged(segments[next..<end].map(\.segment), sources)
      written.segments.append((cell, segment))
      if dropped > 0 { written.dropped[cell, default: 0] += dropped }
      next = end
    }
    return written
  }

  /// Merges segments of one cell into one on disk.
  func merged(
    _ segments: [any Segment], _ sources: SourceTable
  ) throws -> (segment: RunSegment, droppedCount: Int) {
    try open().append(merging: segments, sources, &buffer)
  }

  private func open() throws -> RunFile {
    if let run { return run }
    try FileSystem.createFolders(path.parent)
    let made = try RunFile(path)
    run = made
    return made
  }
}

/// Thrown where a run notices that it was told to stop.
struct Stopped: Error {}

/// One worker's way of handing on batches.
final class WorkerSupply: BatchSupply {
  private let intake: Intake
  private let runs: SpillFile
  /// Segments of a file whose fate is still open.
  private var parts = Sealed()

  init(_ intake: Intake, _ runs: SpillFile) {
    self.intake = intake
    self.runs = runs
  }

  func exchange(_ batch: RecordBatch) throws -> RecordBatch {
    intake.add(intake.seal(batch))
    return try intake.takeBatch(runs)
  }

  func exchangePart(_ batch: RecordBatch) throws -> RecordBatch {
    parts.append(intake.seal(batch))
    if let next = intake.pool.take() { return next }
    // No memory left: what is known of this file so far goes to a run file of its own.
    try spillParts()
    return try intake.takeBatch(runs)
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
