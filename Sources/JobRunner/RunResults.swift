import Bytes
import Dataset
import JobFiles
import Listing
import Reading
import Writing

/// What the stages of a run came to: all that its commit and its report are made of.
struct RunResults {
  let inputs: NewInputs
  let mapped: MapOutput
  /// Folders and files that could not be read.
  let failures: FirstElements<ReadFailure>
  let evidence: Evidence
  var settlement = Settlement()
  /// The side files of rejected records; nil if they do not change.
  var rejected: SideFiles?
  var dropped = DroppedFiles()

  /// Looks at what was read, and at what the digests say of it.
  ///
  /// - Throws: `RunError.strict` for a job that allows no failed file; what validation throws.
  init(_ context: RunContext, _ inputs: NewInputs, _ mapped: MapOutput) throws {
    (self.inputs, self.mapped) = (inputs, mapped)
    var failures = inputs.failures
    failures += mapped.tally.failures
    self.failures = failures
    if context.job.strict && !failures.isEmpty { throw RunError.strict(failures.sorted) }
    evidence = try Evidence(context, inputs)
  }
}

extension RunReport {
  /// The report of stages that came to their end, before the commit.
  init(_ results: RunResults, _ context: RunContext) {
    self.init()
    counts = RunCounts(
      results.inputs.counts, results.mapped, settled: results.settlement.counts)
    counts.records.dropped = results.dropped.recordCount
    dropped = results.dropped.files
    changed = results.inputs.changed.sorted
    validation = results.evidence.summary
    failures = results.failures.sorted
    trailing = results.mapped.tally.trailing.sorted
    notes += RunReport.notes(
      onFilesNotNamed: [
        ("files that failed", results.failures.leftOutCount),
        ("files with trailing data", results.mapped.tally.trailing.leftOutCount),
        ("files that have changed", results.inputs.changed.leftOutCount),
      ])
    if let note = context.job.select.deliveryNote { notes.append(note) }
    if let count = results.inputs.counts.skipped[EventHistoryCSV.name] {
      notes.append(EventHistoryCSV.note(count))
    }
    notes += results.dropped.notes
    ending = endingIfCommitted
  }

  /// How the run ends if its commit succeeds.
  private var endingIfCommitted: ExitStatus {
    if !trailing.isEmpty || validation?.isValid == false { return .integrity }
    if counts.files.failed > 0 || counts.records.rejected > 0 { return .incomplete }
    return .complete
  }

  /// Says how many files a report does not name.
  private static func notes(onFilesNotNamed counts: [(what: String, count: Int)]) -> [String] {
    counts.filter { $0.count > 0 }.map {
      "\($0.count) more \($0.what) are not named here; the dataset's ledger names all"
    }
  }
}
