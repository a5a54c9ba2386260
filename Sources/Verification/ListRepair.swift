import Bytes
import CloudTrail
import Dataset
import Writing

/// Makes lists of partitions again from the files that they name.
///
/// A day's list has its cells and the store's partitions after this; those of the other outputs are
/// made again from the store.
struct ListRepair {
  private let dataset: StoredDataset
  private let store: PlannedOutput

  init(_ dataset: StoredDataset, store: PlannedOutput) {
    (self.dataset, self.store) = (dataset, store)
  }

  /// Makes the damaged lists again, as far as the files are believed.
  ///
  /// - Returns: Their periods.
  /// - Throws: What the commit throws; `Stopped`.
  func run(_ problems: [VerificationReport.Problem]) throws -> [Period] {
    let damaged = Set(problems.map(\.path)).sorted().compactMap { path in
      switch DatasetFile(path: path) {
      case .partitions(let period)?: period
      default: nil
      }
    }
    if damaged.isEmpty { return [] }
    var lists: [(period: Period, list: PartitionList)] = []
    let scan = try StoreScan(dataset, store: store)
    for period in damaged {
      do {
        lists.append((period, try period.day.map { try scan.list($0) } ?? PartitionList()))
      } catch let error where error is DatasetError || error is FileError {
        // The files are damaged too, which is a problem of their own: this one stays.
        continue
      }
    }
    if lists.isEmpty { return [] }
    try commit(lists)
    return lists.map(\.period)
  }

  private func commit(_ lists: [(period: Period, list: PartitionList)]) throws {
    var manifest = dataset.manifest
    for (period, _) in lists { manifest.files[DatasetFile.partitions(period).path] = nil }
    manifest.totals = try totalsOfLists(but: Set(lists.map(\.period)))
    var tree = TreeUpdate(StoredDataset(dataset.layout, manifest))
    for (period, list) in lists { try tree.adopt(list, of: period) }
    try tree.finish().commit.run(syncs: true)
  }

  /// What the lists add up to that are as they were committed.
  private func totalsOfLists(but damaged: Set<Period>) throws -> Manifest.Totals {
    var totals = dataset.manifest.totals
    (totals.recordCount, totals.partitionCount, totals.byteCount) = (0, 0, 0)
    totals.textFlaws = TextFlawCounts()
    for period in dataset.periods where !damaged.contains(period) {
      guard let list = try? dataset.list(period) else { continue }
      totals.replace(Manifest.Totals(), with: list.totals)
    }
    return totals
  }
}
