public import Bytes
import CloudTrail
public import Dataset
public import JobFiles
import Segments
import Writing

/// Merges datasets into one.
///
/// - Parameters:
///   - folders: The datasets, which are only read.
///   - job: Where to write and with how much of the machine; its inputs are not read.
///   - decidesOutputs: Whether the job says what is written; if not, the datasets' own outputs are.
///   - settings: Of the run.
///   - meter: Hears how far the merge is.
/// - Returns: The report, as of one run over all files that the datasets were made from.
/// - Throws: Whatever keeps the merge from its commit; the dataset is then as it was.
public func merge(
  _ folders: [Path], by job: Job, decidesOutputs: Bool,
  _ settings: RunSettings = RunSettings(), meter: ProgressMeter = ProgressMeter()
) throws -> RunReport {
  let start = Clock.steadySeconds
  defer { meter.noteTime() }
  do {
    // A dataset that cannot be read ends the merge before it makes a folder.
    let operands = try MergeOperand.all(folders, besides: Path(job.dataset))
    let dataset = try OpenDataset.open(
      Path(job.dataset), lockWait: job.lockWait, isRebuild: false)
    defer { dataset.release() }
    do {
      let stored = try Baseline.dataset(dataset.layout)
      let rules = try MergeRules(operands, into: stored, job: decidesOutputs ? job : nil)
      let baseline = Baseline(merging: stored, dataset.layout, job: rules.job)
      var job = job
      job.outputs = rules.outputs
      let context = try RunContext(
        merging: job, into: baseline, hiddenStore: rules.storeCompression, settings, meter)
      defer { context.scratch.remove() }
      return try merge(operands, encoder: rules.encoder, in: context)
    } catch {
      try? dataset.recover()
      throw error
    }
  } catch {
    Metrics.noteFailure(
      of: job, ExitStatus(error), settings, seconds: Clock.steadySeconds - start)
    throw RunError.orStopped(error)
  }
}

extension MergeOperand {
  /// Opens datasets, each once.
  ///
  /// `target`: The result, which is what it is merged into and no operand of its own.
  ///
  /// - Throws: As for one; `RunError.usage` for a target inside a dataset.
  static func all(_ folders: [Path], besides target: Path) throws -> [MergeOperand] {
    let place = target
    let target = try FileSystem.isThere(target) ? FileSystem.resolved(target) : target
    var operands: [MergeOperand] = []
    for folder in folders {
      let operand = try MergeOperand(folder, among: folders.count)
      try operand.checkIsOutside(place)
      let isKnown = operand.path == target || operands.contains { $0.root == operand.root }
      if !isKnown { operands.append(operand) }
    }
    return operands
  }
}

/// The datasets that together have exactly some cells of an event day, record for record, and nothing else
/// of that day; none if there are no such datasets.
typealias IndexOrigins =
  @Sendable (EventDay, [(cell: Cell, recordCount: Int)]) throws -> [StoredDataset]

/// What the stages of a merge came to.
struct MergeResults {
  let ledger: MergedLedger
  var settlement = Settlement()
  /// The side files of rejected records; nil if they do not change.
  var rejected: SideFiles?
  let evidence: Evidence
  /// The datasets that have exactly some cells of a day.
  let indexOrigins: IndexOrigins
  /// What the result is only a part of.
  var parts: [DatasetPart]
  let encoder: String
}

/// The merge: a run whose records come from other datasets.
func merge(
  _ operands: [MergeOperand], encoder: String, in context: RunContext
) throws -> RunReport {
  let isNowhere =
    try context.settings.isDryRun && !FileSystem.isThere(context.baseline.stored.layout.own)
  if !isNowhere { try context.checkMounts() }
  let ledger = try MergedLedger(context, operands)
  let datasets = [context.baseline.stored] + operands.map(\.dataset)
  let days = Set(operands.flatMap(\.eventDays)).sorted()
  try context.absent.noteIndexes(of: days, context.baseline.stored)
  try context.absent.check()
  let reducer = try Reducer(context, SourceTable { try context.scratch.path("sources") })
  let cells = try MergedCells(reducer, operands, encoder: encoder)
  let parts = DatasetPart.joined(
    datasets.flatMap(\.manifest.parts),
    roots: Set(operands.map(\.root) + [context.baseline.root]))
  var results = MergeResults(
    ledger: ledger,
    evidence: try Evidence(
      merging: operands.map(\.dataset), context, ledger.update, isPart: !parts.isEmpty),
    indexOrigins: cells.owners, parts: parts, encoder: encoder)
  context.meter.enter(.merging)
  try cells.write()
  results.settlement = try Settlement(context, reducer, merging: operands.map(\.dataset))
  if let losers = results.settlement.losers { cells.origins.forget(losers.cells) }
  try reducer.rewrite(without: results.settlement.losers)
  results.rejected = try context.mergeRejected(operands)
  try cells.gather()
  let piece = context.leaveOutPieces(of: &results)
  let staged = try StagedCommit(context, results, reducer)
  if let piece, staged.hasChanges { throw RunError.onlyPiece(context.layout.root, piece) }
  let ending = Ending(context, results, staged.manifest)
  return try context.settings.isDryRun
    ? ending.withoutCommit(staged) : ending.commit(staged)
}

extension RunContext {
  /// Keeps a whole dataset from becoming a piece of another, which takes no run any more.
  ///
  /// - Returns: What would be missing; nil if the result may be what the merge says. A merge that leaves
  ///   something out may change nothing.
  fileprivate func leaveOutPieces(of results: inout MergeResults) -> DatasetPart? {
    guard !baseline.isNew, baseline.stored.manifest.parts.isEmpty else { return nil }
    let piece = results.parts.first { $0.kind == .split }
    results.parts.removeAll { $0.kind == .split }
    return piece
  }
}
