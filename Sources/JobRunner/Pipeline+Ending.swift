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
      try staged.commit.run(syncs: settings.syncs)
      report.isCommitted = true
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
    try storeReport()
    return report
  }

  /// How the run ends if its commit succeeds.
  private var ending: RunReport.Ending {
    if !report.trailing.isEmpty { return .integrity }
    if counts.files.failed > 0 || counts.records.rejected > 0 { return .incomplete }
    return .complete
  }

  /// Writes the report below `runs/`, under the time the run began.
  private func storeReport() throws {
    let folder = preparation.layout.runs
    try FileSystem.createFolders(folder)
    let stamp = EventTime(seconds: settings.now).text.filter { $0 != "-" && $0 != ":" }
    let date = stamp.prefix(8)
    let name = "\(date.prefix(4))-\(date.dropFirst(4).prefix(2))-\(date.suffix(2))"
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
