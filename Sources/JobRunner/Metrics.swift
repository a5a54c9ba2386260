import Bytes
import CloudTrail
import Dataset

/// A run's numbers as Prometheus text, for the node exporter's textfile collector
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
struct Metrics {
  let report: RunReport
  let manifest: Manifest
  /// The time of the last run that was complete, if this one was not.
  let earlierSuccess: Int64?

  /// The whole file.
  var text: String {
    var lines: [String] = []
    let (files, records) = (report.counts.files, report.counts.records)
    let isSuccess = report.ending == .complete
    if let time = isSuccess ? report.finished : earlierSuccess {
      gauge(
        "last_success_timestamp_seconds", "When a run was last complete.", [([], String(time))],
        &lines)
    }
    gauge(
      "last_run_timestamp_seconds", "When the last run ended.",
      [([], String(report.finished))], &lines)
    gauge(
      "last_run_exit_status", "The exit status of the last run.",
      [([], String(report.ending.rawValue))], &lines)
    gauge(
      "last_run_duration_seconds", "How long the last run took.",
      [([], RunReport.decimal(report.seconds))], &lines)
    let skipped = files.skipped.values.reduce(0, +)
    gauge(
      "last_run_files", "Input files of the last run, by what became of them.",
      [
        ("read", files.read), ("already_read", files.alreadyRead), ("skipped", skipped),
        ("failed", files.failed),
      ].map { ([("class", $0.0)], String($0.1)) }, &lines)
    gauge(
      "last_run_records", "Records of the last run, by what became of them.",
      [
        ("written", records.written), ("duplicate", records.duplicates),
        ("conflict", records.conflicts), ("filtered", records.filtered),
        ("rejected", records.rejected),
      ].map { ([("fate", $0.0)], String($0.1)) }, &lines)
    gauge(
      "dataset_records", "Records that the dataset holds.",
      [([], String(report.datasetRecordCount))], &lines)
    gauge(
      "newest_event_timestamp_seconds", "The time of the newest event, by account.",
      newestByAccount.map { ([("account", $0.account)], String($0.seconds)) }, &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private var newestByAccount: [(account: String, seconds: Int64)] {
    var newest: [PartitionValue: Int64] = [:]
    for (cell, summary) in manifest.cells {
      newest[cell.account] = max(newest[cell.account] ?? .min, summary.lastTime.seconds)
    }
    return newest.sorted { $0.key < $1.key }.map { ($0.key.decoded.span.text(), $0.value) }
  }

  private func gauge(
    _ name: String, _ help: String, _ samples: [(labels: [(String, String)], value: String)],
    _ lines: inout [String]
  ) {
    guard !samples.isEmpty else { return }
    lines.append("# HELP trailmerge_\(name) \(help)")
    lines.append("# TYPE trailmerge_\(name) gauge")
    for sample in samples {
      let labels = ([("job", report.job)] + sample.labels)
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

  /// The time of the last complete run that an earlier file tells of.
  static func success(in path: Path) -> Int64? {
    guard let bytes = try? FileSystem.contents(of: path) else { return nil }
    let line = bytes.span.text().split(separator: "\n")
      .first { $0.hasPrefix("trailmerge_last_success_timestamp_seconds{") }
    return line?.split(separator: " ").last.flatMap { Int64($0) }
  }
}
