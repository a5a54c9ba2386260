import Bytes
import CloudTrail
import Dataset
import Reading
import Writing

/// A commit that is ready, what the dataset will hold, and what that adds to the balance.
struct StagedCommit {
  private(set) var commit: Commit
  private(set) var manifest: Manifest
  private(set) var writtenByteCount = 0
  /// Fields that are not exactly what the record says, by kind.
  private(set) var alteredFields: [String: Int] = [:]

  private let context: RunContext

  /// A commit of nothing but evidence, for a run without new files; nil if that has not changed.
  static func evidence(_ context: RunContext, _ evidence: Evidence) throws -> StagedCommit? {
    var staged = StagedCommit(context)
    try evidence.stage(in: &staged.commit)
    if staged.commit.isEmpty { return nil }
    try staged.stageManifest()
    return staged
  }

  /// Nothing yet: what the dataset holds and keeps, with the output that holds its records.
  private init(_ context: RunContext) {
    self.context = context
    commit = Commit(context.layout)
    manifest = context.baseline.manifest
    manifest.store = context.outputs.store.name
    manifest.storeKeys = context.outputs.store.keys
  }

  /// Gathers everything that is to change.
  init(
    _ context: RunContext, _ results: RunResults, _ reducer: Reducer,
    _ gathered: [StagedPartition]
  ) throws {
    self.init(context)
    context.meter.enter(.committing)
    let written = reducer.cells.all
    for (cell, result) in written { manifest.cells[cell] = result.summary }
    noteDays(written.keys)
    try switchPartitions(written, gathered)
    try stageIndexes(written, reducer)
    try stageLedger(results.inputs, results.mapped.outcomes)
    try stage(results.settlement.conflicts, as: context.layout.conflicts, count: \.conflictCount)
    try stage(results.rejected, as: context.layout.rejected, count: \.rejectedCount)
    try results.evidence.stage(in: &commit)
    try stageManifest()
  }

  private mutating func stageManifest() throws {
    try commit.stage(manifest.json().span, as: context.layout.manifest)
  }

  /// Says for which days events were written.
  private func noteDays(_ cells: some Sequence<Cell>) {
    let counts = Dictionary(grouping: cells, by: \.day).mapValues(\.count)
    for (day, count) in counts.sorted(by: { $0.key < $1.key }) {
      context.meter.log.note(
        "writes events of \(day): "
          + counted(count, "account and region", plural: "accounts and regions"))
    }
  }

  // MARK: Partitions

  /// Notes for every partition what takes its place.
  private mutating func switchPartitions(
    _ written: [Cell: WrittenCell], _ gathered: [StagedPartition]
  ) throws {
    var staged: [Path: StagedPartition] = [:]
    for partition in written.values.flatMap(\.partitions) + gathered {
      staged[partition.folder] = partition
    }
    let replaced = context.baseline.replaced
    var folders = Set(staged.keys)
    folders.formUnion(emptied(written, staged))
    if let replaced { folders.formUnion(replaced.partitions.keys) }
    let present = try presentParts(staged)
    for folder in folders.sorted() {
      let old = manifest.partitions[folder] ?? replaced?.partitions[folder] ?? []
      let new = staged[folder]
      manifest.partitions[folder] = new?.files.parts
      if new == nil && old.isEmpty { continue }
      writtenByteCount += try commit.replace(
        folder, with: new?.files, old: old, present: present[folder] ?? [])
      for (kind, count) in new?.altered.byKind ?? [] where count > 0 {
        alteredFields[kind, default: 0] += count
      }
    }
  }

  /// The names of staged files that are in the dataset already, by their folders.
  ///
  /// A rebuild is the way out of damage: it believes no manifest, and reads what is there.
  private func presentParts(_ staged: [Path: StagedPartition]) throws -> [Path: Set<String>] {
    let folders = staged.keys.sorted()
    let (layout, isRebuild, manifest) = (context.layout, context.isRebuild, manifest)
    let found = try context.workers.map(
      folders.count, with: { _ in try PresentParts(layout) },
      { number, parts in
        let folder = folders[number]
        guard let new = staged[folder]?.files else { return Set<String>() }
        let old = isRebuild ? nil : manifest.partitions[folder] ?? []
        return try parts.names(in: folder, of: new, old: old)
      })
    return Dictionary(uniqueKeysWithValues: zip(folders, found))
  }

  /// The partitions of written cells that have no records any more: every one that has was staged.
  private func emptied(
    _ written: [Cell: WrittenCell], _ staged: [Path: StagedPartition]
  ) -> [Path] {
    let outputs = context.outputs.byCell + context.outputs.gathered
    return written.keys.flatMap { cell in outputs.flatMap { $0.folders(of: cell) } }
      .filter { staged[$0] == nil && manifest.partitions[$0] != nil }
  }

  // MARK: Our own files

  private mutating func stageIndexes(_ written: [Cell: WrittenCell], _ reducer: Reducer) throws {
    let byDay = Dictionary(grouping: manifest.cells.keys, by: \.eventDay)
    var updates: [(update: IndexUpdate, staged: Path, path: Path)] = []
    for day in Set(written.keys.map(\.eventDay)).sorted() {
      let path = context.layout[.index(day)]
      let dayCells = (byDay[day] ?? []).sorted().map {
        (cell: $0, recordCount: manifest.cells[$0]?.recordCount ?? 0)
      }
      if dayCells.isEmpty {
        commit.remove(path)
        continue
      }
      let update = IndexUpdate(
        family: day.family, day: day.day, cells: reducer.cells, sources: reducer.sources,
        dayCells: dayCells)
      updates.append((update, try commit.stagedFile(), path))
    }
    let pending = updates
    try context.workers.forEach(pending.count) { number in
      try pending[number].update.write(to: pending[number].staged)
    }
    for update in updates { try commit.place(update.staged, unlessIn: update.path) }
    if let replaced = context.baseline.replaced {
      let gone = Set(replaced.cells.keys.map(\.eventDay)).subtracting(byDay.keys)
      for day in gone { commit.remove(context.layout[.index(day)]) }
    }
  }

  /// Stages a side file, if it changes.
  private mutating func stage(
    _ file: SideFile?, as path: Path, count: WritableKeyPath<Manifest, Int>
  ) throws {
    guard let file else { return }
    manifest[keyPath: count] = file.count
    if file.count == 0 { return commit.remove(path) }
    guard file.isChanged else { return }
    let staged = try commit.stagedFile()
    try file.write(to: staged)
    try commit.place(staged, unlessIn: path)
  }

  /// Writes the ledger of every delivery day whose files were read.
  private mutating func stageLedger(_ inputs: NewInputs, _ outcomes: [FileOutcome]) throws {
    let (ledger, isRebuild) = (Ledger(context.layout), context.isRebuild)
    let days = Dictionary(grouping: inputs.files.indices) {
      inputs.list.facts(of: inputs.files[$0]).delivery
    }
    if isRebuild {
      let kept = Set(days.keys.map { DatasetLayout.ledgerName(day: $0) })
      for name in try ledger.names() where !kept.contains(name) {
        commit.remove(context.layout.ledger.appending(name))
      }
    }
    let updates = try days.map { day, numbers in
      (
        numbers: numbers, staged: try commit.stagedFile(), day: day,
        path: context.layout[.ofDelivery(.ledger, day)]
      )
    }
    let areChanged = try context.workers.map(updates.count) { number in
      let update = updates[number]
      var entries = isRebuild ? [:] : try ledger.entries(day: update.day)
      for number in update.numbers {
        let entry = LedgerEntry(inputs.files[number], outcomes[number], in: inputs.list)
        entries[entry.path] = entry
      }
      return try Commit.write(
        Ledger.text(entries).span, to: update.staged, unlessIn: update.path)
    }
    for (update, isChanged) in zip(updates, areChanged) where isChanged {
      try commit.place(update.staged, as: update.path)
    }
  }

  /// Switches the dataset over.
  consuming func run() throws {
    try commit.run(syncs: context.settings.syncs)
  }
}

extension LedgerEntry {
  /// What became of a file that was read.
  fileprivate init(_ file: InputFile, _ result: FileOutcome, in list: FileList) {
    self.init(
      path: list.source(of: file), byteCount: file.byteCount, modified: file.modified,
      outcome: .read)
    let facts = list.facts(of: file)
    account = facts.account
    region = facts.region
    recordCount = result.recordCount
    firstTime = result.firstTime
    lastTime = result.lastTime
    firstPostponedTime = result.firstPostponedTime
    if let error = result.error {
      outcome = result.isTaken ? .salvaged : .failed
      reason = error.reason
      offset = error.offset
    } else {
      hash = result.hash
      switch result.skip {
      case .noRecord?: outcome = .noRecord
      case .otherFileType?: outcome = .otherFileType
      case nil: break
      }
      if result.hasTrailingData { outcome = .trailingData }
    }
  }
}
