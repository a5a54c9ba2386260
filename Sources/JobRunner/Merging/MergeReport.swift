import Bytes
import Dataset

extension RunReport {
  /// The report of a merge that came to its end, before the commit.
  ///
  /// It says what one run would say that found the files of all ledgers: a file that the result knew
  /// was read before. How many copies were dropped on the way nobody has counted: they are what is left
  /// of the records read.
  ///
  /// - Parameters:
  ///   - results: Of the merge.
  ///   - before: The sums of the result as it was.
  ///   - after: The manifest as it will be.
  init(_ results: MergeResults, before: Manifest.Totals, after: Manifest) {
    self.init()
    counts = results.ledger.counts
    let replaced = results.settlement.counts.replaced
    let totals = after.totals
    counts.records.replaced = replaced
    counts.records.written = totals.recordCount - before.recordCount + replaced
    counts.records.conflicts = totals.conflictCount - before.conflictCount - replaced
    counts.records.rejected = totals.rejectedCount - before.rejectedCount
    let records = counts.records
    let known = records.written + records.conflicts + records.rejected + records.filtered
    // A ledger knows of a file what it was read as last: records of files that have changed since, and
    // of files that another piece of the whole has, are counted by what is there.
    counts.records.input = max(records.input, known)
    counts.records.duplicates = counts.records.input - known
    failures = results.ledger.failures.sorted
    trailing = results.ledger.trailing.sorted
    notes = after.parts.map(\.missingDescription)
    validation = results.evidence.summary
    // Another piece may have the digests.
    let isUnproven = validation?.hasDigests == false && !after.parts.isEmpty
    if !trailing.isEmpty || validation?.isValid == false && !isUnproven {
      ending = .integrity
    } else if counts.files.failed > 0 || counts.records.rejected > 0 || !after.parts.isEmpty {
      ending = .incomplete
    }
  }
}
