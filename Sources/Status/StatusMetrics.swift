import Bytes
import CloudTrail

/// The status as Prometheus text, for alerts.
public enum StatusMetrics {
  /// Gauges of what is missing, and of what the digests say.
  public static func text(_ status: Status) -> String {
    var silent: [Matrix.Silence: Int] = [:]
    for row in status.matrix.rows {
      for (_, silence) in row.silentDays { silent[silence, default: 0] += 1 }
    }
    let findings = status.findings
    var lines = gauge(
      "status_empty_dates", "Days without events, by what is known of them.", "kind", status,
      [
        ("hole", findings.holes.reduce(0) { $0 + $1.dayCount }),
        ("quiet", silent[.quiet] ?? 0), ("covered", silent[.covered] ?? 0),
        ("unjudged", findings.unjudged.reduce(0) { $0 + $1.dayCount }),
      ])
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
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func gauge(
    _ name: String, _ help: String, _ label: String, _ status: Status, _ samples: [(String, Int)]
  ) -> [String] {
    let job = status.name.unicodeScalars.reduce(into: "") { text, scalar in
      if scalar == "\\" || scalar == "\"" { text.unicodeScalars.append("\\") }
      if scalar.value >= 0x20 { text.unicodeScalars.append(scalar) }
    }
    return ["# HELP trailmerge_\(name) \(help)", "# TYPE trailmerge_\(name) gauge"]
      + samples.map { "trailmerge_\(name){job_name=\"\(job)\",\(label)=\"\($0.0)\"} \($0.1)" }
  }
}
