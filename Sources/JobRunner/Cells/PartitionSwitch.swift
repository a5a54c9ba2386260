import Bytes
import CloudTrail
import Dataset
import Writing

/// What takes the place of every partition that changes, one period after the other.
struct PartitionSwitch {
  /// The bytes that are new in the dataset.
  private(set) var byteCount = 0
  /// Those of them that are in a store which is none of the job's outputs.
  private(set) var storeByteCount = 0
  /// Fields in them that are not exactly what the record says, by kind.
  private(set) var altered: [String: Int] = [:]

  private let context: RunContext
  private let cells: WrittenCells
  private let parts: PresentParts
  /// The folders of a store that is none of the job's outputs, one a family.
  private let hiddenStores: [Path]

  init(_ context: RunContext, _ cells: WrittenCells) throws {
    (self.context, self.cells) = (context, cells)
    let store = context.outputs.store.name
    hiddenStores =
      DatasetLayout.isHidden(output: store)
      ? Family.allCases.map { DatasetLayout.outputFolder(store, $0) } : []
    parts = try PresentParts(context.layout)
  }

  /// Adds all that changes to the next state of the dataset.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for a partition near those that change.
  mutating func stage(in tree: inout TreeUpdate) throws {
    let days = Dictionary(grouping: cells.days) { Period($0.day) }
    let daysOfFolders = daysByFolders()
    let periods = Set(days.keys).union(cells.gatheredPeriods).union(daysOfFolders.keys)
      .union(context.baseline.replaced?.periods ?? [])
    for period in periods.sorted() {
      try stage(period, days[period] ?? [], emptying: daysOfFolders[period] ?? [], in: &tree)
    }
  }

  /// `days`: The event days with written cells whose own period it is.
  ///
  /// `daysOfFolders`: Those of which partitions of the period hold events.
  private mutating func stage(
    _ period: Period, _ days: [EventDay], emptying daysOfFolders: Set<EventDay>,
    in tree: inout TreeUpdate
  ) throws {
    var staged: [Path: StagedPartition] = [:]
    for partition in try cells.gathered(period) { staged[partition.folder] = partition }
    for cell in try days.flatMap({ try cells.cells(of: $0) }) {
      guard let written = try cells[cell] else { continue }
      try tree.set(cell, written.summary)
      for partition in written.partitions { staged[partition.folder] = partition }
    }
    var folders = Set(staged.keys)
    try folders.formUnion(emptiedFolders(of: period, daysOfFolders, besides: staged))
    if let replaced = context.baseline.replaced {
      try folders.formUnion(replaced.list(period).partitions.keys)
    }
    if folders.isEmpty { return }
    // Where a commit is only prepared, the files need not be here.
    if !context.settings.onlyPrepares { try tree.checkCommittedParts(of: period) }
    try tree.checkUncommittedParts(in: staged.keys.sorted())
    let present = try presentParts(staged, tree)
    for folder in folders.sorted() {
      let new = staged[folder]
      let newByteCount = try tree.replace(
        folder, with: new?.files, present: present[folder] ?? [])
      byteCount += newByteCount
      if hiddenStores.contains(where: folder.isAt(orBelow:)) { storeByteCount += newByteCount }
      for (kind, count) in new?.altered.byKind ?? [] where count > 0 {
        altered[kind, default: 0] += count
      }
    }
  }

  /// The names of staged files that are in the dataset already, by their folders.
  ///
  /// A rebuild is the way out of damage: it believes no manifest, and reads what is there.
  private func presentParts(
    _ staged: [Path: StagedPartition], _ tree: TreeUpdate
  ) throws -> [Path: Set<String>] {
    let layout = context.layout
    let folders = staged.keys.sorted()
    let old = try folders.map { try tree.committedParts(in: $0) }
    if !context.isRebuild {
      return try zip(folders, old).reduce(into: [:]) { present, next in
        guard let new = staged[next.0]?.files else { return }
        present[next.0] = try parts.names(in: next.0, of: new, old: next.1)
      }
    }
    let found = try context.workers.map(
      folders.count, with: { _ in try PresentParts(layout) },
      { number, parts in
        let folder = folders[number]
        guard let new = staged[folder]?.files else { return Set<String>() }
        return try parts.names(in: folder, of: new, old: old[number])
      })
    return Dictionary(uniqueKeysWithValues: zip(folders, found))
  }

  // MARK: Partitions without records

  private var outputs: [PlannedOutput] { context.outputs.byCell + context.outputs.gathered }

  /// The event days with written cells, by the periods of the partitions that hold their events: one
  /// of those may have no records any more.
  private func daysByFolders() -> [Period: Set<EventDay>] {
    var days: [Period: Set<EventDay>] = [:]
    let keys = Set(outputs.map(\.keys))
    for day in cells.days {
      for keys in keys { days[Period(day.day, by: keys), default: []].insert(day) }
    }
    return days
  }

  /// The partitions of written cells that have no records any more: every one that has was staged.
  private func emptiedFolders(
    of period: Period, _ days: Set<EventDay>, besides staged: [Path: StagedPartition]
  ) throws -> Set<Path> {
    let committed = try context.baseline.stored.list(period).partitions
    if committed.isEmpty { return [] }
    var folders: Set<Path> = []
    for day in days {
      for cell in try cells.cells(of: day) {
        for folder in outputs.flatMap({ $0.folders(of: cell) })
        where staged[folder] == nil && committed[folder] != nil {
          folders.insert(folder)
        }
      }
    }
    return folders
  }
}
