import Bytes
public import CloudTrail
import Dataset
public import Segments

/// Writes the outputs whose partitions gather several cells, from the records of those cells.
///
/// Only partitions that hold a cell written in this run are written again. Days follow one another;
/// the cells of one day are merged.
public struct GatheredOutputs: Sendable {
  /// One partition, or all hours of it.
  public struct Task: Sendable {
    public var output: Int
    public var cells: [Cell]

    public init(output: Int, cells: [Cell]) {
      self.output = output
      self.cells = cells
    }
  }

  public let plan: OutputPlan
  public let cells: WrittenCells
  public let sources: SourceTable

  public init(plan: OutputPlan, cells: WrittenCells, sources: SourceTable) {
    self.plan = plan
    self.cells = cells
    self.sources = sources
  }

  /// Passes the partitions to be written, as many at once as name some thousands of cells.
  ///
  /// - Throws: `DatasetError` when the list of a day is not as it was committed; what `body` throws.
  /// - Complexity: reads the lists of the days that share a partition with a written cell.
  public func forEachBatch(_ body: ([Task]) throws -> Void) throws {
    var batch: [Task] = []
    var cellCount = 0
    let written = cells.days
    let days = Set(cells.dataset.days).union(written.map(\.day)).sorted()
    for (number, output) in plan.gathered.enumerated() {
      let writtenDays = Dictionary(grouping: written) { Period($0.day, by: output.keys) }
      let allDays = Dictionary(grouping: days) { Period($0, by: output.keys) }
      for period in writtenDays.keys.sorted() {
        for task in try tasks(number, writtenDays[period] ?? [], allDays[period] ?? []) {
          batch.append(task)
          cellCount += task.cells.count
        }
        guard cellCount > GatheredOutputs.cellsAtOnce else { continue }
        try body(batch)
        (batch, cellCount) = ([], 0)
      }
    }
    if !batch.isEmpty { try body(batch) }
  }

  /// How many cells a batch of tasks names.
  private static let cellsAtOnce = 10_000

  /// The partitions of a period that hold a written cell.
  ///
  /// `number`: The output's.
  /// `writtenDays`: The days of the period that have written cells.
  /// `days`: All days of the period that the dataset has or will have, in order.
  private func tasks(_ number: Int, _ writtenDays: [EventDay], _ days: [Day]) throws -> [Task] {
    let output = plan.gathered[number]
    var touched: Set<Path> = []
    for day in writtenDays {
      for cell in try cells.cells(of: day) { touched.insert(folder(of: cell, output)) }
    }
    var folders: [Path: [Cell]] = [:]
    for day in days {
      for (cell, _) in try cells.cellsToBe(of: day) {
        let folder = folder(of: cell, output)
        if touched.contains(folder) { folders[folder, default: []].append(cell) }
      }
    }
    return folders.values.map { Task(output: number, cells: $0.sorted()) }
      .sorted { $0.cells[0] < $1.cells[0] }
  }

  /// The folder that has all hours of a partition.
  private func folder(of cell: Cell, _ output: PlannedOutput) -> Path {
    output.dayFolder(of: cell)
  }

  /// Writes one partition, or all hours of it.
  public func write(_ task: Task, _ writers: WriterSet, runs: SpillFile) throws -> [StagedPartition]
  {
    var staged: [StagedPartition] = []
    var open: Path?
    func close() throws {
      guard let folder = open else { return }
      let (files, altered) = try writers.finish(task.output)
      staged.append(StagedPartition(folder: folder, files: files, altered: altered))
      open = nil
    }
    let output = plan.gathered[task.output]
    for day in Dictionary(grouping: task.cells, by: \.day).sorted(by: { $0.key < $1.key }) {
      let segments = try day.value.sorted().compactMap { try cells.current($0) }
      let (merged, _) = try runs.mergePasses(over: segments, sources)
      _ = try merge(merged, sources) { entry, record in
        let folder = output.folder(of: day.value[0], hour: entry.time.hour)
        if open != folder {
          try close()
          writers.begin(task.output, at: cells.stagedPath(), as: folder)
          open = folder
        }
        try runs.longRecords.inTurn(record) {
          try writers.append(record, entry, sources, only: task.output)
        }
      }
    }
    try close()
    return staged
  }
}
