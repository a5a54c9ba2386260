import Bytes
import CloudTrail
import Dataset

extension Pipeline {
  /// Checks the balance, commits, and leaves the report with the dataset.
  mutating func finish(_ staged: StagedCommit?) throws -> RunReport {
    let manifest = staged?.manifest ?? preparation.manifest
    report.counts = counts
    report.ending = ending
    if !counts.files.isBalanced || !counts.records.isBalanced {
      report.ending = .integrity
      report.notes.append("the balance does not close: nothing was committed; please report this")
    } else if let staged {
      if StopSignal.number != nil { throw Stopped() }
      report.isCommitted = !staged.commit.isEmpty
      try staged.commit.run(syncs: settings.syncs)
    }
    report.job = job.name
    report.dataset = preparation.layout.root
    report.started = settings.now
    report.seconds = Clock.steadySeconds - startSeconds
    report.finished = settings.now + Int64(report.seconds)
    report.datasetRecordCount = manifest.recordCount
    report.partitionCount = manifest.partitions.count
    report.peakMemory = MachineMemory.peakByteCount
    report.threads = workers.count
    try FileSystem.removeTree(temporaryFolder)
    noteStaleness(manifest)
    try keepReport()
    try writeMetrics(manifest)
    return report
  }

  /// Says so when there is nothing new, or nothing fresh, and the job asks to hear of it.
  private mutating func noteStaleness(_ manifest: Manifest) {
    guard report.ending == .complete else { return }
    if job.failIfNoNewFiles && counts.files.read == 0 {
      report.ending = .stale
      report.notes.append("no new files, and the job asks to hear of that")
    }
    if let limit = job.failIfStale {
      let newest = manifest.cells.values.map(\.lastTime).max()
      if newest.map({ settings.now - $0.seconds > Int64(limit) }) ?? true {
        report.ending = .stale
        report.notes.append(
          newest.map { "the newest event is of \($0.text): older than the job allows" }
            ?? "the dataset holds no events")
      }
    }
  }

  private func writeMetrics(_ manifest: Manifest) throws {
    guard let path = job.metricsFile.map({ Path($0) }) else { return }
    let metrics = Metrics(
      report: report, manifest: manifest, earlierSuccess: Metrics.success(in: path))
    try FileSystem.writeAtomically(metrics.text.utf8.span, to: path)
  }

  /// How the run ends if its commit succeeds.
  private var ending: RunReport.Ending {
    if !report.trailing.isEmpty || report.validation?.isValid == false { return .integrity }
    if counts.files.failed > 0 || counts.records.rejected > 0 { return .incomplete }
    return .complete
  }

  /// Stores the report; that it cannot be stored does not undo the commit, but a person hears of it.
  private mutating func keepReport() throws {
    do {
      try storeReport()
    } catch  where report.isCommitted {
      if report.ending == .complete { report.ending = .incomplete }
      report.notes.append("the report of this run could not be stored: \(error)")
    }
  }

  /// Writes the report below `runs/`, under the time the run began.
  private func storeReport() throws {
    let folder = preparation.layout.runs
    try FileSystem.createFolders(folder)
    let stamp = EventTime(seconds: settings.now).text.filter { $0 != "-" && $0 != ":" }
    let date = stamp.prefix(8)
    let name =
      "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"
      + stamp.dropFirst(8)
    var path = folder.appending("\(name).json")
    var copy = 1
    while FileSystem.exists(path) {
      copy += 1
      path = folder.appending("\(name)-\(copy).json")
    }
    try FileSystem.writeAtomically((report.json() + [0x0A]).span, to: path)
  }
}
