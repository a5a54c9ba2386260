import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
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
    let context = ReadingContext(self, intake)
    let units = try workers.map(
      reading.units.count, with: { try UnitReader(context, worker: $0) },
      { unit, reader in try reader.read(reading.units[unit]) })
    // Units follow one another in the list of files, and their outcomes do too.
    outcomes = units.flatMap(\.outcomes)
    let rest = intake.takeRest()
    let written = units.map(\.written) + [try writeRest(rest)]
    return noteRecords(written.reduce(into: WritingCounts(), +=), intake, rest: rest)
  }

  /// Writes what is left when all is read: late records, and what no path announced.
  private func writeRest(_ rest: [WaitingCell]) throws -> WritingCounts {
    let events = rest.map { (cell: cellTable.cell($0.cell), segments: $0.segments) }
      .filter { !$0.cell.isRejected }
    let context = WritingContext(self)
    let written = try workers.map(
      events.count, with: { try context.cellWriter($0) },
      { number, writer in
        try writer.write(events[number].cell, adding: events[number].segments)
        return writer.takeCounts()
      })
    return written.reduce(into: WritingCounts(), +=)
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
        meter.log.note("skipped \(printable(source)): \(skip.rawValue)")
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

/// What all workers share while they write cells.
struct WritingContext: Sendable {
  private let outputs: OutputPlan
  private let cells: WrittenCells
  private let sources: SourceTable
  private let scratch: ScratchFolder
  private let mergeWidth: Int
  private let syncs: Bool

  init(_ pipeline: Pipeline) {
    outputs = pipeline.plan
    cells = pipeline.cells
    sources = pipeline.sources
    scratch = pipeline.scratch
    mergeWidth = pipeline.memory.mergeWidth
    syncs = pipeline.settings.syncs
  }

  /// `sharing`: How many such merges there are at once.
  func spillFile(_ worker: Int, sharing count: Int = 1) throws -> SpillFile {
    SpillFile(try scratch.path("runs-\(worker)"), mergeWidth: max(2, mergeWidth / count))
  }

  func cellWriter(_ worker: Int) throws -> CellWriter {
    try cellWriter(worker, try spillFile(worker))
  }

  func cellWriter(_ worker: Int, _ runs: SpillFile) throws -> CellWriter {
    try CellWriter(
      outputs, cells, sources, runs: runs,
      rows: try RowFile(try scratch.path("rows-\(worker)")), syncs: syncs)
  }
}

/// What all workers share while they read.
private struct ReadingContext: Sendable {
  let writing: WritingContext
  let intake: Intake
  let cellTable: CellTable
  let options: ReadingOptions
  let files: [InputFile]
  let list: FileList
  let meter: ProgressMeter

  init(_ pipeline: Pipeline, _ intake: Intake) {
    writing = WritingContext(pipeline)
    self.intake = intake
    cellTable = pipeline.cellTable
    var options = ReadingOptions()
    options.maxInflated = pipeline.job.maxInflated
    options.salvage = pipeline.job.salvage
    options.filter = pipeline.recordFilter
    options.hashesContent = pipeline.job.validate
    self.options = options
    files = pipeline.preparation.files
    list = pipeline.preparation.discovery.list
    meter = pipeline.meter
  }
}

/// One worker's way through the units: it reads the files of one after the other, and writes the
/// cells that are complete then.
private final class UnitReader {
  private let context: ReadingContext
  private let writer: CellWriter
  private var reader: FileReader
  /// Whether the reader's batch is nobody else's; unknown once an error has come out of it.
  private var hasOwnBatch = true

  init(_ context: ReadingContext, worker: Int) throws {
    self.context = context
    let runs = try context.writing.spillFile(worker)
    let writer = try context.writing.cellWriter(worker, runs)
    self.writer = writer
    let cellTable = context.cellTable
    let supply = WorkerSupply(context.intake, runs) { ripe in
      try writer.write(cellTable.cell(ripe.cell), adding: ripe.segments)
    }
    reader = try FileReader(
      options: context.options, cells: cellTable, batch: try supply.next(), supply: supply)
  }

  deinit {
    if hasOwnBatch { context.intake.pool.give(reader.batch) }
  }

  func read(
    _ unit: ReadingPlan.Unit
  ) throws -> (outcomes: [FileOutcome], written: WritingCounts) {
    hasOwnBatch = false
    // Shared counters are touched once a unit: a lock for each file would not scale.
    var outcomes: [FileOutcome] = []
    outcomes.reserveCapacity(unit.files.count)
    for number in unit.files {
      try StopSignal.check()
      outcomes.append(
        try reader.read(context.files[number], number: UInt32(number), in: context.list))
    }
    context.meter.note(outcomes)
    try reader.handOnBatch()
    for (cell, segments) in context.intake.finish(unit) {
      try writer.write(context.cellTable.cell(cell), adding: segments)
    }
    hasOwnBatch = true
    return (outcomes, writer.takeCounts())
  }
}
