import Bytes
import CloudTrail
public import Validation

/// What a run's report says of the digest chains.
public struct ValidationSummary: Sendable {
  /// Whether there were digests, and nothing was invalid.
  public var isValid: Bool
  public var hasDigests: Bool
  /// Whether signatures could be checked.
  public var hasKeys: Bool
  /// Digest files by the name of their status.
  public var digests: [String: Int] = [:]
  /// Log files by the name of their status.
  public var logs: [String: Int] = [:]
  /// Log files that no digest lists, by whether one should.
  public var withoutDigest: [String: Int] = [:]
  /// How many of each kind are in order, in words as `aws cloudtrail validate-logs` has them.
  public var lines: [String]
  /// One line for each thing that is invalid, safe to print.
  public var problems: [String]

  public init(_ report: ValidationReport) {
    isValid = report.hasDigests && !report.isInvalid
    hasDigests = report.hasDigests
    hasKeys = report.hasKeys
    for digest in report.digests { digests[digest.status.name, default: 0] += 1 }
    for log in report.logs { logs[log.status.name, default: 0] += 1 }
    for coverage in report.logs.compactMap(\.status.coverage) {
      withoutDigest[coverage.rawValue, default: 0] += 1
    }
    lines = report.summary
    problems = report.problems
  }

  /// `{"valid","keys","digests":{STATUS:N},"logs":{STATUS:N},"noDigest":{COVERAGE:N},
  /// "problems":[LINE]}`.
  func json() -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("valid", isValid)
    json.add("keys", hasKeys)
    json.add("digests", counts: digests)
    json.add("logs", counts: logs)
    json.add("noDigest", counts: withoutDigest)
    json.add("problems", texts: problems.map { Array($0.utf8) })
    return json.finish()
  }
}
