import Bytes
import CloudTrail
import Dataset
import JobFiles
import Writing

/// The outputs of a dataset that is there, from what its manifest says of the job.
struct CommittedOutputs: Sendable {
  /// A partition, and where what it holds comes from.
  struct Partition: Sendable {
    /// The place of its output in `all`.
    var output: Int
    var folder: Path
    /// The cells whose records it holds.
    var cells: [Cell]
    /// The hour of the day, for partitions of an hour.
    var hour: Int?
  }

  /// The store first.
  let all: [PlannedOutput]
  /// In their order.
  let cells: [Cell]
  /// By folder.
  let partitions: [Partition]

  /// `contents`: The lists of all periods together.
  ///
  /// - Throws: `DatasetError.damaged` when the manifest does not describe its outputs.
  init(
    _ dataset: StoredDataset, _ contents: PartitionList, formats: [any OutputFormat]
  ) throws {
    let (manifest, layout) = (dataset.manifest, dataset.layout)
    let plan: OutputPlan
    do {
      plan = try OutputPlan(
        JobFingerprint(lines: manifest.job).outputs(among: formats),
        hiddenStore: manifest.storeCompression)
    } catch {
      throw DatasetError.damaged(layout.manifest, "its description of the job")
    }
    guard plan.store.name == manifest.store, plan.store.keys == manifest.storeKeys else {
      throw DatasetError.damaged(layout.manifest, "its description of the store")
    }
    all = plan.byCell + plan.gathered
    var partitions: [Path: Partition] = [:]
    cells = contents.cells.keys.sorted()
    for (number, output) in all.enumerated() {
      let hours: [Int?] = output.keys.contains(.hour) ? (0..<24).map { $0 } : [nil]
      for cell in cells {
        for hour in hours {
          let folder = output.folder(of: cell, hour: hour ?? 0)
          if hour != nil && contents.partitions[folder] == nil { continue }
          let empty = Partition(output: number, folder: folder, cells: [], hour: hour)
          partitions[folder, default: empty].cells.append(cell)
        }
      }
    }
    self.partitions = partitions.values.sorted { $0.folder < $1.folder }
  }
}
