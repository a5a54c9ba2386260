public import Bytes
public import Dataset
public import JobFiles
import Segments
import Writing

/// Finds out what a merge would come to, without touching the result.
///
/// - Parameters:
///   - folders: The datasets, which are only read.
///   - job: As for `merge`.
///   - decidesOutputs: As for `merge`.
///   - log: Hears what is done.
/// - Returns: A report with the files that the merge would know, and nothing written.
/// - Throws: What keeps the datasets from being merged.
public func planMerge(
  _ folders: [Path], by job: Job, decidesOutputs: Bool, log: DetailLog = .off
) throws -> RunReport {
  let started = Clock.secondsSince1970
  do {
    let target = Path(job.dataset)
    let operands = try MergeOperand.all(folders, besides: target)
    let layout = DatasetLayout(target)
    let stored = try Baseline.dataset(layout)
    let rules = try MergeRules(operands, into: stored, job: decidesOutputs ? job : nil)
    var job = job
    job.outputs = rules.outputs
    // Nothing is written to the dataset, temporary files neither.
    job.tempDirectory = job.tempDirectory ?? TemporaryPlace.path.description
    let context = try RunContext(
      merging: job, into: Baseline(merging: stored, layout, job: rules.job),
      hiddenStore: rules.storeCompression, RunSettings(), ProgressMeter(log: log))
    defer { context.scratch.remove() }
    let ledger = try MergedLedger(context, operands)
    var report = RunReport(
      failures: ledger.failures.sorted, trailing: ledger.trailing.sorted, counts: ledger.counts)
    (report.job, report.dataset, report.isDryRun) = (job.name, target, true)
    (report.started, report.finished) = (started, Clock.secondsSince1970)
    let parts = DatasetPart.joined(
      (operands.map(\.manifest) + [stored?.manifest].compactMap { $0 }).flatMap(\.parts),
      roots: Set(operands.map(\.root) + [context.baseline.root]))
    report.notes = parts.map(\.missingDescription)
    if !parts.isEmpty || ledger.counts.files.failed > 0 { report.ending = .incomplete }
    return report
  } catch {
    throw RunError.orStopped(error)
  }
}

extension RunReport {
  fileprivate init(failures: [ReadFailure], trailing: [Path], counts: RunCounts) {
    self.init()
    (self.failures, self.trailing, self.counts) = (failures, trailing, counts)
  }
}
