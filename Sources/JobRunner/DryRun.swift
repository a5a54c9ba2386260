public import Bytes
public import CloudTrail
public import Dataset
public import JobFiles
import Listing
import Reading
import Writing

/// What a run would read and where it would write, found out without touching the dataset.
public struct DryRun: Sendable {
  private let job: String
  private let dataset: Path
  private let started: Int64
  public var foundCount = 0
  public var fileCount = 0
  public var alreadyReadCount = 0
  public var skipped: [String: Int] = [:]
  public var storedByteCount = 0
  public var accounts: Set<PartitionValue> = []
  public var regions: Set<PartitionValue> = []
  public var days: Set<Day> = []
  public var targets: [String] = []
  /// Stored records that would leave.
  public var droppedCount = 0
  /// Folders and files that cannot be read, by path.
  public var failures: [ReadFailure] = []
  /// Sentences about what else the user should know.
  public var notes: [String] = []

  /// Looks at the inputs and the ledger; `log` hears why files are not read.
  public init(_ job: Job, log: DetailLog = .off) throws {
    started = Clock.secondsSince1970
    (self.job, dataset) = (job.name, Path(job.dataset))
    var unreadable = FirstElements<ReadFailure>()
    do {
      try job.checkInputs()
      let workers = Workers(count: job.threads)
      let layout = DatasetLayout(dataset)
      let baseline = try Baseline(job, layout)
      // Nothing is written to the dataset, temporary files neither.
      let scratch = ScratchFolder(
        layout, outside: job.tempDirectory.map { Path($0) } ?? TemporaryPlace.path)
      defer { scratch.remove() }
      let inputs = try NewInputs.choose(
        job, baseline, scratch: scratch, memory: DryRun.memory, on: workers, log: log)
      let dropped = try DroppedFiles(leaving: baseline)
      (droppedCount, notes) = (dropped.recordCount, dropped.notes)
      if let replaced = baseline.replaced, replaced.manifest.holdsRecords || replaced.isUnreadable {
        notes.append(
          "the dataset would be made again: whether that drops stored records is known when all files "
            + "are read; if it does, the run commits nothing, unless loss is allowed")
      }
      unreadable = inputs.failures
      while let group = try inputs.files.next() {
        note(group)
        for failure in try DryRun.unreadableFiles(group, workers) { unreadable.add(failure) }
      }
      fileCount = inputs.files.fileCount - (unreadable.count - inputs.failures.count)
      alreadyReadCount = inputs.counts.alreadyRead
      foundCount = inputs.counts.found
      skipped = inputs.counts.skipped
    } catch {
      throw RunError.orStopped(error)
    }
    failures = unreadable.sorted
    targets = job.outputs.map { output in
      let folders = output.partitionBy.map { "\($0.rawValue)=…/" }.joined()
      return "\(job.dataset)/\(output.name)/\(folders)\(output.partNames.name(0))"
    }
  }

  /// Bytes for files that wait to be sorted.
  private static let memory = 64 << 20

  private mutating func note(_ group: FileGroup) {
    storedByteCount += group.files.reduce(0) { $0 + $1.byteCount }
    if let account = group.facts.account { accounts.insert(account) }
    if let region = group.facts.region { regions.insert(region) }
    if let day = group.facts.delivery { days.insert(day) }
  }

  /// The files that would be read and may not be.
  private static func unreadableFiles(
    _ group: FileGroup, _ workers: Workers
  ) throws -> [ReadFailure] {
    try workers.map(group.files) { file -> ReadFailure? in
      do throws(FileError) {
        try FileSystem.checkReadable(group.path(of: file))
        return nil
      } catch {
        return ReadFailure(group.source(of: file), offset: nil, error.description)
      }
    }.compactMap { $0 }
  }

  /// 0, or 3 when there is anything that cannot be read.
  public var ending: ExitStatus { failures.isEmpty ? .complete : .incomplete }

  /// The same as a report of the run would be, with the files that it would read as read.
  public func json() -> [UInt8] {
    var report = RunReport()
    (report.job, report.dataset, report.ending) = (job, dataset, ending)
    (report.started, report.finished) = (started, Clock.secondsSince1970)
    report.isDryRun = true
    report.counts.files.found = foundCount
    report.counts.files.read = fileCount
    report.counts.files.alreadyRead = alreadyReadCount
    report.counts.files.skipped = skipped
    report.counts.files.failed = failures.count
    report.counts.bytes.stored = storedByteCount
    report.counts.records.dropped = droppedCount
    report.failures = failures
    report.notes = notes
    return report.json()
  }

  /// The lines for a person.
  public var text: String {
    let span = days.min().flatMap { first in
      days.max().map { last in
        ", delivered \(first) to \(last)"
      }
    }
    var lines = [
      "would read \(counted(fileCount, "file")), \(storedByteCount) bytes as stored",
      "  from \(counted(accounts.count, "account")), \(counted(regions.count, "region")), "
        + "\(counted(days.count, "day"))" + (span ?? ""),
    ]
    if alreadyReadCount > 0 { lines.append("  read before: \(counted(alreadyReadCount, "file"))") }
    lines += skipped.sorted { $0.key < $1.key }
      .map { "  \(counted($0.value, "file")) skipped: \($0.key)" }
    lines += failures.map { "  cannot read \(printable($0.source)): \(printable($0.reason))" }
    lines += targets.map { "would write \($0)" }
    lines += notes.map { "note: \($0)" }
    return lines.joined(separator: "\n")
  }
}
