import Bytes
import CloudTrail
public import Dataset
public import JobFiles
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
  for input in job.inputs { try checkInput(input) }
  OpenFileLimit.raise()
  try FileSystem.createFolders(layout.own)
  let lock = try takeLock(layout, waiting: job.lockWait)
  defer { lock.release() }
  try Commit.recover(layout)
  do {
    var pipeline = try Pipeline(job, layout, settings, meter)
    let scratch = pipeline.temporaryFolder
    defer { try? FileSystem.removeTree(scratch) }
    return try pipeline.run()
  } catch {
    _ = try? Commit.recover(layout)
    throw RunError.orStopped(error)
  }
}

private func checkInput(_ input: Job.Input) throws {
  let path = Path(input.path)
  switch try FileSystem.status(path).kind {
  case .folder: _ = try OpenFolder(path)
  case .other:
    throw RunError.wrongFile(
      "\(input.written) is neither a file nor a folder: what a pipe gives cannot be read again")
  case .file, .link: break
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
  let temporaryFolder: Path
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
    _ job: Job, _ layout: DatasetLayout, _ settings: RunSettings, _ meter: ProgressMeter
  ) throws {
    self.job = job
    self.settings = settings
    self.meter = meter
    budget = job.memory ?? MachineMemory.byteCount / 4
    memory = MemoryPlan(budget: budget, threads: Workers(count: job.threads).count)
    workers = Workers(count: memory.workerCount)
    validation = try Pipeline.validationOptions(job)
    preparation = try Preparation(job, layout, workers)
    evidence = ValidationUpdate(layout, job, preparation.roots)
    plan = try OutputPlan(job.outputs)
    recordFilter = try job.select.recordFilter(job.families)
    let (list, files) = (preparation.discovery.list, preparation.files)
    sources = SourceTable(
      count: files.count, path: { list.source(of: files[$0]) },
      precedes: { list.precedes(files[$0], files[$1]) })
    cells = WrittenCells(layout, preparation.manifest, sources)
    temporaryFolder =
      job.tempDirectory.map { Path($0).appending("trailmerge-\(ProcessID.current)") }
      ?? layout.temporary
    counts = preparation.counts
    noteSelection()
  }

  /// Says what a person should know about the choice of files.
  private mutating func noteSelection() {
    if let note = job.select.deliveryNote { report.notes.append(note) }
    if let count = preparation.discovery.skipped[EventHistoryCSV.name] {
      report.notes.append(EventHistoryCSV.note(count))
    }
  }

  mutating func run() throws -> RunReport {
    let isIdle = preparation.files.isEmpty && preparation.replaced == nil
    let rejected = isIdle ? [:] : try readAndWrite()
    noteFiles()
    if job.strict && counts.files.failed > 0 { throw RunError.strict(counts.files.failed) }
    try checkDigests()
    if isIdle { return try finish(try stageEvidence()) }
    let conflicts = try settleConflicts()
    let sideFile = try keepRejected(rejected)
    let gathered = try gather()
    let commit = try stageCommit(gathered, conflicts, sideFile)
    return try finish(commit)
  }
}
