import Bytes
import CloudTrail
import Dataset
import Segments
import Synchronization
import Writing

/// Merges the segments of cells with what the dataset holds of them, and writes the outputs.
struct Reducer: Sendable {
  let context: RunContext
  let cellTable = CellTable()
  let sources: SourceTable
  /// The cells as the run leaves them.
  let cells: WrittenCells

  /// Makes room for what will be written.
  init(_ context: RunContext, _ sources: SourceTable) throws {
    self.context = context
    self.sources = sources
    try FileSystem.createFolders(context.layout.staging)
    cells = WrittenCells(
      context.baseline.stored, sources, dropping: context.baseline.retention,
      longRecords: context.longRecords)
  }

  /// What one worker writes cells with.
  ///
  /// `runs`: Takes what is too much to be merged at once; nil for a file of its own.
  func cellWriter(_ worker: Int, _ runs: SpillFile? = nil) throws -> CellWriter {
    try CellWriter(
      context.outputs, into: cells, sources: sources, runs: try runs ?? context.spillFile(worker),
      rows: try IndexRowFile(try context.scratch.path("rows-\(worker)")),
      syncs: context.settings.syncs)
  }

  /// Writes the cells that still wait when all is read, each by one worker.
  ///
  /// - Returns: What became of their records.
  func reduce(restOf shuffle: Shuffle) throws -> WritingCounts {
    let cells = shuffle.rest
    let counts = Mutex(WritingCounts())
    try context.workers.forEach(
      cells.count, with: { try cellWriter($0) },
      { number, writer in
        let cell = cells[number]
        try writer.write(cellTable.cell(cell), adding: shuffle.takeRest(of: cell))
        let written = writer.takeCounts()
        counts.withLock { $0 += written }
      })
    return counts.withLock { $0 }
  }

  /// Writes the cells again of which some records leave, if the start of the selection was raised.
  func dropOldRecords() throws {
    guard let retention = context.baseline.retention else { return }
    let list = try context.baseline.stored.list(Period(retention.firstDay))
    let changed = list.cells.filter { retention.drops($0.value.firstTime) }.keys
      .filter { !cells.contains($0) }.sorted()
    try context.workers.forEach(
      changed.count, with: { try cellWriter($0) },
      { number, writer in
        // What leaves is not among the stored records any more.
        try writer.write(changed[number], adding: []) { false }
      })
  }

  /// Writes cells again without the texts that lost.
  func rewrite(without losers: DroppedPlaces?) throws {
    guard let losers else { return }
    let cells = losers.cells
    try context.workers.forEach(
      cells.count, with: { try cellWriter($0) },
      { number, writer in
        let places = losers.places(of: cells[number])
        try writer.write(cells[number], adding: [], dropping: places.takeNext)
      })
  }

  /// Writes the outputs that gather cells.
  ///
  /// `taking`: Gives a partition that need not be written, if another dataset has it.
  func gather(
    taking take: @Sendable (GatheredOutputs.Task) throws -> [StagedPartition]? = { _ in nil }
  ) throws {
    context.meter.enter(.writing)
    let gathered = GatheredOutputs(plan: context.outputs, cells: cells, sources: sources)
    try gathered.forEachBatch { tasks in
      try context.workers.forEach(
        tasks.count,
        with: { worker in
          (
            writers: try WriterSet(gathered.plan.gathered, syncs: context.settings.syncs),
            runs: try context.spillFile(worker)
          )
        },
        { number, tools in
          let partitions =
            try take(tasks[number])
            ?? gathered.write(tasks[number], tools.writers, runs: tools.runs)
          for partition in partitions { try cells.add(partition) }
        })
    }
  }

  /// Does work on all workers; returns the results in their order.
  func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) throws -> Result
  ) throws -> [Result] {
    try context.workers.map(count, body)
  }
}
