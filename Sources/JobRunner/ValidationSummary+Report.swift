import CloudTrail
import Dataset
import Validation

extension ValidationSummary {
  /// What a report says of the digest chains, counted.
  init(_ report: ValidationReport) {
    self.init()
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
}
