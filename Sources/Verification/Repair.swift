import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Makes partitions again whose records the store still has.
///
/// The store itself comes from the inputs alone: that is a rebuild.
struct Repair {
  private let dataset: StoredDataset
  private let outputs: CommittedOutputs

  private var layout: DatasetLayout { dataset.layout }

  init(_ dataset: StoredDataset, _ outputs: CommittedOutputs) {
    self.dataset = dataset
    self.outputs = outputs
  }

  /// Repairs what can be, and takes it off the problems.
  func run(_ report: inout VerificationReport, _ workers: some ParallelMapping) throws {
    let tasks = tasks(report.problems)
    guard !tasks.isEmpty else { return }
    try FileSystem.createFolders(layout.staging)
    let staged = try write(tasks, workers)
    let made = Set(staged.map(\.folder))
    try commit(staged)
    report.problems.removeAll { $0.remedy == .repair && made.contains($0.path.parent) }
    report.repaired += made.sorted()
  }

  /// The damaged partitions: one task for all hours of one, since they are written together.
  private func tasks(_ problems: [VerificationReport.Problem]) -> [GatheredOutputs.Task] {
    let folders = Set(problems.filter { $0.remedy == .repair }.map(\.path.parent))
    var seen: Set<[Cell]> = []
    return outputs.partitions.filter { $0.output > 0 && folders.contains($0.folder) }
      .compactMap { partition in
        guard partition.hour == nil || seen.insert(partition.cells).inserted else { return nil }
        return GatheredOutputs.Task(output: partition.output - 1, cells: partition.cells)
      }
  }

  private func write(
    _ tasks: [GatheredOutputs.Task], _ workers: some ParallelMapping
  ) throws -> [StagedPartition] {
    let scratch = ScratchFolder(layout)
    defer { scratch.remove() }
    let sources = SourceTable { try scratch.path("sources") }
    let cells = WrittenCells(dataset, sources)
    let copies = OutputPlan(gathering: Array(outputs.all.dropFirst()), store: outputs.all[0])
    let gathered = GatheredOutputs(plan: copies, cells: cells, sources: sources)
    return try workers.map(tasks.count) { number in
      let runs = SpillFile(try scratch.path("runs-\(number)"), mergeWidth: 16)
      do {
        return try gathered.write(
          tasks[number], try WriterSet(copies.gathered, syncs: true), runs: runs)
      } catch is DatasetError {
        // The store is damaged too, which is a problem of its own: this one stays.
        return []
      }
    }.flatMap { $0 }
  }

  private func commit(_ staged: [StagedPartition]) throws {
    var tree = TreeUpdate(dataset)
    for partition in staged { _ = try tree.replace(partition.folder, with: partition.files) }
    try tree.finish().commit.run(syncs: true)
  }
}
