import Bytes
import CloudTrail
import Dataset

extension StatusText {
  /// What became of the digests, and what they say of log files; none for a dataset that was never
  /// validated.
  var digests: [String] {
    let evidence = status.digests
    guard !evidence.isEmpty else { return [] }
    return line("digests", digestTerms(evidence.total))
      + line("logs", logTerms(evidence.total.counts))
      + (evidence.checksSignatures ? [] : ["          no public keys: no signature was checked"])
      + evidence.damages.map { "digests   \(printable($0.description))" }
  }

  /// `digests   47 verified, 1 newest (nothing signs it yet)`.
  private func line(_ name: String, _ terms: [(Int, String)]) -> [String] {
    let terms = terms.filter { $0.0 > 0 }.map(\.1)
    if terms.isEmpty { return [] }
    let start = name + String(repeating: " ", count: 10 - name.count)
    return [start + terms.joined(separator: ", ")]
  }

  private func digestTerms(_ total: DigestTotals) -> [(Int, String)] {
    let (keyless, other) = (total.count(.keyNotFound), total.otherInvalidCount)
    return DigestTotals.fine.map { (total.count($0), "\(grouped(total.count($0))) \($0.checked)") }
      + [
        (keyless, "\(grouped(keyless)) without a public key"),
        (other, "\(grouped(other)) invalid"),
        (
          total.counts.digestsMissing,
          "\(total.counts.upTo)\(grouped(total.counts.digestsMissing)) missing"
        ),
      ]
  }

  private func logTerms(_ counts: DigestCounts) -> [(Int, String)] {
    [
      (counts.verified, "verified"), (counts.hashOK, "with an unchecked signature"),
      (counts.missing, "absent"),
      (counts.mismatch, "altered or unreadable"),
      (counts.covered, "with no digest though digests cover their time"),
      (counts.pending, "with no digest yet"), (counts.uncovered, "with no digest"),
      (counts.unchecked, "not checked"),
    ].map { ($0, "\(grouped($0)) \($1)") }
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
      let count = digest.isNamed ? "" : "up to \(grouped(digest.count)), "
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
