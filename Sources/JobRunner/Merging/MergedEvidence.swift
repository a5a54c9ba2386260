import Bytes
import Dataset
import Validation

extension Evidence {
  /// Joins what datasets that are merged know of digests, and judges it together.
  ///
  /// - Parameters:
  ///   - datasets: Those that are merged, without the result.
  ///   - context: Of the merge.
  ///   - ledger: The files that the datasets have read.
  ///   - isPart: Whether the result is only a part, and another may have a log that is not there.
  /// - Throws: `DatasetError` for a file that is not as it was committed; `FileError`; `Stopped`.
  init(
    merging datasets: [StoredDataset], _ context: RunContext, _ ledger: LedgerUpdate,
    isPart: Bool
  ) throws {
    let stored = context.baseline.stored
    let isAsked = context.baseline.job.contains("validate: true")
    guard isAsked || (datasets + [stored]).contains(where: { !$0.digests.slots.isEmpty }) else {
      self.init()
      return
    }
    var keys = try stored.publicKeys()
    for dataset in datasets { keys = try dataset.publicKeys(adding: keys) }
    let facts = DigestFactsUpdate(onto: stored) { context.rowSorter("digests") }
    for dataset in datasets { try facts.put(of: dataset) { _ in true } }
    let judge = EvidenceJudge(keys: keys, memory: context.budget / 4) {
      try context.scratch.path("evidence")
    }
    try facts.passAll { try judge.add($0, isCurrent: $1) }
    try judge.addLogs(of: stored)
    try ledger.forEachEntry { try judge.add($0, isNew: true) }
    context.meter.enter(.validating)
    let summary = try ValidationSummary(judging: judge, context, facts, hasKeys: keys != nil) { _ in
      isPart
    }
    self.init(facts: facts, keys: keys, summary: isAsked ? summary : nil)
  }

  /// Keeps some of what a dataset knows of digests, as it is.
  ///
  /// - Parameters:
  ///   - dataset: That a piece is made of.
  ///   - context: Of the piece.
  ///   - isKept: Whether a digest is; asked by delivery and path.
  /// - Throws: As for a merge.
  init(
    keeping dataset: StoredDataset, _ context: RunContext,
    where isKept: (DigestFacts) throws -> Bool
  ) throws {
    let facts = DigestFactsUpdate(onto: context.baseline.stored) { context.rowSorter("digests") }
    try facts.put(of: dataset, where: isKept)
    try facts.passAll { _, _ in }
    self.init(facts: facts, keys: try dataset.publicKeys())
  }
}

extension DigestFactsUpdate {
  /// Notes what another dataset knows of digests.
  fileprivate func put(
    of dataset: StoredDataset, where isTaken: (DigestFacts) throws -> Bool
  ) throws {
    for slot in dataset.digests.slots.sorted() {
      try dataset.digests.forEach(in: slot) { if try isTaken($0) { try put($0) } }
    }
  }
}
