import Bytes
import CloudTrail
import Dataset
import JobFiles
import Reading
import Segments
import Synchronization
import Writing

extension Pipeline {
  /// Reads all files and writes the cells as they get complete, then the rest.
  ///
  /// - Returns: The rejected records by family.
  mutating func readAndWrite() throws -> [Family: [any Segment]] {
    let files = preparation.files
    meter.expect(
      fileCount: files.count, storedByteCount: files.reduce(0) { $0 + $1.byteCount })
    meter.enter(.reading)
    try FileSystem.createFolders(preparation.layout.staging)
    let reading = ReadingPlan(
      files, preparation.discovery.list, cells: cellTable,
      unitByteCount: memory.batchCapacity / 4 * 3)
    let intake = Intake(
      reading, pool: BatchPool(capacity: memory.batchCapacity, limit: memory.batchCount),
      sources: sources)
    let results = Mutex([[FileOutcome]](repeating: [], count: reading.units.count))
    let total = Mutex(WritingCounts())
    let nextUnit = Atomic(0)
    let rest = Mutex<[WaitingCell]?>(nil)
    let nextRest = Atomic(0)
    let context = WorkerContext(self, intake, reading)
    let barrier = Barrier(workers.count)
    try workers.run { worker in
      do {
        let runs = context.spillFile(worker)
        let writer = try context.cellWriter(worker, runs)
        try context.readUnits(nextUnit, runs, writer, results)
        barrier.wait()
        if barrier.isBroken { return }
        let cells = rest.withLock { rest in
          if rest == nil { rest = intake.takeRest() }
          return rest ?? []
        }
        try context.writeRest(cells, nextRest, writer)
        total.withLock { $0 += writer.counts }
      } catch {
        barrier.breakUp()
        throw error
      }
    }
    // Units follow one another in the list of files, and their outcomes do too.
    outcomes = results.withLock { $0.flatMap { $0 } }
    return noteRecords(total.withLock { $0 }, intake, rest: rest.withLock { $0 } ?? [])
  }

  /// Adds up what became of the records.
  ///
  /// - Returns: The rejected records by family, which are in the rest.
  private mutating func noteRecords(
    _ counted: WritingCounts, _ intake: Intake, rest: [WaitingCell]
  ) -> [Family: [any Segment]] {
    let rejectedCells = Set(
      cellTable.cells.indices.filter { cellTable.cells[$0].isRejected }.map { UInt32($0) })
    counts.records.written = counted.written
    counts.records.duplicates =
      counted.duplicates + intake.duplicateCount
      - rejectedCells.reduce(0) { $0 + intake.duplicateCount(cell: $1) }
    var rejected: [Family: [any Segment]] = [:]
    for waiting in rest where rejectedCells.contains(waiting.cell) {
      rejected[cellTable.cell(waiting.cell).family, default: []] += waiting.segments
    }
    return rejected
  }

  /// Adds up what became of the files.
  mutating func noteFiles() {
    let list = preparation.discovery.list
    let reasons = recordFilter.reasons
    report.failures = preparation.discovery.failures
    report.changed = preparation.changed.sorted()
    for (file, outcome) in zip(preparation.files, outcomes) {
      let source = list.source(of: file)
      if let error = outcome.error {
        counts.files.failed += 1
        report.failures.append(ReadFailure(source, offset: error.offset, error.reason))
      } else if let skip = outcome.skip {
        counts.files.skipped[skip.rawValue, default: 0] += 1
      } else {
        counts.files.read += 1
      }
      if outcome.hasTrailingData { report.trailing.append(source) }
      counts.strictReadersRefuse.add(outcome.textFlaws, of: source)
      counts.records.input += outcome.recordCount
      counts.records.rejected += outcome.rejectedCount
      counts.records.filtered += outcome.filteredCount
      for (number, count) in outcome.filteredCounts.enumerated() where count > 0 {
        counts.filteredBy[reasons[number], default: 0] += count
      }
      counts.bytes.stored += outcome.storedByteCount
      counts.bytes.inflated += outcome.inflatedByteCount
    }
    report.failures.sort { $0.source < $1.source }
    report.trailing.sort()
  }
}

/// What all workers share while they read.
private struct WorkerContext: Sendable {
  let cellTable: CellTable
  private let options: ReadingOptions
  private let files: [InputFile]
  private let list: FileList
  private let plan: ReadingPlan
  private let outputs: OutputPlan
  private let cells: WrittenCells
  private let sources: SourceTable
  private let intake: Intake
  private let meter: ProgressMeter
  private let temporaryFolder: Path
  private let syncs: Bool

  init(_ pipeline: Pipeline, _ intake: Intake, _ plan: ReadingPlan) {
    cellTable = pipeline.cellTable
    var options = ReadingOptions()
    options.maxInflated = pipeline.job.maxInflated
    options.salvage = pipeline.job.salvage
    options.filter = pipeline.recordFilter
    options.hashesContent = pipeline.job.validate
    self.options = options
    files = pipeline.preparation.files
    list = pipeline.preparation.discovery.list
    self.plan = plan
    outputs = pipeline.plan
    cells = pipeline.cells
    sources = pipeline.sources
    self.intake = intake
    meter = pipeline.meter
    temporaryFolder = pipeline.temporaryFolder
    syncs = pipeline.settings.syncs
  }

  func spillFile(_ worker: Int) -> SpillFile {
    SpillFile(temporaryFolder.appending("runs-\(worker)"))
  }

  func cellWriter(_ worker: Int, _ runs: SpillFile) throws -> CellWriter {
    try CellWriter(
      outputs, cells, sources, runs: runs,
      rows: try RowFile(temporaryFolder.appending("rows-\(worker)")), syncs: syncs)
  }

  /// Reads units until none is left, and writes the cells that are complete after each.
  func readUnits(
    _ nextUnit: borrowing Atomic<Int>, _ runs: SpillFile, _ writer: CellWriter,
    _ results: borrowing Mutex<[[FileOutcome]]>
  ) throws {
    let supply = WorkerSupply(intake, runs) { ripe in
      try writer.write(cellTable.cell(ripe.cell), adding: ripe.segments)
    }
    var reader = try FileReader(
      options: options, cells: cellTable, batch: try supply.next(), supply: supply)
    while true {
      let unit = nextUnit.add(1, ordering: .relaxed).oldValue
      guard unit < plan.units.count else { break }
      // Shared counters are touched once a unit: a lock for each file would not scale.
      let outcomes = try plan.units[unit].files.map { number in
        if StopSignal.number != nil { throw Stopped() }
        return try reader.read(files[number], number: UInt32(number), in: list)
      }
      meter.note(outcomes)
      results.withLock { $0[unit] = outcomes }
      try reader.handOnBatch()
      for (cell, segments) in intake.finish(plan.units[unit]) {
        try writer.write(cellTable.cell(cell), adding: segments)
      }
    }
    intake.pool.give(reader.batch)
  }

  /// Writes what is left when all is read: late records, and what no path announced.
  func writeRest(
    _ rest: [WaitingCell], _ next: borrowing Atomic<Int>, _ writer: CellWriter
  ) throws {
    while true {
      let number = next.add(1, ordering: .relaxed).oldValue
      guard number < rest.count else { return }
      let cell = cellTable.cell(rest[number].cell)
      if !cell.isRejected { try writer.write(cell, adding: rest[number].segments) }
    }
  }
}
