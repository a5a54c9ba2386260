import Bytes
import CloudTrail
import Reading
import Segments
import Writing

/// What reading the files came to, beside the segments of their events.
struct MapOutput: Sendable {
  /// What became of each file, by its number.
  var outcomes: [FileOutcome] = []
  /// The rejected records, sorted.
  var rejected: [Family: [any Segment]] = [:]
  /// Copies that were dropped before anything was written.
  var duplicateCount = 0
  /// What the cells came to that were written meanwhile.
  var written = WritingCounts()
}

/// Reads files into sorted segments, unit by unit on all workers.
struct Mapper: Sendable {
  let options: ReadingOptions
  let files: [InputFile]
  let list: FileList
  let cellTable: CellTable
  let sources: SourceTable
  let memory: MemoryPlan
  let writing: WritingContext
  let meter: ProgressMeter

  /// Reads all units; cells that get complete meanwhile are written.
  ///
  /// - Throws: What stops the run: a full disk, `Stopped`.
  func map(
    _ plan: ReadingPlan, into shuffle: Shuffle, on workers: Workers
  ) throws -> MapOutput {
    let pool = BatchPool(capacity: memory.batchCapacity, limit: memory.batchCount)
    let units = try workers.map(
      plan.units.count, with: { try MapWorker(self, shuffle, pool, number: $0) },
      { unit, worker in try worker.map(plan.units[unit]) })
    // Units follow one another in the list of files, and their outcomes do too.
    return MapOutput(
      outcomes: units.flatMap(\.outcomes), rejected: shuffle.takeRejected(),
      duplicateCount: shuffle.duplicateCount,
      written: units.map(\.written).reduce(into: WritingCounts(), +=))
  }
}

/// One worker's way through the units: it reads the files of one after the other, and writes the
/// cells that are complete then.
private final class MapWorker {
  private let mapper: Mapper
  private let shuffle: Shuffle
  private let pool: BatchPool
  private let runs: SpillFile
  private let writer: CellWriter
  private var reader: FileReader
  /// The batch that the reader fills, while it has one.
  private var batch: RecordBatch?
  /// Segments of the file that is being read: whether it is taken is known at its end.
  private var parts = SortedSegments()

  init(_ mapper: Mapper, _ shuffle: Shuffle, _ pool: BatchPool, number: Int) throws {
    (self.mapper, self.shuffle, self.pool) = (mapper, shuffle, pool)
    runs = try mapper.writing.spillFile(number)
    writer = try mapper.writing.cellWriter(number, runs)
    reader = try FileReader(options: mapper.options, cells: mapper.cellTable)
  }

  deinit {
    if let batch { pool.give(batch) }
  }

  func map(
    _ unit: ReadingPlan.Unit
  ) throws -> (outcomes: [FileOutcome], written: WritingCounts) {
    // Shared counters are touched once a unit: a lock for each file would not scale.
    var outcomes: [FileOutcome] = []
    outcomes.reserveCapacity(unit.files.count)
    for number in unit.files {
      try StopSignal.check()
      outcomes.append(try read(number))
    }
    mapper.meter.note(outcomes)
    shuffle.add(sortedBatch())
    for cell in shuffle.finish(unit) { try write(cell) }
    return (outcomes, writer.takeCounts())
  }

  /// Reads one file, through as many batches as it fills.
  private func read(_ number: Int) throws -> FileOutcome {
    while true {
      let batch = try self.batch ?? nextBatch()
      self.batch = batch
      let step = try reader.read(
        mapper.files[number], number: UInt32(number), in: mapper.list, into: batch)
      switch step {
      case .full(.wholeFiles): shuffle.add(sortedBatch())
      case .full(.partOfFile):
        parts.append(sortedBatch())
        self.batch = pool.take()
        // What is known of the file so far goes to the disk: who waits for a batch may hold none that
        // another one waits for.
        if self.batch == nil { parts.append(try runs.write(parts.takeInMemory(), mapper.sources)) }
      case .finished(let outcome):
        if outcome.isTaken && !parts.isEmpty { shuffle.add(parts) }
        parts = SortedSegments()
        return outcome
      }
    }
  }

  /// The records of the batch, which is the reader's no more.
  private func sortedBatch() -> SortedSegments {
    guard let full = batch else { return SortedSegments() }
    batch = nil
    return SortedSegments(sorting: full, from: pool, mapper.sources)
  }

  /// An empty batch.
  ///
  /// When memory runs out a complete cell is written, which is cheaper than spilling it; with none
  /// left, all segments that wait go to the disk.
  private func nextBatch() throws -> RecordBatch {
    while true {
      try StopSignal.check()
      let returnCount = pool.returns.changeCount
      if let batch = pool.take() { return batch }
      if let cell = shuffle.takeComplete() {
        try write(cell)
        continue
      }
      let waiting = shuffle.takeInMemory()
      if waiting.isEmpty {
        // All batches are with workers that are reading or writing. Who waits here holds none, so
        // those come back whatever this worker does, and at once when a signal or an error ends
        // their work.
        pool.returns.wait(after: returnCount)
      } else {
        shuffle.add(try runs.write(waiting, mapper.sources))
      }
    }
  }

  private func write(_ waiting: WaitingCell) throws {
    try writer.write(mapper.cellTable.cell(waiting.cell), adding: waiting.segments)
  }
}
