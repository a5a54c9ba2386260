import Bytes
import CloudTrail
import Dataset

extension StatusText {
  /// One line of what the digests say; none for a dataset that was never validated.
  var digests: [String] {
    guard !status.digests.isEmpty else { return [] }
    let total = status.digests.total
    var line = "digests   \(grouped(total.verified)) logs verified"
    for (count, words) in terms(total) where count > 0 { line += ", \(grouped(count)) \(words)" }
    if total.digestsMissing > 0 { line += ", " + total.missingDigests }
    if total.digestsInvalid > 0 { line += ", " + total.invalidDigests }
    return [line] + status.digests.damages.map { "digests   \(printable($0.description))" }
  }

  private func terms(_ counts: DigestCounts) -> [(Int, String)] {
    [
      (counts.hashOK, "with an unchecked signature"), (counts.missing, "absent"),
      (counts.mismatch, "altered or unreadable"),
      (counts.covered, "with no digest though digests cover their time"),
      (counts.pending, "with no digest yet"), (counts.uncovered, "with no digest"),
      (counts.unchecked, "not checked"),
    ]
  }

  /// One line `account region date` for each delivery day on which the digests and what is there
  /// disagree.
  var disagreements: [String] {
    let days = status.matrix.rows.flatMap { row in
      row.invalidDays.map { (row, $0) }
    }
    guard !days.isEmpty else { return [] }
    let lines = days.prefix(rowLimit).map { row, day in
      let family = row.family == .events ? "" : " \(row.family.rawValue)"
      return "\(row.account.shown) \(row.region.shown) \(day.day)\(family): "
        + (day.digests?.complaint ?? "")
    }
    let hidden = days.count - lines.count
    let more = hidden > 0 ? ["… and \(grouped(hidden)) more: --all shows them"] : []
    return ["", "\(counted(days.count, "delivery day")) with files or digests absent or altered:"]
      + lines + more
  }

  /// One line for each of the first files that are altered or absent, what is altered first.
  var invalidFiles: [String] {
    let (evidence, limit) = (status.digests, StatusText.fileLimit)
    let logs = evidence.logs.prefix(limit).map { log in
      "\(log.verdict.words): \(named(log.name, log.reason))"
    }
    let digests = evidence.digests.prefix(limit).map { digest -> String in
      let count = digest.count > 1 ? "up to \(grouped(digest.count)), " : ""
      let hours = digest.verdict == .missing ? count + digest.hours : ""
      return "digest \(digest.verdict.words): \(named(digest.name, digest.reason))"
        + (hours.isEmpty ? "" : ": \(hours)")
    }
    let isAll = logs.count == evidence.logs.count && digests.count == evidence.digests.count
    return logs + digests
      + (isAll
        ? []
        : [
          "… and more: trailmerge status --format json names \(grouped(DigestEvidence.nameLimit)) of each"
        ])
  }

  private func named(_ name: String, _ reason: String?) -> String {
    printable(name) + (reason.map { ": \(printable($0))" } ?? "")
  }
}
