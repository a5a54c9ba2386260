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
  /// What all cells came to.
  let written: WritingCounts
  /// Folders and files that could not be read, by path.
  let failures: [ReadFailure]
  let evidence: Evidence
  var settlement = Settlement()
  /// The side files of rejected records; nil if they do not change.
  var rejected: SideFiles?
  var dropped = DroppedFiles()

  /// Looks at what was read, and at what the digests say of it.
  ///
  /// - Throws: `RunError.strict` for a job that allows no failed file; what validation throws.
  init(
    _ context: RunContext, _ inputs: NewInputs, _ mapped: MapOutput, written: WritingCounts
  ) throws {
    (self.inputs, self.mapped, self.written) = (inputs, mapped, written)
    failures = inputs.failures(mapped.outcomes)
    if context.job.strict && !failures.isEmpty { throw RunError.strict(failures) }
    evidence = try Evidence(context, inputs, mapped.outcomes)
  }
}

extension RunReport {
  /// The report of stages that came to their end, before the commit.
  init(_ results: RunResults, _ context: RunContext) {
    self.init()
    counts = RunCounts(
      results.inputs.counts, results.mapped.outcomes,
      filterReasons: context.recordFilter.reasons, duplicateCount: results.mapped.duplicateCount,
      written: results.written, settled: results.settlement.counts)
    counts.records.dropped = results.dropped.recordCount
    dropped = results.dropped.files
    changed = results.inputs.changed
    validation = results.evidence.summary
    failures = results.failures
    let list = results.inputs.list
    for (file, outcome) in zip(results.inputs.files, results.mapped.outcomes) {
      guard outcome.hasTrailingData || outcome.textFlaws.recordCount > 0 else { continue }
      let source = list.source(of: file)
      if outcome.hasTrailingData { trailing.append(source) }
      counts.strictReadersRefuse.add(outcome.textFlaws, of: source)
    }
    trailing.sort()
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
}
