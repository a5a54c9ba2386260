import Bytes
import CloudTrail
import Dataset
import JobFiles

extension Pipeline {
  /// Checks the balance, commits, and leaves the report with the dataset.
  ///
  /// - Parameters:
  ///   - staged: What is to be committed; nil for nothing.
  ///   - refusal: How the run ends that refuses to commit anything.
  /// - Returns: The report of the run.
  /// - Throws: What keeps the run from its commit or its report.
  mutating func finish(
    _ staged: StagedCommit?, refusal: ExitStatus? = nil
  ) throws -> RunReport {
    var manifest = preparation.replaced ?? preparation.manifest
    report.counts = counts
    report.ending = refusal ?? ending
    if !counts.files.isBalanced || !counts.records.isBalanced {
      report.ending = .integrity
      report.notes.append("the balance does not close: nothing was committed; please report this")
    } else if let staged {
      try RunHistory.prepare(preparation.layout)
      try StopSignal.check()
      try staged.commit.run(syncs: settings.syncs)
      report.isCommitted = true
      manifest = staged.manifest
    }
    if !report.isCommitted { try FileSystem.removeTree(preparation.layout.staging) }
    report.job = job.name
    report.dataset = preparation.layout.root
    report.started = settings.now
    report.seconds = Clock.steadySeconds - startSeconds
    report.finished = settings.now + Int64(report.seconds)
    report.datasetRecordCount = manifest.recordCount
    report.partitionCount = manifest.partitions.count
    report.peakMemory = MachineMemory.peakByteCount
    report.threads = workers.count
    noteStaleness(manifest)
    writeMetrics(manifest)
    try keepReport()
    return report
  }

  /// Says so when there is nothing new, or nothing fresh, and the job asks to hear of it.
  private mutating func noteStaleness(_ manifest: Manifest) {
    if job.failIfNoNewFiles && counts.files.read == 0 {
      noteStale("no new files, and the job asks to hear of that")
    }
    guard let limit = job.failIfStale else { return }
    guard let newest = Freshness(manifest, now: settings.now).newest else {
      return noteStale("the dataset holds no events")
    }
    if settings.now - newest > Int64(limit) {
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
  private mutating func writeMetrics(_ manifest: Manifest) {
    guard let path = job.metricsFile.map({ Path($0) }) else { return }
    let metrics = Metrics(
      job: report.job, ending: report.ending, finished: report.finished, seconds: report.seconds,
      report: report, manifest: manifest, earlierSuccess: Metrics.success(in: path))
    do {
      try metrics.write(to: path)
    } catch {
      report.notes.append("the metrics are not written: \(error)")
      if report.ending == .complete { report.ending = .incomplete }
    }
  }

  /// How the run ends if its commit succeeds.
  private var ending: ExitStatus {
    if !report.trailing.isEmpty || report.validation?.isValid == false { return .integrity }
    if counts.files.failed > 0 || counts.records.rejected > 0 { return .incomplete }
    return .complete
  }

  /// Stores the report; that it cannot be stored does not undo the commit, but a person hears of it.
  private mutating func keepReport() throws {
    do {
      try RunHistory.add(report, to: preparation.layout, begunAt: settings.now)
    } catch  where report.isCommitted {
      if report.ending == .complete { report.ending = .incomplete }
      report.notes.append("the report of this run could not be stored: \(error)")
    }
  }
}
