import Bytes
import CloudTrail

/// The status as Prometheus text, for alerts.
public enum StatusMetrics {
  /// Gauges of what is missing, and of what the digests say.
  public static func text(_ status: Status) -> String {
    let findings = status.findings
    var lines = gauge(
      "status_empty_dates",
      "Days without events of each account and region, by what is known of them.", "kind", status,
      status.emptyDays.counts(status.matrix.rows).map { ($0.kind.rawValue, $0.count) })
    lines += gauge(
      "status_unjudged_dates",
      "Of the uncovered ones those between and after events, too few to say whether any are missing.",
      nil, status, [("", findings.unjudged.reduce(0) { $0 + $1.dayCount })])
    lines += gauge(
      "status_silent", "Accounts and regions that fell silent.", "what", status,
      [
        ("account", findings.silences.count { $0.region == nil }),
        ("region", findings.silences.count { $0.region != nil }),
      ])
    if !status.digests.isEmpty {
      lines += gauge(
        "status_log_files", "Log files and digests, by what the digests say.", "status", status,
        status.digests.total.byName)
      lines += gauge(
        "status_public_keys",
        "Whether the dataset has public keys: without them no signature is checked.", nil, status,
        [("", status.digests.hasKeys ? 1 : 0)])
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func gauge(
    _ name: String, _ help: String, _ label: String?, _ status: Status, _ samples: [(String, Int)]
  ) -> [String] {
    let job = status.name.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar == "\\" || scalar == "\"" { text.unicodeScalars.append("\\") }
      if scalar.value >= 0x20 { text.unicodeScalars.append(scalar) }
    }
    return ["# HELP trailmerge_\(name) \(help)", "# TYPE trailmerge_\(name) gauge"]
      + samples.map { value, count in
        let label = label.map { ",\($0)=\"\(value)\"" } ?? ""
        return "trailmerge_\(name){job_name=\"\(job)\"\(label)} \(count)"
      }
  }
}
