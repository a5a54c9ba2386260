import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Sorting the batches and writing each cell to a file of its own in the staging area.
final class WriteStage: Stage {
  let name = "sort, merge, hash, write NDJSON"
  private let cells: StagedCells

  init(_ batches: FilledBatches, _ scratch: Path) {
    cells = StagedCells(batches, scratch)
  }

  func prepare() throws {
    try cells.clear()
  }

  func run() throws {
    _ = try cells.write()
  }
}

/// Switching a dataset over to the staged files: journal, renames, clearing up.
final class CommitStage: Stage {
  let name: String
  private let cells: StagedCells
  private let syncs: Bool
  private var commit: Commit?

  init(_ batches: FilledBatches, _ scratch: Path, syncs: Bool) {
    name = syncs ? "commit, waiting for the disk" : "commit"
    cells = StagedCells(batches, scratch)
    self.syncs = syncs
  }

  func prepare() throws {
    try cells.clear()
    commit = try cells.write()
  }

  func run() throws {
    try commit?.run(syncs: syncs)
  }
}

/// Cells on their way into a dataset that is thrown away.
private final class StagedCells {
  private let batches: FilledBatches
  private let layout: DatasetLayout

  init(_ batches: FilledBatches, _ scratch: Path) {
    self.batches = batches
    layout = DatasetLayout(scratch)
  }

  /// Removes the dataset of the run before.
  func clear() throws {
    try FileSystem.removeTree(layout.root)
    try FileSystem.createFolders(layout.staging)
    batches.unsort()
  }

  /// Writes every cell's file; what is given back switches over to them.
  func write() throws -> Commit {
    var commit = Commit(layout)
    let output = try OutputPlan(OutputSpecification.defaults).store
    var writer = try PartitionWriter(output.encoding.makeEncoder(), output.options)
    for (number, segments) in batches.sorted() {
      let staged = layout.staging.appending("\(number)")
      writer.begin(at: staged, as: "ndjson")
      _ = try merge(segments, batches.sources) { entry, record in
        try writer.append(record, at: entry.time, from: nil)
      }
      let folder = batches.cells.cell(number).folder(by: [.account, .region, .dt])
      try commit.replace(
        Path(output.name).appending(folder), with: try writer.finish().files, old: [])
    }
    return commit
  }
}
