import Bytes
import CloudTrail
import Dataset
import Listing
import Reading
import Segments
import Writing

/// A commit that is ready, what the dataset will hold, and what that adds to the balance.
struct StagedCommit {
  private(set) var writtenByteCount = 0
  /// Those of them in a hidden store.
  private(set) var storeByteCount = 0
  /// Fields that are not exactly what the record says, by kind.
  private(set) var alteredFields: [String: Int] = [:]
  /// The dataset as it will be.
  let manifest: Manifest
  /// What the next run is to know of the files.
  let seen: SeenUpdate

  /// Whether the dataset will be another one.
  let hasChanges: Bool
  private let commit: Commit
  private let context: RunContext

  /// The commit of a run without new files: what the digests say, and times of files.
  init(_ context: RunContext, _ results: RunResults) throws {
    var tree = context.treeUpdate()
    seen = try results.inputs.ledger.stage(in: &tree, of: context.baseline.stored)
    try results.evidence.stage(in: &tree)
    self.context = context
    // A shard that got no file is a dataset too.
    hasChanges = !tree.isEmpty || context.baseline.isNew
    (commit, manifest) = try tree.finish()
  }

  /// Gathers everything that a merge changes.
  init(_ context: RunContext, _ merged: MergeResults, _ reducer: Reducer) throws {
    context.meter.enter(.committing)
    var tree = context.treeUpdate()
    tree.describe { manifest in
      manifest.parts = merged.parts
      manifest.encoder = merged.encoder
    }
    var partitions = try PartitionSwitch(context, reducer.cells)
    try partitions.stage(in: &tree)
    (writtenByteCount, alteredFields) = (partitions.byteCount, partitions.altered)
    storeByteCount = partitions.storeByteCount
    try reducer.stageIndexes(
      context, in: &tree, beside: merged.ledger.update, taking: merged.indexOrigins)
    seen = try merged.ledger.update.stage(in: &tree, of: context.baseline.stored)
    try merged.settlement.conflicts?.stage(in: &tree)
    try merged.rejected?.stage(in: &tree)
    try merged.evidence.stage(in: &tree)
    self.context = context
    (commit, manifest) = try tree.finish()
    hasChanges = !commit.isEmpty
  }

  /// Gathers everything that is to change.
  init(_ context: RunContext, _ results: RunResults, _ reducer: Reducer) throws {
    context.meter.enter(.committing)
    var tree = context.treeUpdate()
    try context.noteDays(reducer.cells)
    var partitions = try PartitionSwitch(context, reducer.cells)
    try partitions.stage(in: &tree)
    (writtenByteCount, alteredFields) = (partitions.byteCount, partitions.altered)
    storeByteCount = partitions.storeByteCount
    try reducer.stageIndexes(context, in: &tree, beside: results.inputs.ledger)
    seen = try results.inputs.ledger.stage(in: &tree, of: context.baseline.stored)
    try results.settlement.conflicts?.stage(in: &tree)
    if let retention = context.baseline.retention {
      var conflicts = try ConflictCut(from: retention.start)
      try conflicts.run(in: &tree)
    }
    try results.rejected?.stage(in: &tree)
    try results.evidence.stage(in: &tree)
    self.context = context
    hasChanges = true
    (commit, manifest) = try tree.finish()
  }

  /// Switches the dataset over, or leaves that to the next run.
  consuming func run() throws {
    if context.settings.onlyPrepares {
      return try commit.prepare(syncs: context.settings.syncs)
    }
    try commit.run(syncs: context.settings.syncs)
  }
}

extension RunContext {
  /// What the dataset will be if nothing changes: with the output that holds its records.
  func treeUpdate() -> TreeUpdate {
    var tree = TreeUpdate(baseline.stored, replacing: baseline.replaced)
    tree.describe { manifest in
      manifest.job = baseline.job
      manifest.parts = baseline.parts
      manifest.store = outputs.store.name
      manifest.storeKeys = outputs.store.keys
      manifest.storeCompression = outputs.storeCompression
      // Files that stay as they are keep the bytes of their encoder, until a rebuild.
      if manifest.encoder.isEmpty { manifest.encoder = GzipDeflater.name }
    }
    return tree
  }

  /// Says for which days events were written.
  fileprivate func noteDays(_ cells: WrittenCells) throws {
    var counts: [Day: Int] = [:]
    for day in cells.days where try !cells.cellsToBe(of: day.day).isEmpty {
      counts[day.day, default: 0] += try cells.cells(of: day).count
    }
    for (day, count) in counts.sorted(by: { $0.key < $1.key }) {
      meter.log.note(
        "writes events of \(day): "
          + counted(count, "account and region", plural: "accounts and regions"))
    }
  }
}

extension Reducer {
  /// Writes the index of every event day whose cells were written, while one thread writes the ledgers.
  ///
  /// `owners`: The datasets that together have exactly these cells of a day, record for record.
  fileprivate func stageIndexes(
    _ context: RunContext, in tree: inout TreeUpdate, beside ledger: LedgerUpdate,
    taking owners: IndexOrigins = { _, _ in [] }
  ) throws {
    let days = cells.days
    let staged = try days.map { _ in try tree.stagedIndex() }
    let memory = context.budget / 4 / context.workers.count
    let names = tree.names
    // The ledgers go first: they are one long piece.
    let hashes = try map(1 + days.count) { piece -> IndexUpdate.Hashes? in
      if piece == 0 {
        try ledger.write(names, of: context.baseline.stored)
        return nil
      }
      let number = piece - 1
      let day = days[number]
      let dayCells = try cells.cellsToBe(of: day.day).filter { $0.cell.family == day.family }
      if dayCells.isEmpty { return nil }
      let owners = try owners(day, dayCells)
      if owners.count == 1 {
        return try IndexUpdate.take(
          day, of: owners[0], as: context.settings.isDryRun ? nil : staged[number])
      }
      let update = IndexUpdate(
        dayCells, sources: sources, rows: { try cells.forEachPiece(of: $0, $1) })
      if !owners.isEmpty {
        let columns = try owners.map { try IdentityColumn(day, of: $0) }
        return try update.write(to: staged[number], merging: columns)
      }
      let sorter = IdentitySorter(memory: memory) {
        try context.scratch.path("identities-\(number)")
      }
      return try update.write(to: staged[number], sorter)
    }
    for (number, day) in days.enumerated() {
      if let hashes = hashes[1 + number] {
        try tree.put(staged[number], hashes, of: day)
      } else {
        tree.removeIndex(of: day)
      }
    }
  }
}
