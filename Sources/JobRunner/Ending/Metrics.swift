import Bytes
import CloudTrail
import Dataset
import JobFiles

/// A run's numbers as Prometheus text, for the node exporter's textfile collector
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct Metrics {
  var job: String
  var ending: ExitStatus
  /// Seconds since 1970.
  var finished: Int64
  var seconds: Double
  /// What the run did; nil when it failed, which leaves nothing to count.
  var report: RunReport?
  /// What the dataset holds; nil when it is new or cannot be read.
  var contents: Contents?
  /// The time of the last run that was complete, if this one was not.
  var earlierSuccess: Int64?

  /// What a dataset holds.
  struct Contents {
    var recordCount: Int
    /// Seconds since 1970, by account.
    var newestByAccount: [(account: String, newest: Int64)]

    init(_ dataset: StoredDataset, now: Int64) throws {
      recordCount = dataset.manifest.totals.recordCount
      newestByAccount = try Freshness(dataset, now: now).newestByAccount
    }
  }

  /// The whole file.
  var text: String {
    var lines: [String] = []
    if let time = ending == .complete ? finished : earlierSuccess {
      gauge("last_success_timestamp_seconds", "When a run was last complete.", time, &lines)
    }
    gauge("last_run_timestamp_seconds", "When the last run ended.", finished, &lines)
    gauge("last_run_exit_status", "The exit status of the last run.", ending.rawValue, &lines)
    gauge(
      "last_run_duration_seconds", "How long the last run took.", decimal(seconds, digits: 3),
      &lines)
    if let report {
      appendBalance(report, &lines)
      appendLoss(report, &lines)
    }
    if let validation = report?.validation { appendValidation(validation, &lines) }
    if let contents {
      gauge("dataset_records", "Records that the dataset holds.", contents.recordCount, &lines)
      gauge(
        "newest_event_timestamp_seconds", "The time of the newest event, by account.", "account",
        contents.newestByAccount, &lines)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func appendBalance(_ report: RunReport, _ lines: inout [String]) {
    let (files, records) = (report.counts.files, report.counts.records)
    gauge(
      "last_run_files", "Input files of the last run, by what became of them.", "class",
      [
        ("read", files.read), ("already_read", files.alreadyRead),
        ("skipped", files.skipped.values.reduce(0, +)), ("failed", files.failed),
      ], &lines)
    gauge(
      "last_run_records", "Records of the last run, by what became of them.", "fate",
      [
        ("written", records.written), ("duplicate", records.duplicates),
        ("conflict", records.conflicts), ("filtered", records.filtered),
        ("rejected", records.rejected),
      ], &lines)
  }

  /// What left the dataset, or would have.
  private func appendLoss(_ report: RunReport, _ lines: inout [String]) {
    gauge(
      "last_run_dropped_records",
      "Stored records that no input of the last run held any more, or from before select.from.",
      report.counts.records.dropped, &lines)
  }

  private func appendValidation(_ validation: ValidationSummary, _ lines: inout [String]) {
    gauge(
      "last_run_digest_problems", "What is altered, missing or forged by the digest chains.",
      validation.problemCount, &lines)
    gauge(
      "digest_problems",
      "What is altered, missing or forged, of files that have left the inputs too.",
      validation.recordedProblemCount, &lines)
    gauge(
      "last_run_digest_files", "Digest files, by what the chains say of them.", "status",
      validation.digests.sorted { $0.key < $1.key }, &lines)
    gauge(
      "last_run_log_files", "Log files, by what the digests say of them.", "status",
      validation.logs.sorted { $0.key < $1.key }, &lines)
  }

  /// One value.
  private func gauge(
    _ name: String, _ help: String, _ value: some CustomStringConvertible, _ lines: inout [String]
  ) {
    gauge(name, help, [([], value.description)], &lines)
  }

  /// A value for each value of a label.
  private func gauge(
    _ name: String, _ help: String, _ label: String,
    _ samples: [(String, some CustomStringConvertible)], _ lines: inout [String]
  ) {
    gauge(name, help, samples.map { ([(label, $0.0)], $0.1.description) }, &lines)
  }

  private func gauge(
    _ name: String, _ help: String, _ samples: [(labels: [(String, String)], value: String)],
    _ lines: inout [String]
  ) {
    guard !samples.isEmpty else { return }
    lines.append("# HELP trailmerge_\(name) \(help)")
    lines.append("# TYPE trailmerge_\(name) gauge")
    for sample in samples {
      // Not `job`: Prometheus gives that name to what it scrapes.
      let labels = ([("job_name", job)] + sample.labels)
        .map { "\($0.0)=\"\(Metrics.escaped($0.1))\"" }.joined(separator: ",")
      lines.append("trailmerge_\(name){\(labels)} \(sample.value)")
    }
  }

  /// A label value: backslash, quote and line feed escaped, other control characters left out.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: if scalar.value >= 0x20 { escaped.unicodeScalars.append(scalar) }
      }
    }
    return escaped
  }

  /// Replaces the file as a whole: the collector never sees half of it.
  ///
  /// It holds no record, and who reads it is another user.
  func write(to path: Path) throws {
    try FileSystem.writeAtomically(text.utf8.span, to: path, readers: .everyone)
  }

  /// Notes that a run failed; what the file said of the last success stays.
  ///
  /// Nothing is thrown: the run has an error already.
  static func noteFailure(
    of job: Job, _ ending: ExitStatus, _ settings: RunSettings, seconds: Double
  ) {
    guard let path = job.metricsFile.map({ Path($0) }) else { return }
    let metrics = Metrics(
      job: job.name, ending: ending, finished: settings.now + Int64(seconds), seconds: seconds,
      contents: try? Contents(
        StoredDataset(DatasetLayout(Path(job.dataset))), now: settings.now),
      earlierSuccess: success(in: path))
    try? metrics.write(to: path)
  }

  /// The time of the last complete run that an earlier file tells of.
  static func success(in path: Path) -> Int64? {
    guard let bytes = try? FileSystem.contents(of: path, limit: 1 << 20) else { return nil }
    let line = bytes.span.text().split(separator: "\n")
      .first { $0.hasPrefix("trailmerge_last_success_timestamp_seconds{") }
    return line?.split(separator: " ").last.flatMap { Int64($0) }
  }
}
