import Bytes
import CloudTrail
public import Dataset
public import JobFiles
import Listing
import Reading
import Segments
import Synchronization
import Validation
import Writing

/// What a run is told beside the job.
public struct RunSettings: Sendable {
  /// Whether the commit waits for the disk.
  ///
  /// Off only for measurements: a power cut may then lose the run.
  public var syncs = true
  /// Seconds since 1970, for reports.
  public var now: Int64 = Clock.secondsSince1970

  public init() {}
}

/// Runs one job.
///
/// The order of the calls is the order of the data.
///
/// - Throws: Whatever keeps the run from its commit; the dataset is then as it was.
public func run(
  _ job: Job, _ settings: RunSettings = RunSettings(), meter: ProgressMeter = ProgressMeter()
) throws -> RunReport {
  let start = Clock.steadySeconds
  defer { meter.noteTime() }
  do {
    return try runLocked(job, settings, meter)
  } catch {
    Metrics.noteFailure(
      of: job, ExitStatus(error), settings, seconds: Clock.steadySeconds - start)
    throw error
  }
}

/// Runs one job while no other run can touch its dataset.
private func runLocked(
  _ job: Job, _ settings: RunSettings, _ meter: ProgressMeter
) throws -> RunReport {
  let layout = DatasetLayout(Path(job.dataset))
  // An input that cannot be read ends the run before it leaves a folder behind.
  try Preparation.checkInputs(job)
  try FileSystem.createFolders(layout.own)
  let lock = try takeLock(layout, waiting: job.lockWait)
  defer { lock.release() }
  try Commit.recover(layout)
  let scratch = ScratchFolder(layout, outside: job.tempDirectory.map { Path($0) })
  defer { scratch.remove() }
  do {
    var pipeline = try Pipeline(job, layout, scratch, settings, meter)
    return try pipeline.run()
  } catch {
    _ = try? Commit.recover(layout)
    throw RunError.orStopped(error)
  }
}

/// Takes the dataset's lock; a signal ends the waiting.
private func takeLock(_ layout: DatasetLayout, waiting seconds: Int) throws -> DatasetLock {
  do {
    return try DatasetLock(layout, waiting: seconds)
  } catch {
    throw RunError.orStopped(error)
  }
}

/// One run from discovery to report.
struct Pipeline {
  let job: Job
  let settings: RunSettings
  let meter: ProgressMeter
  let workers: Workers
  let memory: MemoryPlan
  let preparation: Preparation
  let plan: OutputPlan
  let recordFilter: RecordFilter
  let cellTable = CellTable()
  let sources: SourceTable
  let cells: WrittenCells
  let scratch: ScratchFolder
  let budget: Int
  /// What digests are checked with; nil when the job does not ask.
  let validation: ValidationOptions?
  let startSeconds = Clock.steadySeconds
  var report = RunReport()
  var counts: RunCounts
  /// The evidence that changes by what the digests say.
  var evidence: ValidationUpdate
  /// What became of each file, by its number.
  var outcomes: [FileOutcome] = []

  init(
    _ job: Job, _ layout: DatasetLayout, _ scratch: ScratchFolder, _ settings: RunSettings,
    _ meter: ProgressMeter
  ) throws {
    self.job = job
    self.scratch = scratch
    self.settings = settings
    self.meter = meter
    budget = job.memory ?? MachineMemory.byteCount / 4
    plan = try OutputPlan(job.outputs)
    memory = MemoryPlan(
      budget: budget, threads: Workers(count: job.threads).count,
      openFiles: OpenFileLimit.raised, outputCount: plan.byCell.count)
    workers = Workers(count: memory.workerCount)
    validation = try Pipeline.validationOptions(job)
    preparation = try Preparation(job, layout, workers, log: meter.log)
    evidence = ValidationUpdate(layout, job, preparation.roots)
    recordFilter = try job.select.recordFilter(job.families)
    let (list, files) = (preparation.discovery.list, preparation.files)
    sources = try SourceTable(
      count: files.count, path: { list.source(of: files[$0]) },
      precedes: { left, right in
        try StopSignal.check()
        return list.precedes(files[left], files[right])
      })
    cells = WrittenCells(layout, preparation.manifest, sources)
    counts = preparation.counts
    noteSelection()
    meter.log.note("memory: \(megabytes(budget)), \(memory)")
    meter.log.note("\(files.count) files to read")
  }

  /// Says what a person should know about the choice of files.
  private mutating func noteSelection() {
    if let note = job.select.deliveryNote { report.notes.append(note) }
    if let count = preparation.discovery.skipped[EventHistoryCSV.name] {
      report.notes.append(EventHistoryCSV.note(count))
    }
  }

  /// Finds output folders that the commit could not reach before anything is read for them.
  private func checkMounts() throws {
    var check = try MountCheck(preparation.layout)
    for output in plan.byCell + plan.gathered {
      for family in job.families {
        try check.check(DatasetLayout.outputFolder(output.name, family))
      }
    }
  }

  mutating func run() throws -> RunReport {
    let isIdle = preparation.files.isEmpty && preparation.replaced == nil
    if !isIdle { try checkMounts() }
    let rejected = isIdle ? [:] : try readAndWrite()
    noteFiles()
    if job.strict && counts.files.failed > 0 { throw RunError.strict(report.failures) }
    try checkDigests()
    if isIdle { return try finish(try stageEvidence()) }
    let conflicts = try settleConflicts()
    let sideFile = try keepRejected(rejected)
    guard try checkLoss(conflicts, sideFile) else { return try finish(nil, refusal: .integrity) }
    let gathered = try gather()
    let commit = try stageCommit(gathered, conflicts, sideFile)
    return try finish(commit)
  }
}
