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

  /// The partitions to be written, given all cells that the dataset will hold.
  public func tasks(_ allCells: [Cell]) -> [Task] {
    let changed = Set(cells.all.keys)
    return plan.gathered.indices.flatMap { number in
      let output = plan.gathered[number]
      let folders = Dictionary(grouping: allCells) { folder(of: $0, output) }
      let touched = Set(changed.map { folder(of: $0, output) })
      return touched.compactMap { folders[$0] }.map { Task(output: number, cells: $0.sorted()) }
        .sorted { $0.cells[0] < $1.cells[0] }
    }
  }

  /// The folder that has all hours of a partition.
  private func folder(of cell: Cell, _ output: PlannedOutput) -> Path {
    var day = output
    day.keys.removeAll { $0 == .hour }
    return day.folder(of: cell)
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
          writers.begin(task.output, at: cells.stagedPath())
          open = folder
        }
        try writers.append(record, entry, sources, only: task.output)
      }
    }
    try close()
    return staged
  }
}
