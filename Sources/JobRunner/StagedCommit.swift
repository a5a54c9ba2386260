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
  init(_ context: RunContext, _ results: RunResults, _ reducer: Reducer) throws {
    context.meter.enter(.committing)
    var tree = context.treeUpdate()
    try context.noteDays(reducer.cells)
    var partitions = try PartitionSwitch(context, reducer.cells)
    try partitions.stage(in: &tree)
    (writtenByteCount, alteredFields) = (partitions.byteCount, partitions.altered)
    try reducer.stageIndexes(context, in: &tree)
    seen = try context.stageLedger(results.inputs, results.mapped.outcomes, in: &tree)
    try results.settlement.conflicts?.stage(in: &tree)
    if let retention = context.baseline.retention {
      var conflicts = try ConflictCut(from: retention.start)
      try conflicts.run(in: &tree)
    }
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

extension Reducer {
  /// Writes the index of every event day whose cells were written.
  fileprivate func stageIndexes(_ context: RunContext, in tree: inout TreeUpdate) throws {
    let days = cells.days
    let staged = try days.map { _ in try tree.stagedIndex() }
    let memory = context.budget / 4 / context.workers.count
    let hashes = try map(days.count) { number -> IndexUpdate.Hashes? in
      let day = days[number]
      let dayCells = try cells.cellsToBe(of: day.day).filter { $0.cell.family == day.family }
      if dayCells.isEmpty { return nil }
      let update = IndexUpdate(
        dayCells, sources: sources, rows: { try cells.forEachRow(of: $0, $1) })
      let sorter = IdentitySorter(memory: memory) {
        try context.scratch.path("identities-\(number)")
      }
      return try update.write(to: staged[number], sorter)
    }
    for (number, day) in days.enumerated() {
      if let hashes = hashes[number] {
        try tree.put(staged[number], hashes, of: day)
      } else {
        tree.removeIndex(of: day)
      }
    }
  }
}

extension LedgerEntry {
  /// What became of a file that was read.
  fileprivate init(_ file: InputFile, _ result: FileOutcome, in list: FileList) {
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
