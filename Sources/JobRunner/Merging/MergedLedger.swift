import Bytes
import Dataset
import Reading

/// The ledgers of datasets that are merged, joined, and what they say of the files for the balance.
struct MergedLedger {
  /// Files by what became of them; of the records, how many were read and how many not selected.
  private(set) var counts = RunCounts()
  private(set) var failures = FirstElements<ReadFailure>()
  private(set) var trailing = FirstElements<Path>()
  /// Takes what is new in the ledger of the result.
  let update: LedgerUpdate

  /// Nothing yet.
  ///
  /// `update`: Takes what is new.
  init(_ update: LedgerUpdate) {
    self.update = update
  }

  /// Joins the ledgers of all operands with that of the result.
  ///
  /// - Throws: `RunError.otherFile` where two datasets have another file each of one name; `DatasetError`
  ///   for a ledger that is not as it was committed; `FileError`; `Stopped`.
  init(_ context: RunContext, _ operands: [MergeOperand]) throws {
    self.init(context.ledgerUpdate())
    let join = LedgerJoin(sorting: context.rowSorter("ledgers"))
    let stored = context.baseline.stored
    for slot in Set(operands.flatMap { $0.slots(of: .ledger) }).sorted() {
      try join.add(slot, of: stored, number: 0)
      for (number, operand) in operands.enumerated() {
        try join.add(slot, of: operand.dataset, number: number + 1)
      }
    }
    let paths = [stored.layout.root] + operands.map(\.path)
    try join.forEachFile { slot, known in try take(slot, known, paths) }
  }

  /// Takes what is known of one file.
  ///
  /// `paths`: The datasets by their numbers; the result has number 0.
  private mutating func take(
    _ slot: DeliverySlot, _ known: [LedgerJoin.Known], _ paths: [Path]
  ) throws {
    try StopSignal.check()
    let hashed = known.filter { $0.entry.hash != nil }
    if let first = hashed.first,
      let other = hashed.first(where: { $0.entry.hash != first.entry.hash })
    {
      throw RunError.otherFile(first.entry.path, paths[first.number], paths[other.number])
    }
    // What only the result knows is no file of this merge.
    guard var best = known.first, known.contains(where: { $0.number != 0 }) else { return }
    for item in known.dropFirst() where item.entry.saysMore(than: best.entry) { best = item }
    // Equal entries are those of the result.
    let isNew = best.number != 0
    if isNew { try update.note(best.entry, in: slot) }
    count(best.entry, isNew: isNew)
  }

  /// Counts a file as a run would that reads it, or finds it in its ledger.
  mutating func count(_ entry: LedgerEntry, isNew: Bool) {
    counts.files.found += 1
    switch entry.outcome {
    case .failed, .salvaged:
      counts.files.failed += 1
      failures.add(ReadFailure(entry.path, offset: entry.offset, entry.reason ?? ""))
    case .noRecord, .otherFileType: counts.files.skipped[entry.outcome.rawValue, default: 0] += 1
    case .read, .trailingData:
      if !isNew {
        counts.files.alreadyRead += 1
        return
      }
      counts.files.read += 1
      if entry.outcome == .trailingData { trailing.add(entry.path) }
    }
    guard isNew else { return }
    counts.records.input += entry.recordCount
    counts.records.filtered += entry.filteredCount
    counts.bytes.stored = counts.bytes.stored.addingClamped(entry.byteCount)
  }
}

extension RunContext {
  /// What takes the entries that are new in the ledger.
  func ledgerUpdate() -> LedgerUpdate {
    let scratch = scratch
    return LedgerUpdate(memory: min(budget / 8, 8 << 20)) { try scratch.path($0) }
  }
}
