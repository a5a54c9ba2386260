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
    let shuffle = Shuffle(expecting: reading)
    let mapper = Mapper(
      options: readingOptions, files: files, list: preparation.discovery.list,
      cellTable: cellTable, sources: sources, memory: memory, writing: WritingContext(self),
      meter: meter)
    let output = try mapper.map(reading, into: shuffle, on: workers)
    outcomes = output.outcomes
    var written = output.written
    written += try writeRest(shuffle.takeRest())
    counts.records.written = written.written
    counts.records.duplicates = written.duplicates + output.duplicateCount
    return output.rejected
  }

  private var readingOptions: ReadingOptions {
    var options = ReadingOptions()
    options.maxInflated = job.maxInflated
    options.salvage = job.salvage
    options.filter = recordFilter
    options.hashesContent = job.validate
    return options
  }

  /// Writes what is left when all is read: late records, and what no path announced.
  private func writeRest(_ rest: [WaitingCell]) throws -> WritingCounts {
    let events = rest.map { (cell: cellTable.cell($0.cell), segments: $0.segments) }
    let context = WritingContext(self)
    let written = try workers.map(
      events.count, with: { try context.cellWriter($0) },
      { number, writer in
        try writer.write(events[number].cell, adding: events[number].segments)
        return writer.takeCounts()
      })
    return written.reduce(into: WritingCounts(), +=)
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
