import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Makes partitions again whose records the store still has.
///
/// The store itself comes from the inputs alone: that is a rebuild.
struct PartitionRepair {
  private let dataset: StoredDataset
  private let outputs: CommittedOutputs

  private var layout: DatasetLayout { dataset.layout }

  init(_ dataset: StoredDataset, _ outputs: CommittedOutputs) {
    self.dataset = dataset
    self.outputs = outputs
  }

  /// Repairs what can be, and takes it off the problems.
  ///
  /// `periods`: Those whose partitions are made again, damaged or not.
  func run(
    _ report: inout VerificationReport, alsoOf periods: Set<Period>,
    _ workers: some ParallelMapping
  ) throws {
    let tasks = tasks(report.problems, periods)
    guard !tasks.isEmpty else { return }
    try FileSystem.createFolders(layout.staging)
    let staged = try write(tasks, workers)
    let made = Set(staged.map(\.folder))
    report.repaired += try commit(staged)
    report.problems.removeAll { $0.remedy == .repair && made.contains($0.path.parent) }
  }

  /// The damaged partitions: one task for all hours of one, since they are written together.
  private func tasks(
    _ problems: [VerificationReport.Problem], _ periods: Set<Period>
  ) -> [GatheredOutputs.Task] {
    let folders = Set(problems.filter { $0.remedy == .repair }.map(\.path.parent))
    if folders.isEmpty && periods.isEmpty { return [] }
    let copies = outputs.all.dropFirst()
    var cells: [[Path: [Cell]]] = copies.map { _ in [:] }
    for day in dataset.days {
      for cell in outputs.cells(of: day).keys.sorted() {
        for (number, output) in copies.enumerated()
        where periods.contains(Period(day, by: output.keys))
          || output.folders(of: cell).contains(where: folders.contains)
        {
          cells[number][output.dayFolder(of: cell), default: []].append(cell)
        }
      }
    }
    return cells.enumerated().flatMap { number, byFolder in
      byFolder.sorted { $0.key < $1.key }
        .map { GatheredOutputs.Task(output: number, cells: $0.value.sorted()) }
    }
  }

  private func write(
    _ tasks: [GatheredOutputs.Task], _ workers: some ParallelMapping
  ) throws -> [StagedPartition] {
    let scratch = ScratchFolder(layout)
    defer { scratch.remove() }
    let sources = SourceTable { try scratch.path("sources") }
    let longRecords = LongRecords { try scratch.path("record") }
    let cells = WrittenCells(dataset, sources, longRecords: longRecords)
    let copies = OutputPlan(gathering: Array(outputs.all.dropFirst()), store: outputs.all[0])
    let gathered = GatheredOutputs(plan: copies, cells: cells, sources: sources)
    return try workers.map(tasks.count) { number in
      let runs = SpillFile(
        try scratch.path("runs-\(number)"), mergeWidth: 16, longRecords: longRecords)
      do {
        return try gathered.write(
          tasks[number], try WriterSet(copies.gathered, syncs: true), runs: runs)
      } catch is DatasetError {
        // The store is damaged too, which is a problem of its own: this one stays.
        return []
      }
    }.flatMap { $0 }
  }

  /// Puts partitions in place.
  ///
  /// - Returns: Those that had other bytes, or none.
  private func commit(_ staged: [StagedPartition]) throws -> [Path] {
    var tree = TreeUpdate(dataset)
    let inOrder = staged.map { (Period(folder: $0.folder), $0) }
      .sorted { ($0.0, $0.1.folder) < ($1.0, $1.1.folder) }
    let parts = try PresentParts(layout)
    var changed: [Path] = []
    for (_, partition) in inOrder {
      let (folder, files) = (partition.folder, partition.files)
      let present = try parts.names(in: folder, of: files, old: nil)
      if present.count < files.parts.count { changed.append(folder) }
      _ = try tree.replace(folder, with: files, present: present)
    }
    try tree.finish().commit.run(syncs: true)
    return changed
  }
}
