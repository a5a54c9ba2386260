import Bytes
import CloudTrail
import Dataset
import JobFiles
import Reading
import Segments
import Validation
import Writing

/// What every stage of a run is given and none changes.
struct RunContext: Sendable {
  let job: Job
  let settings: RunSettings
  let meter: ProgressMeter
  let baseline: Baseline
  let outputs: OutputPlan
  let recordFilter: RecordFilter
  /// What digests are checked with; nil when the job does not ask.
  let digests: ValidationOptions?
  /// The memory budget in bytes.
  let budget: Int
  let memory: MemoryPlan
  let workers: Workers
  let longRecords: LongRecords
  let scratch: ScratchFolder
  /// What a run would have reported that died in its commit.
  let pendingReport: PendingReport?
  /// What has to be opened and is not here.
  let absent: AbsentFiles
  let startSeconds = Clock.steadySeconds

  var layout: DatasetLayout { baseline.layout }

  /// Whether a dataset that is there is rebuilt.
  var isRebuild: Bool { baseline.replaced != nil }

  /// Shares out the machine, and checks the dataset and what the job names.
  init(
    _ job: Job, _ layout: DatasetLayout, _ pendingReport: PendingReport?, _ settings: RunSettings,
    _ meter: ProgressMeter
  ) throws {
    let baseline = try Baseline(job, layout)
    try self.init(
      job, baseline,
      OutputPlan(job.outputs, hiddenStore: baseline.stored.manifest.keptStoreCompression),
      job.select.recordFilter(job.families), digests: Evidence.options(job), pendingReport,
      settings, meter, AbsentFiles(isExpected: false))
  }

  /// Shares out the machine for a merge.
  ///
  /// - Parameters:
  ///   - job: What is written, and with how much of the machine.
  ///   - baseline: The dataset that others are merged into.
  ///   - compression: How a hidden store is written.
  ///   - pendingReport: What a run would have reported that died in its commit.
  ///   - settings: Of the run.
  ///   - meter: Of the run.
  /// - Throws: What is wrong with a format's options; nothing for those of a validated job.
  init(
    merging job: Job, into baseline: Baseline, hiddenStore compression: StoreCompression,
    _ pendingReport: PendingReport?, _ settings: RunSettings, _ meter: ProgressMeter
  ) throws {
    var all = job
    all.families = Family.allCases
    try self.init(
      all, baseline, OutputPlan(job.outputs, hiddenStore: compression),
      Selection().recordFilter(Family.allCases), digests: nil, pendingReport,
      settings, meter,
      AbsentFiles(isExpected: settings.onlyPrepares))
  }

  private init(
    _ job: Job, _ baseline: Baseline, _ outputs: OutputPlan, _ recordFilter: RecordFilter,
    digests: ValidationOptions?, _ pendingReport: PendingReport?, _ settings: RunSettings,
    _ meter: ProgressMeter, _ absent: AbsentFiles
  ) {
    (self.job, self.baseline, self.outputs) = (job, baseline, outputs)
    (self.recordFilter, self.digests, self.pendingReport) = (recordFilter, digests, pendingReport)
    (self.settings, self.meter, self.absent) = (settings, meter, absent)
    budget = job.memoryBudget
    memory = MemoryPlan(
      budget: budget, threads: Workers(count: job.threads).count,
      openFiles: OpenFileLimit.raised, outputCount: outputs.byCell.count)
    workers = Workers(count: memory.workerCount)
    let scratch = ScratchFolder(baseline.layout, outside: job.tempDirectory.map { Path($0) })
    self.scratch = scratch
    longRecords = LongRecords { try scratch.path("record") }
  }

  /// Chooses the files to read.
  func chooseInputs() throws -> NewInputs {
    let inputs = try NewInputs.choose(
      job, baseline, scratch: scratch, memory: budget, on: workers, log: meter.log)
    meter.log.note("memory: \(megabytes(budget)), \(memory)")
    meter.log.note("\(inputs.files.fileCount) files to read")
    return inputs
  }

  /// Finds output folders that the commit could not reach before anything is read for them.
  func checkMounts() throws {
    var check = try FolderCheck(layout)
    for output in outputs.byCell + outputs.gathered {
      for family in job.families {
        try check.check(DatasetLayout.outputFolder(output.name, family))
      }
    }
  }

  /// One worker's file for what does not fit the memory.
  ///
  /// `sharing`: How many merges the worker does at once.
  func spillFile(_ worker: Int, sharing count: Int = 1) throws -> SpillFile {
    SpillFile(
      try scratch.path("runs-\(worker)"), mergeWidth: max(2, memory.mergeWidth / count),
      windowLimit: memory.windowLimit / count, longRecords: longRecords)
  }

  /// Sorts rows of bytes in a share of the memory.
  ///
  /// `name`: Of a temporary file, for when that does not suffice.
  func rowSorter(_ name: String) -> RowSorter {
    let scratch = scratch
    return RowSorter(memory: budget / 8) { try scratch.path(name) }
  }

  /// The side files of one kind; those of a rebuilt dataset begin empty.
  func sideFiles(_ kind: SideFiles.Kind) throws -> SideFiles {
    try SideFiles(
      kind, baseline.stored, sorting: rowSorter("\(kind)-changes"),
      scratch: try scratch.path("\(kind)"))
  }
}
