import Dataset
import Reading
import Writing

extension RunCounts {
  /// Adds up what became of every file and every record.
  ///
  /// - Parameters:
  ///   - files: What became of the files that were not read.
  ///   - mapped: What became of those that were, and of their records.
  ///   - settled: What became of eventIDs that the cells had more than once.
  init(
    _ files: RunCounts.Files, _ mapped: MapOutput, settled: ConflictResolution.Counts
  ) {
    self = mapped.tally.counts
    self.files += files
    records.written = mapped.written.written - settled.unwritten
    records.duplicates = mapped.duplicateCount + mapped.written.duplicates + settled.duplicates
    records.conflicts = settled.conflicts
    records.replaced = settled.replaced
  }

  /// Adds what became of one file.
  ///
  /// `filterReasons`: What the counts of its filtered records are about.
  mutating func add(_ outcome: FileOutcome, _ filterReasons: [String]) {
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
