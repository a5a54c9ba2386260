public import Bytes
import CloudTrail

/// What one run did: the balance sheet and what the user has to look at.
public struct RunReport: Sendable {
  public var job = ""
  public var dataset: Path = ""
  /// Seconds since 1970.
  public var started: Int64 = 0
  public var finished: Int64 = 0
  public var seconds = 0.0
  public var ending = ExitStatus.complete
  /// What ended the run before its commit; nil for one that came to its end.
  public var problem: String?
  public var counts = RunCounts()
  /// Files that failed, by path.
  public var failures: [ReadFailure] = []
  /// Files whose data is followed by other bytes.
  public var trailing: [Path] = []
  /// Files read before that have another size or date now, and were read again.
  public var changed: [Path] = []
  /// Files that no longer give the stored records that came from them, by path, for a rebuild.
  public var dropped: [DroppedFile] = []
  /// What the digests say; nil when the job did not ask.
  public var validation: ValidationSummary?
  /// Sentences about what else the user should know.
  public var notes: [String] = []
  /// What of the job decides the bytes of the dataset, as the manifest has it.
  public var keys: [String] = []
  /// Whether the run looked at those files only that a list named.
  public var isOfList = false
  /// Whether it says what a run would do, and nothing was read or written.
  public var isDryRun = false
  /// Whether the commit is written down, and the next run switches the dataset over.
  public var isPrepared = false
  /// What a merge has to open and is not here, with what each holds.
  public var needed: [(path: Path, hash: FileHash)] = []
  /// Whether the dataset was switched over.
  public var isCommitted = false
  /// The run before, if it died in its commit, and this run ended that.
  public var endedRun: PastRun?
  /// What the dataset holds now.
  public var datasetRecordCount = 0
  public var partitionCount = 0
  public var peakMemory = 0
  public var threads = 0

  public init() {}

  /// Whether the dataset is another than before.
  public var hasChangedDataset: Bool { isCommitted || endedRun != nil }

  /// A file whose stored records are dropped.
  public struct DroppedFile: Sendable {
    /// As the ledger names it.
    public var source: Path
    public var recordCount: Int

    public init(source: Path, recordCount: Int) {
      (self.source, self.recordCount) = (source, recordCount)
    }
  }

  /// The report of a run that failed before it counted anything.
  ///
  /// `problem`: What ended it.
  public init(
    failing job: String, _ dataset: Path, _ ending: ExitStatus, _ problem: String,
    started: Int64, finished: Int64
  ) {
    (self.job, self.dataset, self.ending, self.problem) = (job, dataset, ending, problem)
    (self.started, self.finished) = (started, finished)
    seconds = Double(finished - started)
  }
}

// MARK: - JSON

extension RunReport {
  /// Changes when a member changes its name or meaning, not when one is added.
  public static let format = 1

  /// The report as one JSON object on one line.
  public func json() -> [UInt8] {
    var report = JSONObjectWriter()
    report.add("format", RunReport.format)
    report.add("job", job)
    report.add("dataset", bytes: dataset.bytes)
    report.add("started", EventTime(seconds: started).text)
    report.add("finished", EventTime(seconds: finished).text)
    report.add("seconds", raw: decimal(seconds, digits: 3))
    report.add("exit", ending.rawValue)
    if isOfList { report.add("filesFrom", true) }
    if isDryRun { report.add("dryRun", true) }
    report.add("committed", hasChangedDataset)
    if let endedRun { report.add("endedRun", raw: RunReport.json(endedRun).span) }
    if isPrepared { report.add("prepared", true) }
    if let problem { report.add("error", problem) }
    if !needed.isEmpty { report.add("needed", array: needed.map(RunReport.json)) }
    report.add("files", raw: counts.files.json().span)
    report.add("records", raw: counts.records.json().span)
    var bytes = JSONObjectWriter()
    bytes.add("stored", counts.bytes.stored)
    bytes.add("inflated", counts.bytes.inflated)
    bytes.add("written", counts.bytes.written)
    bytes.add("store", counts.bytes.store)
    report.add("bytes", raw: bytes.finish().span)
    report.add("filteredBy", counts: counts.filteredBy)
    report.add("alteredCells", counts: counts.alteredCells)
    report.add("strictReadersRefuse", raw: counts.strictReadersRefuse.json().span)
    report.add("failures", array: failures.map(RunReport.json))
    report.add("trailingData", texts: trailing.map(\.bytes))
    report.add("changed", texts: changed.map(\.bytes))
    report.add("dropped", array: dropped.map(RunReport.json))
    if let validation { report.add("validation", raw: validation.json().span) }
    report.add("notes", texts: notes.map { Array($0.utf8) })
    report.add("keys", texts: keys.map { Array($0.utf8) })
    report.add("datasetRecords", datasetRecordCount)
    report.add("partitions", partitionCount)
    report.add("threads", threads)
    report.add("peakMemory", peakMemory)
    return report.finish()
  }

  private static func json(_ run: PastRun) -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("started", run.started)
    json.add("exit", run.exit)
    return json.finish()
  }

  private static func json(_ failure: ReadFailure) -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("path", bytes: failure.source.bytes)
    if let offset = failure.offset {
      json.add("offset", offset)
    } else {
      json.add("offset", raw: "null")
    }
    json.add("reason", failure.reason)
    return json.finish()
  }

  private static func json(_ path: Path, _ hash: FileHash) -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("path", bytes: path.bytes)
    json.add("bytes", hash.byteCount)
    json.add("sha256", hash.sha256.hex)
    return json.finish()
  }

  private static func json(_ file: DroppedFile) -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("path", bytes: file.source.bytes)
    json.add("records", file.recordCount)
    return json.finish()
  }
}
