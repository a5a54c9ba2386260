import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading
import Segments
import Synchronization
import Writing

/// What reading the files came to, beside the segments of their events.
struct MapOutput: Sendable {
  /// What became of the files.
  var tally = ReadingTally()
  /// The rejected records, sorted.
  var rejected: [Family: [any Segment]] = [:]
  /// Copies that were dropped before anything was written.
  var duplicateCount = 0
  /// What the cells came to that were written meanwhile.
  var written = WritingCounts()
}

/// Reads files into sorted segments, unit by unit on all workers.
struct Mapper: Sendable {
  fileprivate let context: RunContext
  fileprivate let options: ReadingOptions
  /// The reason for each count of filtered records, by index.
  fileprivate let filterReasons: [String]
  /// Writes the cells that are complete while others are still read.
  fileprivate let reducer: Reducer

  init(_ context: RunContext, whenComplete reducer: Reducer) {
    self.context = context
    self.reducer = reducer
    var options = ReadingOptions()
    options.maxInflated = context.job.maxInflated
    options.salvage = context.job.salvage
    options.filter = context.recordFilter
    options.hashesContent = context.job.validate
    self.options = options
    filterReasons = options.filter.reasons
  }

  /// Reads all files.
  ///
  /// - Throws: What stops the run: a full disk, `Stopped`.
  func map(_ inputs: NewInputs) throws -> MapOutput {
    let (meter, memory) = (context.meter, context.memory)
    meter.expect(
      fileCount: inputs.files.fileCount, storedByteCount: inputs.files.storedByteCount)
    meter.enter(.reading)
    let pool = BatchPool(capacity: memory.batchCapacity, limit: memory.batchCount)
    let shuffle = Shuffle()
    let plan = ReadingPlan(
      inputs.files, cells: reducer.cellTable, memory: memory, announcing: shuffle)
    let output = Mutex(MapOutput())
    try context.workers.forEach(
      of: { try plan.next() },
      with: { try MapWorker(self, inputs, shuffle, pool, number: $0) },
      { unit, worker in
        let (tally, written) = try worker.map(unit)
        meter.note(tally)
        output.withLock {
          $0.tally += tally
          $0.written += written
        }
      })
    let rest = try reducer.reduce(restOf: shuffle)
    return output.withLock { output in
      output.written += rest
      output.rejected = shuffle.takeRejected()
      output.duplicateCount = shuffle.duplicateCount
      return output
    }
  }
}

/// One worker's way through the units: it reads the files of one after the other, and writes the
/// cells that are complete then.
private final class MapWorker {
  private let mapper: Mapper
  private let inputs: NewInputs
  private let shuffle: Shuffle
  private let pool: BatchPool
  private let runs: SpillFile
  private let writer: CellWriter
  private var reader: FileReader
  /// The batch that the reader fills, while it has one.
  private var batch: RecordBatch?
  /// Segments of the file that is being read: whether it is taken is known at its end.
  private var parts = SortedSegments()

  private var sources: SourceTable { mapper.reducer.sources }

  init(
    _ mapper: Mapper, _ inputs: NewInputs, _ shuffle: Shuffle, _ pool: BatchPool, number: Int
  ) throws {
    (self.mapper, self.inputs, self.shuffle, self.pool) = (mapper, inputs, shuffle, pool)
    runs = try mapper.context.spillFile(number)
    writer = try mapper.reducer.cellWriter(number, runs)
    reader = try FileReader(options: mapper.options, cells: mapper.reducer.cellTable)
  }

  deinit {
    if let batch { pool.give(batch) }
  }

  func map(_ unit: ReadingPlan.Unit) throws -> (tally: ReadingTally, written: WritingCounts) {
    // Counts are shared once a unit. Of each file only its row for the ledger is, at once, so that what
    // is known of files need not be in memory.
    var tally = ReadingTally()
    for group in unit.groups {
      for file in group.files {
        try StopSignal.check()
        try note(try read(file, of: group), of: file, in: group, &tally)
      }
    }
    add(sortedBatch())
    shuffle.finish(unit)
    // A worker with nothing left to read helps to write the rest.
    while !unit.isLast, let cell = shuffle.takeFinal() { try write(cell) }
    return (tally, writer.takeCounts())
  }

  /// Notes what became of a file.
  private func note(
    _ outcome: FileOutcome, of file: FileGroup.File, in group: FileGroup,
    _ tally: inout ReadingTally
  ) throws {
    let source = group.source(of: file)
    tally.add(outcome, of: source, reasons: mapper.filterReasons)
    if outcome.error == nil, let skip = outcome.skip {
      mapper.context.meter.log.note("skipped \(printable(source)): \(skip.rawValue)")
    }
    var entry = LedgerEntry(source, file, group.facts, outcome)
    entry.modified = inputs.ledger.timeToKeep(file.modified)
    try inputs.ledger.note(entry, in: DeliverySlot(day: group.facts.delivery, source: source))
  }

  /// Reads one file, through as many batches as it fills.
  private func read(_ file: FileGroup.File, of group: FileGroup) throws -> FileOutcome {
    while true {
      let batch = try self.batch ?? nextBatch()
      self.batch = batch
      switch try reader.read(file, of: group, into: batch) {
      case .full(.wholeFiles): add(sortedBatch())
      case .full(.partOfFile):
        parts.append(sortedBatch())
        self.batch = pool.take()
        // What is known of the file so far goes to the disk: who waits for a batch may hold none that
        // another one waits for.
        if self.batch == nil { try spillParts() }
      case .full(.partOfRecord): try lengthen(batch)
      case .finished(let outcome):
        if outcome.isTaken && !parts.isEmpty { add(parts) }
        parts = SortedSegments()
        return outcome
      }
    }
  }

  /// Takes the batch from the reader and sorts it.
  private func sortedBatch() -> SortedSegments {
    guard let full = batch else { return SortedSegments() }
    batch = nil
    return SortedSegments(sorting: full, from: pool)
  }

  /// Hands segments on.
  ///
  /// Workers that wait for a batch are woken: they may write these segments to the disk.
  private func add(_ segments: SortedSegments) {
    shuffle.add(segments)
    pool.changes.announce()
  }

  /// Writes to the disk what is known of the file so far.
  private func spillParts() throws {
    parts.append(try runs.write(parts.takeInMemory(), sources))
  }

  /// An empty batch.
  private func nextBatch() throws -> RecordBatch {
    try makingRoom { pool.take() }
  }

  /// Makes the batch longer that a record fills alone.
  private func lengthen(_ batch: RecordBatch) throws {
    if pool.lengthen(batch) { return }
    // The batch that is longer now may be a part of this file.
    try spillParts()
    try makingRoom { pool.lengthen(batch) ? () : nil }
  }

  /// Asks for memory until there is some.
  ///
  /// When memory runs out a complete cell is written, which is cheaper than spilling it; with none
  /// left, all segments that wait go to the disk.
  private func makingRoom<Room>(_ ask: () -> Room?) throws -> Room {
    while true {
      try StopSignal.check()
      let changeCount = pool.changes.changeCount
      if let room = ask() { return room }
      if let cell = shuffle.takeComplete() {
        try write(cell)
        continue
      }
      let waiting = shuffle.takeInMemory()
      if waiting.isEmpty {
        // What is wanted is with workers that are reading or writing. None of them needs anything
        // that this worker has, so they give it back or hand it on, whatever this worker does, and at
        // once when a signal or an error ends their work.
        pool.changes.wait(after: changeCount)
      } else {
        add(try runs.write(waiting, sources))
      }
    }
  }

  private func write(_ waiting: WaitingCell) throws {
    try writer.write(mapper.reducer.cellTable.cell(waiting.cell), adding: waiting.segments)
  }
}
