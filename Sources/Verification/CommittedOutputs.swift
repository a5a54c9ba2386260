import Bytes
import CloudTrail
import Dataset
import JobFiles
import Writing

/// The outputs of a dataset that is there, from what its manifest says of the job.
///
/// A dataset may have millions of cells: what they call for is asked for a period at a time.
struct CommittedOutputs: Sendable {
  /// A partition, and where what it holds comes from.
  struct Partition: Sendable {
    /// The place of its output in `all`.
    var output: Int
    var folder: Path
    /// One of the cells whose records it holds.
    var cell: Cell
    /// The hour of the day, for partitions of an hour.
    var hour: Int?
  }

  /// What a period has.
  struct Contents: Sendable {
    /// What its list says; nothing if that is not as it was committed.
    var list: PartitionList
    /// The partitions that the cells of its days call for, by folder.
    var partitions: [Partition]
  }

  /// The store first.
  let all: [PlannedOutput]
  private let dataset: StoredDataset

  /// - Throws: `DatasetError.damaged` when the manifest does not describe its outputs.
  init(_ dataset: StoredDataset, formats: [any OutputFormat]) throws {
    let (manifest, layout) = (dataset.manifest, dataset.layout)
    self.dataset = dataset
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
  }

  /// The periods that have partitions, or should have.
  var periods: [Period] {
    let keys = Set(all.map(\.keys))
    var periods = Set(dataset.periods)
    for day in dataset.days { periods.formUnion(keys.map { Period(day, by: $0) }) }
    return periods.sorted()
  }

  /// The cells of a day; none if its list is not as it was committed.
  func cells(of day: Day) -> [Cell: CellSummary] { list(Period(day)).cells }

  /// What a period has.
  ///
  /// - Complexity: O(cells of the period) in time, O(its partitions) in memory.
  func contents(of period: Period) -> Contents {
    let list = list(period)
    let days = period.day.map { [$0] } ?? dataset.days.filter(period.contains)
    var partitions: [Path: Partition] = [:]
    for day in days {
      let outputs = all.indices.filter { Period(day, by: all[$0].keys) == period }
      for cell in cells(of: day).keys {
        for number in outputs {
          let hours: [Int?] = all[number].keys.contains(.hour) ? (0..<24).map { $0 } : [nil]
          for hour in hours {
            let folder = all[number].folder(of: cell, hour: hour ?? 0)
            if hour != nil && list.partitions[folder] == nil { continue }
            partitions[folder] = Partition(output: number, folder: folder, cell: cell, hour: hour)
          }
        }
      }
    }
    return Contents(list: list, partitions: partitions.values.sorted { $0.folder < $1.folder })
  }

  private func list(_ period: Period) -> PartitionList {
    (try? dataset.list(period)) ?? PartitionList()
  }
}
