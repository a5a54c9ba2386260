import ArgumentParser
import Dataset
import JobRunner

/// What the command line says of exit statuses, and makes of several.
extension ExitStatus {
  var meaning: String {
    switch self {
    case .complete: "complete; the balance closes (also when there was nothing new)"
    case .failed: "failed; nothing was committed"
    case .incomplete:
      "committed, but input files failed or records were rejected: the report names them"
    case .integrity: "integrity: digests, trailing data, balance, or a changed dataset"
    case .stale: "no new files, or no fresh events, and the job treats that as an error"
    case .locked: "another run holds the lock"
    case .usage: "wrong usage, or a job file that is missing or wrong"
    case .interrupted: "stopped by SIGINT, cleanly; run again to go on"
    case .terminated: "stopped by SIGTERM, cleanly; run again to go on"
    }
  }

  /// Whether the command was asked to stop, so that no further job begins.
  var isStop: Bool { self == .interrupted || self == .terminated }

  /// Ends the command with this status.
  var exitCode: ExitCode { ExitCode(Int32(rawValue)) }

  /// The table as `--help` shows it.
  static let exitStatuses =
    "EXIT STATUSES:\n"
    + allCases.map { status in
      let code = String(status.rawValue)
      return "  " + code + String(repeating: " ", count: 5 - code.count) + status.meaning
    }
    .joined(separator: "\n")
    + "\n  Of several jobs the gravest counts:\n  "
    + byGravity.map { String($0.rawValue) }.joined(separator: " < ") + "."
}
