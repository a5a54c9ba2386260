import Bytes
import CloudTrail
import Dataset
import Listing
import Reading
import Segments
import Writing

extension Pipeline {
  /// Writes the outputs that gather cells.
  mutating func gather() throws -> [StagedPartition] {
    meter.enter(.writing)
    let gathered = GatheredOutputs(plan: plan, cells: cells, sources: sources)
    let tasks = gathered.tasks(allCells)
    let (context, syncs) = (WritingContext(self), settings.syncs)
    return try workers.map(
      tasks.count,
      with: { worker in
        (
          writers: try WriterSet(gathered.plan.gathered, syncs: syncs),
          runs: try context.spillFile(worker)
        )
      },
      { number, tools in
        try gathered.write(tasks[number], tools.writers, runs: tools.runs)
      }
    ).flatMap { $0 }
  }

  /// The cells that the dataset will hold.
  private var allCells: [Cell] {
    let written = cells.all
    let kept = preparation.manifest.cells.keys.filter { written[$0] == nil }
    return (kept + written.filter { $0.value.summary != nil }.keys).sorted()
  }

  /// Gathers everything that is to change, and checks that the balance closes.
  mutating func stageCommit(
    _ gathered: [StagedPartition], _ conflicts: SideFile?, _ rejected: SideFile?
  ) throws -> StagedCommit {
    meter.enter(.committing)
    var manifest = storedManifest
    var commit = Commit(preparation.layout)
    let written = cells.all
    for (cell, result) in written { manifest.cells[cell] = result.summary }
    noteDays(written.keys)
    try switchPartitions(written, gathered, &manifest, &commit)
    try stageIndexes(written, manifest, &commit)
    try stageLedger(&commit)
    try stage(conflicts, as: preparation.layout.conflicts, &manifest.conflictCount, &commit)
    try stage(rejected, as: preparation.layout.rejected, &manifest.rejectedCount, &commit)
    try evidence.stage(in: &commit)
    try commit.stage(manifest.json().span, as: preparation.layout.manifest)
    return StagedCommit(commit: commit, manifest: manifest)
  }

  /// Says of which days events were written.
  private func noteDays(_ cells: some Sequence<Cell>) {
    let counts = Dictionary(grouping: cells, by: \.day).mapValues(\.count)
    for (day, count) in counts.sorted(by: { $0.key < $1.key }) {
      meter.log.note(
        "writes events of \(day): "
          + counted(count, "account and region", plural: "accounts and regions"))
    }
  }

  /// A commit of nothing but evidence, for a run without new files; nil if that has not changed.
  mutating func stageEvidence() throws -> StagedCommit? {
    var commit = Commit(preparation.layout)
    try evidence.stage(in: &commit)
    if commit.isEmpty { return nil }
    let manifest = storedManifest
    try commit.stage(manifest.json().span, as: preparation.layout.manifest)
    return StagedCommit(commit: commit, manifest: manifest)
  }

  /// The manifest of what the dataset holds and keeps, with the output that holds its records.
  private var storedManifest: Manifest {
    var manifest = preparation.manifest
    manifest.store = plan.store.name
    manifest.storeKeys = plan.store.keys
    return manifest
  }

  /// Notes for every partition what takes its place.
  private mutating func switchPartitions(
    _ written: [Cell: WrittenCell], _ gathered: [StagedPartition], _ manifest: inout Manifest,
    _ commit: inout Commit
  ) throws {
    var staged: [Path: StagedPartition] = [:]
    for partition in written.values.flatMap(\.partitions) + gathered {
      staged[partition.folder] = partition
    }
    var folders = Set(staged.keys)
    folders.formUnion(emptied(written, staged, manifest))
    if let replaced = preparation.replaced { folders.formUnion(replaced.partitions.keys) }
    let present = try presentParts(staged, manifest)
    for folder in folders.sorted() {
      let old = manifest.partitions[folder] ?? preparation.replaced?.partitions[folder] ?? []
      let new = staged[folder]
      manifest.partitions[folder] = new?.files.parts
      if new == nil && old.isEmpty { continue }
      counts.bytes.written += try commit.replace(
        folder, with: new?.files, old: old, present: present[folder] ?? [])
      for (kind, count) in new?.altered.byKind ?? [] where count > 0 {
        counts.alteredCells[kind, default: 0] += count
      }
    }
  }

  /// The names of staged files that are in the dataset already, by their folders.
  ///
  /// A rebuild is the way out of damage: it believes no manifest, and reads what is there.
  private func presentParts(
    _ staged: [Path: StagedPartition], _ manifest: Manifest
  ) throws -> [Path: Set<String>] {
    let folders = staged.keys.sorted()
    let (layout, isRebuild) = (preparation.layout, preparation.replaced != nil)
    let found = try workers.map(
      folders.count, with: { _ in try PresentParts(layout) },
      { number, parts in
        let folder = folders[number]
        guard let new = staged[folder]?.files else { return Set<String>() }
        let old = isRebuild ? nil : manifest.partitions[folder] ?? []
        return try parts.names(in: folder, of: new, old: old)
      })
    return Dictionary(uniqueKeysWithValues: zip(folders, found))
  }

  /// The partitions of written cells that have no records any more: every one of them that has was
  /// staged.
  private func emptied(
    _ written: [Cell: WrittenCell], _ staged: [Path: StagedPartition], _ manifest: Manifest
  ) -> [Path] {
    written.keys.flatMap { cell in
      (plan.byCell + plan.gathered).flatMap { $0.folders(of: cell) }
    }.filter { staged[$0] == nil && manifest.partitions[$0] != nil }
  }

  private mutating func stageIndexes(
    _ written: [Cell: WrittenCell], _ manifest: Manifest, _ commit: inout Commit
  ) throws {
    let days = Set(written.keys.map(\.eventDay))
    let byDay = Dictionary(grouping: manifest.cells.keys, by: \.eventDay)
    var updates: [(update: IndexUpdate, staged: Path, path: Path)] = []
    for day in days.sorted() {
      let path = preparation.layout.index.appending(
        DatasetLayout.indexName(day.family, day: day.day))
      let dayCells = (byDay[day] ?? []).sorted().map {
        (cell: $0, recordCount: manifest.cells[$0]?.recordCount ?? 0)
      }
      if dayCells.isEmpty {
        commit.remove(path)
        continue
      }
      let update = IndexUpdate(
        family: day.family, day: day.day, cells: cells, sources: sources, dayCells: dayCells)
      updates.append((update, try commit.stagedFile(), path))
    }
    let pending = updates
    try workers.forEach(pending.count) { number in
      try pending[number].update.write(to: pending[number].staged)
    }
    for update in updates { try commit.place(update.staged, unlessIn: update.path) }
    if let replaced = preparation.replaced {
      let gone = Set(replaced.cells.keys.map(\.eventDay))
        .subtracting(byDay.keys)
      for day in gone {
        commit.remove(
          preparation.layout.index.appending(DatasetLayout.indexName(day.family, day: day.day)))
      }
    }
  }

  private func stage(
    _ file: SideFile?, as path: Path, _ count: inout Int, _ commit: inout Commit
  ) throws {
    guard let file else { return }
    count = file.count
    if file.count == 0 { return commit.remove(path) }
    guard file.isChanged else { return }
    let staged = try commit.stagedFile()
    try file.write(to: staged)
    try commit.place(staged, unlessIn: path)
  }

  /// Writes the ledger of every delivery day of which files were read.
  private func stageLedger(_ commit: inout Commit) throws {
    let list = preparation.discovery.list
    let ledger = Ledger(preparation.layout)
    let days = Dictionary(grouping: preparation.files.indices) {
      list.facts(of: preparation.files[$0]).delivery
    }
    if preparation.replaced != nil {
      let kept = Set(days.keys.map { DatasetLayout.ledgerName(day: $0) })
      for name in try ledger.names() where !kept.contains(name) {
        commit.remove(preparation.layout.ledger.appending(name))
      }
    }
    let updates = try days.map { day, numbers in
      (
        numbers: numbers, staged: try commit.stagedFile(), day: day,
        path: preparation.layout.ledger.appending(DatasetLayout.ledgerName(day: day))
      )
    }
    let isNew = preparation.replaced != nil
    let (files, outcomes) = (preparation.files, outcomes)
    let areChanged = try workers.map(updates.count) { number in
      let update = updates[number]
      var entries = isNew ? [:] : try ledger.entries(day: update.day)
      for number in update.numbers {
        let entry = Pipeline.ledgerEntry(files[number], outcomes[number], list)
        entries[entry.path] = entry
      }
      return try Commit.write(Ledger.text(entries).span, to: update.staged, unlessIn: update.path)
    }
    for (update, isChanged) in zip(updates, areChanged) where isChanged {
      commit.place(update.staged, as: update.path)
    }
  }

  private static func ledgerEntry(
    _ file: InputFile, _ outcome: FileOutcome, _ list: FileList
  ) -> LedgerEntry {
    let facts = list.facts(of: file)
    var entry = LedgerEntry(
      path: list.source(of: file), byteCount: file.byteCount, modified: file.modified,
      outcome: .read)
    entry.account = facts.account
    entry.region = facts.region
    entry.recordCount = outcome.recordCount
    entry.firstTime = outcome.firstTime
    entry.lastTime = outcome.lastTime
    entry.firstPostponedTime = outcome.firstPostponedTime
    if let error = outcome.error {
      entry.outcome = outcome.isTaken ? .salvaged : .failed
      entry.reason = error.reason
      entry.offset = error.offset
    } else {
      entry.hash = outcome.hash
      switch outcome.skip {
      case .noRecord?: entry.outcome = .noRecord
      case .otherFileType?: entry.outcome = .otherFileType
      case nil: break
      }
      if outcome.hasTrailingData { entry.outcome = .trailingData }
    }
    return entry
  }
}

/// A commit that is ready, and what the dataset will hold.
struct StagedCommit {
  var commit: Commit
  var manifest: Manifest
}
