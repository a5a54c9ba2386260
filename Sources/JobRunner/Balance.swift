import Dataset
import Reading
import Writing

extension RunCounts {
  /// Adds up what became of every file and every record: the only place that does.
  ///
  /// - Parameters:
  ///   - files: What became of the files that were not read.
  ///   - outcomes: What became of those that were.
  ///   - filterReasons: What the counts of an outcome's filtered records are about.
  ///   - duplicateCount: Copies that were dropped before anything was written.
  ///   - written: What the cells came to.
  ///   - settled: What became of eventIDs that the cells had more than once.
  init(
    _ files: RunCounts.Files, _ outcomes: [FileOutcome], filterReasons: [String],
    duplicateCount: Int, written: WritingCounts, settled: ConflictResolution.Counts
  ) {
    self.init()
    self.files = files
    for outcome in outcomes { add(outcome, filterReasons) }
    records.written = written.written - settled.unwritten
    records.duplicates = duplicateCount + written.duplicates + settled.duplicates
    records.conflicts = settled.conflicts
    records.replaced = settled.replaced
  }

  private mutating func add(_ outcome: FileOutcome, _ filterReasons: [String]) {
    if outcome.error != nil {
      files.failed += 1
    } else if let skip = outcome.skip {
      files.skipped[skip.rawValue, default: 0] += 1
    } else {
      files.read += 1
    }
    records.input += outcome.recordCount
    records.rejected += outcome.rejectedCount
    records.filtered += outcome.filteredCount
    for (number, count) in outcome.filteredCounts.enumerated() where count > 0 {
      filteredBy[filterReasons[number], default: 0] += count
    }
    bytes.stored += outcome.storedByteCount
    bytes.inflated += outcome.inflatedByteCount
  }

  /// Whether every file and every record has exactly one fate.
  var isBalanced: Bool { files.isBalanced && records.isBalanced }
}
