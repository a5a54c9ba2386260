import Bytes
import CloudTrail
import Dataset
import Reading

/// What reading files came to, added up as units end.
struct ReadingTally: Sendable {
  /// Files, records and bytes of what was read; nothing that is known only later.
  private(set) var counts = RunCounts()
  private(set) var failures = FirstElements<ReadFailure>()
  /// Files whose data is followed by other bytes.
  private(set) var trailing = FirstElements<Path>()

  /// Adds what became of a file.
  ///
  /// - Parameters:
  ///   - outcome: What became of it.
  ///   - source: What reports call it.
  ///   - reasons: The reason for each filter count, by index.
  mutating func add(_ outcome: FileOutcome, of source: Path, reasons: [String]) {
    counts.add(outcome, reasons)
    if let error = outcome.error {
      failures.add(ReadFailure(source, offset: error.offset, error.reason))
    }
    if outcome.hasTrailingData { trailing.add(source) }
  }

  static func += (left: inout ReadingTally, right: ReadingTally) {
    left.counts += right.counts
    left.failures += right.failures
    left.trailing += right.trailing
  }
}
