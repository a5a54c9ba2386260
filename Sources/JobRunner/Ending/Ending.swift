import Bytes
import CloudTrail
import Dataset
import JobFiles
import Writing

/// The end of a run: its commit, and the report that says how it went.
struct Ending {
  private let context: RunContext
  private var report: RunReport

  init(_ context: RunContext, _ results: RunResults) {
    self.context = context
    report = RunReport(results, context)
  }

  /// The end of a merge.
  ///
  /// `manifest`: The dataset as it will be.
  init(_ context: RunContext, _ results: MergeResults, _ manifest: Manifest) {
    self.context = context
    report = RunReport(results, before: context.baseline.stored.manifest.totals, after: manifest)
  }

  /// Checks the balance, commits, and leaves the report with the dataset.
  ///
  /// - Parameter staged: What is to be committed; nil for nothing.
  /// - Returns: The report of the run.
  /// - Throws: What keeps the run from its commit or its report.
  consuming func commit(_ staged: StagedCommit?) throws -> RunReport {
    var manifest = (context.baseline.replaced ?? context.baseline.stored).manifest
    noteBalance()
    notePendingReport()
    if let staged, isWorthACommit(staged) {
      manifest = staged.manifest
      try RunHistory.prepare(context.layout)
      try StopSignal.check()
      try keepPendingReport(manifest)
      do {
        try staged.run()
      } catch {
        try? forgetPendingReport()
        throw error
      }
      report.isCommitted = !context.settings.onlyPrepares
      report.isPrepared = context.settings.onlyPrepares
    }
    if !report.isCommitted && !report.isPrepared {
      try FileSystem.removeTree(context.layout.staging)
    }
    keepTimes(staged)
    let dataset = StoredDataset(context.layout, manifest)
    finish(manifest)
    noteRefused(
      in: report.isCommitted ? dataset : context.baseline.replaced ?? context.baseline.stored)
    noteStaleness(dataset)
    writeMetrics(dataset)
    try keepReport()
    return report
  }

  /// Ends a merge that is only tried.
  ///
  /// - Parameter staged: What would be committed.
  /// - Returns: The report that the merge would give, except for records that strict readers refuse: those
  ///   are counted, and none is named.
  consuming func withoutCommit(_ staged: StagedCommit) -> RunReport {
    let stored = context.baseline.stored
    noteBalance()
    let isChanged = isWorthACommit(staged)
    let manifest = isChanged ? staged.manifest : stored.manifest
    finish(manifest)
    report.isDryRun = true
    report.counts.strictReadersRefuse = StrictReadersRefuse(manifest.totals.textFlaws)
    noteStaleness(StoredDataset(context.layout, manifest))
    return report
  }

  private mutating func noteBalance() {
    if report.counts.isBalanced { return }
    report.ending = .integrity
    report.notes.append("the balance does not close: nothing was committed; please report this")
  }

  /// Says what a run would have said that died in its commit.
  private mutating func notePendingReport() {
    guard let run = context.pendingReport?.run else { return }
    report.endedRun = run
    report.notes += run.lastWords
    if let status = run.status { report.ending = report.ending.graver(than: status) }
  }

  /// Keeps what the run will report, in case it dies before it can.
  private func keepPendingReport(_ manifest: Manifest) throws {
    try context.pendingReport?.store(in: context.layout)
    if context.settings.onlyPrepares { return }
    var ending = self
    ending.report.isCommitted = true
    ending.finish(manifest)
    try PendingReport.write(
      ending.report, of: manifest, to: context.layout, begunAt: context.settings.now)
  }

  /// Takes that back where the commit did not begin.
  private func forgetPendingReport() throws {
    if try context.settings.onlyPrepares || FileSystem.isThere(context.layout.journal) { return }
    guard let earlier = context.pendingReport else {
      return try PendingReport.remove(context.layout)
    }
    try earlier.restore(in: context.layout)
  }

  /// Whether there is something to commit, and the balance allows it; notes what it comes to.
  private mutating func isWorthACommit(_ staged: StagedCommit) -> Bool {
    guard staged.hasChanges, report.counts.isBalanced else { return false }
    report.counts.bytes.written = staged.writtenByteCount
    report.counts.bytes.store = staged.storeByteCount
    report.counts.alteredCells = staged.alteredFields
    return true
  }

  /// Keeps what was seen of files; without it the next run takes their hashes again.
  private mutating func keepTimes(_ staged: StagedCommit?) {
    guard let staged, report.isCommitted || !staged.hasChanges else { return }
    do {
      try staged.seen.write(to: context.layout)
    } catch {
      report.notes.append("the times of files are not kept, the next run is slower: \(error)")
    }
  }

  /// Ends a rebuild that would drop records, and commits nothing.
  consuming func refuse() throws -> RunReport {
    report.ending = .integrity
    return try commit(nil)
  }

  private mutating func finish(_ manifest: Manifest) {
    report.job = context.job.name
    report.keys = context.baseline.job
    report.isOfList = context.job.filesFrom != nil
    report.dataset = context.layout.root
    report.started = context.settings.now
    report.seconds = Clock.steadySeconds - context.startSeconds
    report.finished = context.settings.now + Int64(report.seconds)
    report.datasetRecordCount = manifest.totals.recordCount
    report.partitionCount = manifest.totals.partitionCount
    report.peakMemory = MachineMemory.peakByteCount
    report.threads = context.workers.count
  }

  /// Counts the records that strict readers of JSON refuse, as `status` and `verify` do.
  ///
  /// `dataset`: As it is now, which a commit that is only prepared has not changed.
  private mutating func noteRefused(in dataset: StoredDataset) {
    do {
      report.counts.strictReadersRefuse = try dataset.strictReadersRefuse()
    } catch {
      report.notes.append("how many records strict readers refuse is not known: \(error)")
    }
  }

  /// Says so when there is nothing new, or nothing fresh, and the job has keys that ask for that.
  private mutating func noteStaleness(_ dataset: StoredDataset) {
    let readCount = report.counts.files.read + (report.endedRun?.counts.files.read ?? 0)
    if context.job.failIfNoNewFiles && readCount == 0 {
      noteStale("no new files, which failIfNoNewFiles reports")
    }
    guard let limit = context.job.failIfStale else { return }
    let newest: Int64?
    do {
      newest = try Freshness(dataset, now: context.settings.now).newest
    } catch {
      return noteStale("the newest event is not known: \(error)")
    }
    guard let newest else { return noteStale("the dataset holds no events") }
    if context.settings.now - newest > Int64(limit) {
      noteStale(
        "the newest event is of \(EventTime(seconds: newest).text): older than the job allows")
    }
  }

  /// What else is wrong with the run decides its exit status.
  private mutating func noteStale(_ note: String) {
    report.notes.append(note)
    if report.ending == .complete { report.ending = .stale }
  }

  /// Writes the metrics; the run is committed, so that failing to is only worth a look.
  private mutating func writeMetrics(_ dataset: StoredDataset) {
    guard let path = context.job.metricsFile.map({ Path($0) }) else { return }
    do {
      let contents = try Metrics.Contents(dataset, now: report.finished)
      try Metrics(
        job: report.job, ending: report.ending, finished: report.finished, seconds: report.seconds,
        report: report, contents: contents, earlierSuccess: Metrics.success(in: path)
      ).write(to: path)
    } catch {
      report.notes.append("the metrics are not written: \(error)")
      if report.ending == .complete { report.ending = .incomplete }
    }
  }

  /// Stores the report; that it cannot be stored does not undo the commit, but the user hears of it.
  private mutating func keepReport() throws {
    do {
      if !report.isCommitted { try context.pendingReport?.store(in: context.layout) }
      try RunHistory.add(report, to: context.layout, begunAt: context.settings.now)
      try PendingReport.remove(context.layout)
    } catch  where report.isCommitted {
      if report.ending == .complete { report.ending = .incomplete }
      report.notes.append("the report of this run could not be stored: \(error)")
    }
  }
}
