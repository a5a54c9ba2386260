import Bytes
public import Dataset
public import JobFiles
import Segments
import Writing

/// Runs one job.
///
/// - Throws: Whatever keeps the run from its commit; the dataset is then as it was.
public func run(
  _ job: Job, _ settings: RunSettings = RunSettings(), meter: ProgressMeter = ProgressMeter()
) throws -> RunReport {
  let start = Clock.steadySeconds
  defer { meter.noteTime() }
  do {
    return try runAlone(job, settings, meter)
  } catch {
    Metrics.noteFailure(
      of: job, ExitStatus(error), settings, seconds: Clock.steadySeconds - start)
    throw error
  }
}

/// Runs one job while no other run can touch its dataset.
private func runAlone(
  _ job: Job, _ settings: RunSettings, _ meter: ProgressMeter
) throws -> RunReport {
  do {
    // An input that cannot be read ends the run before it makes a folder.
    try job.checkInputs()
    let dataset = try OpenDataset.open(
      Path(job.dataset), lockWait: job.lockWait, isRebuild: job.rebuild)
    defer { dataset.release() }
    do {
      let context = try RunContext(job, dataset.layout, settings, meter)
      defer { context.scratch.remove() }
      return try run(in: context)
    } catch {
      try? dataset.recover()
      throw error
    }
  } catch {
    throw RunError.orStopped(error)
  }
}

/// The run, in the order of the data: stages are given values and give values.
private func run(in context: RunContext) throws -> RunReport {
  let inputs = try context.chooseInputs()
  let isIdle = inputs.files.isEmpty && !context.isRebuild && context.baseline.retention == nil
  if isIdle { return try runIdle(context, inputs) }
  try context.checkMounts()
  let reducer = try Reducer(context, inputs.sources)
  let mapped = try Mapper(context, whenComplete: reducer).map(inputs)
  var results = try RunResults(context, inputs, mapped)
  try reducer.dropOldRecords()
  results.settlement = try Settlement(context, reducer)
  try reducer.rewrite(without: results.settlement.losers)
  results.rejected = try context.keepRejected(mapped.rejected, inputs, reducer.sources)
  results.dropped = try LossCheck.dropped(context, reducer, results)
  guard results.dropped.isAllowed else { return try Ending(context, results).refuse() }
  try reducer.gather()
  let staged = try StagedCommit(context, results, reducer)
  return try Ending(context, results).commit(staged)
}

/// A run without new files: only what the digests say can change.
private func runIdle(_ context: RunContext, _ inputs: NewInputs) throws -> RunReport {
  let results = try RunResults(context, inputs, MapOutput())
  return try Ending(context, results).commit(try StagedCommit(context, results))
}
