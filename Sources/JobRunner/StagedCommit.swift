import Bytes
import CloudTrail
import Dataset
import Listing
import Reading
import Writing

/// A commit that is ready, what the dataset will hold, and what that adds to the balance.
struct StagedCommit {
  private(set) var writtenByteCount = 0
  /// Fields that are not exactly what the record says, by kind.
  private(set) var alteredFields: [String: Int] = [:]
  /// The dataset as it will be.
  let manifest: Manifest
  /// The times of the files that were read.
  private(set) var seen: [SeenTimes] = []

  private let commit: Commit
  private let context: RunContext

  /// A commit of nothing but evidence, for a run without new files; nil if that has not changed.
  static func evidence(_ context: RunContext, _ evidence: Evidence) throws -> StagedCommit? {
    var tree = context.treeUpdate()
    try evidence.stage(in: &tree)
    return tree.isEmpty ? nil : try StagedCommit(context, tree)
  }

  private init(_ context: RunContext, _ tree: consuming TreeUpdate) throws {
    self.context = context
    (commit, manifest) = try tree.finish()
  }

  /// Gathers everything that is to change.
  init(
    _ context: RunContext, _ results: RunResults, _ reducer: Reducer,
    _ gathered: [StagedPartition]
  ) throws {
    context.meter.enter(.committing)
    var tree = context.treeUpdate()
    let written = reducer.cells.all
    for (cell, result) in written { try tree.set(cell, result.summary) }
    context.noteDays(written.keys)
    let partitions = PartitionSwitch(context, written, gathered)
    try partitions.stage(in: &tree, &writtenByteCount, &alteredFields)
    try reducer.stageIndexes(written, in: &tree)
    seen = try context.stageLedger(results.inputs, results.mapped.outcomes, in: &tree)
    try results.settlement.conflicts?.stage(in: &tree)
    try results.rejected?.stage(in: &tree)
    try results.evidence.stage(in: &tree)
    self.context = context
    (commit, manifest) = try tree.finish()
  }

  /// Switches the dataset over.
  consuming func run() throws {
    try commit.run(syncs: context.settings.syncs)
  }
}

extension RunContext {
  /// What the dataset will be if nothing changes: with the output that holds its records.
  func treeUpdate() -> TreeUpdate {
    var tree = TreeUpdate(baseline.stored, replacing: baseline.replaced)
    tree.describe { manifest in
      manifest.job = baseline.job
      manifest.store = outputs.store.name
      manifest.storeKeys = outputs.store.keys
      // Files that stay as they are keep the bytes of their encoder, until a rebuild.
      if manifest.encoder.isEmpty { manifest.encoder = GzipDeflater.name }
    }
    return tree
  }

  /// Says for which days events were written.
  fileprivate func noteDays(_ cells: some Sequence<Cell>) {
    let counts = Dictionary(grouping: cells, by: \.day).mapValues(\.count)
    for (day, count) in counts.sorted(by: { $0.key < $1.key }) {
      meter.log.note(
        "writes events of \(day): "
          + counted(count, "account and region", plural: "accounts and regions"))
    }
  }

  /// Writes the ledger of every delivery whose files were read.
  ///
  /// - Returns: The times of the files, for when the ledger is committed.
  fileprivate func stageLedger(
    _ inputs: NewInputs, _ outcomes: [FileOutcome], in tree: inout TreeUpdate
  ) throws -> [SeenTimes] {
    let ledger = Ledger(baseline.stored)
    let slots = Dictionary(grouping: inputs.files.indices) { inputs.slot(of: inputs.files[$0]) }
      .sorted { $0.key < $1.key }
    let written = try workers.map(slots.count) { number in
      let slot = slots[number].key
      var entries = try ledger.entries(slot)
      for (path, time) in inputs.refreshed[slot] ?? [:] { entries[path]?.modified = time }
      for file in slots[number].value {
        var entry = LedgerEntry(inputs.files[file], outcomes[file], in: inputs.list)
        entry.modified = inputs.timeToKeep(of: inputs.files[file])
        entries[entry.path] = entry
      }
      let text = Ledger.text(entries)
      let hash = FileHash(of: text.span)
      return (text: text, hash: hash, seen: SeenTimes(slot, entries, ledger: hash.sha256))
    }
    for ((slot, _), file) in zip(slots, written) {
      try tree.put(file.text.span, file.hash, as: .ofDelivery(.ledger, slot))
    }
    return written.map(\.seen)
  }
}

/// What takes the place of every partition that changes.
private struct PartitionSwitch {
  private let context: RunContext
  private let written: [Cell: WrittenCell]
  private var staged: [Path: StagedPartition] = [:]

  init(_ context: RunContext, _ written: [Cell: WrittenCell], _ gathered: [StagedPartition]) {
    (self.context, self.written) = (context, written)
    for partition in written.values.flatMap(\.partitions) + gathered {
      staged[partition.folder] = partition
    }
  }

  /// Adds all that changes to the next state of the dataset.
  ///
  /// - Parameters:
  ///   - tree: The next state.
  ///   - byteCount: Grows by the bytes that are new in the dataset.
  ///   - altered: Grows by the fields in them that are not exactly what the record says, by kind.
  /// - Throws: `DatasetError.changedFromOutside` for a partition near those that change.
  func stage(
    in tree: inout TreeUpdate, _ byteCount: inout Int, _ altered: inout [String: Int]
  ) throws {
    var folders = Set(staged.keys)
    try folders.formUnion(emptied(tree))
    if let replaced = context.baseline.replaced {
      try folders.formUnion(replaced.partitions().keys)
    }
    try tree.checkCommittedParts(in: folders)
    try tree.checkUncommittedParts(in: staged.keys.sorted())
    let present = try presentParts(tree)
    for folder in folders.sorted() {
      let new = staged[folder]
      byteCount += try tree.replace(folder, with: new?.files, present: present[folder] ?? [])
      for (kind, count) in new?.altered.byKind ?? [] where count > 0 {
        altered[kind, default: 0] += count
      }
    }
  }

  /// The names of staged files that are in the dataset already, by their folders.
  ///
  /// A rebuild is the way out of damage: it believes no manifest, and reads what is there.
  private func presentParts(_ tree: TreeUpdate) throws -> [Path: Set<String>] {
    let folders = staged.keys.sorted()
    let (layout, staged) = (context.layout, staged)
    let old = try folders.map { try tree.committedParts(in: $0) }
    let found = try context.workers.map(
      folders.count, with: { _ in try PresentParts(layout) },
      { number, parts in
        let folder = folders[number]
        guard let new = staged[folder]?.files else { return Set<String>() }
        return try parts.names(in: folder, of: new, old: old[number])
      })
    return Dictionary(uniqueKeysWithValues: zip(folders, found))
  }

  /// The partitions of written cells that have no records any more: every one that has was staged.
  private func emptied(_ tree: TreeUpdate) throws -> [Path] {
    let outputs = context.outputs.byCell + context.outputs.gathered
    return try written.keys.flatMap { cell in outputs.flatMap { $0.folders(of: cell) } }
      .filter { try staged[$0] == nil && tree.committedParts(in: $0)?.isEmpty == false }
  }
}

extension Reducer {
  /// Writes the index of every event day whose cells were written.
  fileprivate func stageIndexes(
    _ written: [Cell: WrittenCell], in tree: inout TreeUpdate
  ) throws {
    var updates: [(day: EventDay, update: IndexUpdate, staged: Path)] = []
    for day in Set(written.keys.map(\.eventDay)).sorted() {
      let dayCells = try tree.cells(of: day.day).filter { $0.key.family == day.family }
      if dayCells.isEmpty {
        tree.remove(.index(day))
        continue
      }
      let cells = cells
      let update = IndexUpdate(
        dayCells.sorted { $0.key < $1.key }.map { ($0.key, $0.value.recordCount) },
        sources: sources, rows: { try cells.forEachRow(of: $0, $1) })
      updates.append((day, update, try tree.stagedFile()))
    }
    let pending = updates
    let hashes = try map(pending.count) { try pending[$0].update.write(to: pending[$0].staged) }
    for ((day, _, staged), hash) in zip(updates, hashes) {
      try tree.put(staged, hash, as: .index(day))
    }
  }
}

extension LedgerEntry {
  /// What became of a file that was read.
  init(_ file: InputFile, _ result: FileOutcome, in list: FileList) {
    self.init(
      path: list.source(of: file), byteCount: file.byteCount, outcome: .read)
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
      (hash, contentHash) = (result.hash, result.contentHash)
      switch result.skip {
      case .noRecord?: outcome = .noRecord
      case .otherFileType?: outcome = .otherFileType
      case nil: break
      }
      if result.hasTrailingData { outcome = .trailingData }
    }
  }
}
