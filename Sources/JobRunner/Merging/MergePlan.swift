public import Bytes
public import Dataset
public import JobFiles

/// Finds out what a merge would come to, without touching the result.
///
/// All of the merge is done but the commit: what is damaged, what disagrees, and every number of the
/// report come out as they would. Files that would be taken over are only read.
///
/// - Parameters:
///   - folders: The datasets, which are only read.
///   - job: As for `merge`; what is staged is in its folder for temporary files, or the system's.
///   - decidesOutputs: As for `merge`.
///   - meter: Hears how far it is.
/// - Returns: The report that the merge would give.
/// - Throws: What would keep the merge from its commit.
public func planMerge(
  _ folders: [Path], by job: Job, decidesOutputs: Bool, meter: ProgressMeter = ProgressMeter()
) throws -> RunReport {
  defer { meter.noteTime() }
  do {
    let target = Path(job.dataset)
    var job = job
    job.tempDirectory = job.tempDirectory ?? TemporaryPlace.path.description
    let staging = ScratchFolder(DatasetLayout(target), outside: job.tempDirectory.map { Path($0) })
    defer { staging.remove() }
    let operands = try MergeOperand.all(folders, besides: target)
    let layout = DatasetLayout(target, staging: try staging.path("staging"))
    let stored = try Baseline.dataset(layout)
    let rules = try MergeRules(operands, into: stored, job: decidesOutputs ? job : nil)
    job.outputs = rules.outputs
    var settings = RunSettings()
    settings.isDryRun = true
    let baseline = Baseline(merging: stored, layout, job: rules.job)
    let context = try RunContext(
      merging: job, into: baseline, hiddenStore: rules.storeCompression, nil, settings, meter)
    defer { context.scratch.remove() }
    return try merge(operands, encoder: rules.encoder, in: context)
  } catch {
    throw RunError.orStopped(error)
  }
}
