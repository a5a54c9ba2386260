import Bytes
import CloudTrail
import Dataset

/// What validations found: the sums, the days on which digests and files disagree, and the files.
struct DigestSection {
  private let status: Status

  init(_ status: Status) {
    self.status = status
  }

  var html: HTML {
    guard !status.digests.isEmpty else { return "" }
    return """
      <section><h2>Digests</h2><p class="quiet">What CloudTrail's digests say of the log files that the \
      dataset was made of.\(status.digests.checksSignatures ? "" : " There are no public keys: no signature was checked.")\
      </p><div class="pair"><div>\(sums)</div><div>\(days)</div></div>\
      \(files)\(digests)</section>
      """
  }

  private var sums: HTML {
    let total = status.digests.total.counts
    let terms: [(String, Int, isBad: Bool)] = [
      ("with the hash in a digest whose signature was verified", total.verified, false),
      ("with the hash in a digest that nothing vouches for", total.hashOK, false),
      ("altered, damaged or unreadable", total.mismatch, true),
      ("listed by a digest, and absent", total.missing, true),
      ("in no digest, though digests cover the time of delivery", total.covered, false),
      ("in no digest yet", total.pending, false),
      ("in no digest, and none covers the time of delivery", total.uncovered, false),
      ("never checked", total.unchecked, false),
    ]
    return "\(sheet("Log files", terms))\(sheet("Digest files", digestTerms))"
  }

  private var digestTerms: [(String, Int, isBad: Bool)] {
    let total = status.digests.total
    return DigestTotals.fine.map { ($0.checked, total.count($0), false) } + [
      ("missing", total.counts.digestsMissing, true),
      ("without a public key", total.count(.keyNotFound), true),
      ("invalid", total.otherInvalidCount, true),
    ]
  }

  private func sheet(_ title: String, _ terms: [(String, Int, isBad: Bool)]) -> HTML {
    let rows = terms.filter { $0.1 > 0 }.map { name, count, isBad -> HTML in
      let upTo = name == "missing" ? status.digests.total.counts.upTo : ""
      return """
        <tr\(isBad ? " class=\"bad\"" as HTML : "")><td>\(name)</td>\
        <td class="n">\(upTo)\(grouped(count))</td></tr>
        """
    }
    if rows.isEmpty { return "" }
    return """
      <table class="sheet"><thead><tr><th>\(title)</th><th></th></tr></thead><tbody>\(rows)</tbody></table>
      """
  }

  /// What is shown one by one; the command, and the evidence itself, have all.
  private static let limit = 100

  private var days: HTML {
    let days = status.matrix.rows.flatMap { row in row.invalidDays.map { (row, $0) } }
    if days.isEmpty { return "" }
    let rows = days.prefix(DigestSection.limit).map { row, day -> HTML in
      """
      <tr>\(placeCell(row.account, row.region.shown))\
      <td class="keep">\(day.day.description)</td><td>\(day.digests?.complaint ?? "")</td></tr>
      """
    }
    return """
      <div class="scroll"><table class="sheet"><thead><tr><th>Account and region</th>\
      <th>Delivered</th><th>What is wrong</th></tr></thead><tbody>\(rows)</tbody></table></div>\
      \(more(days.count - DigestSection.limit))
      """
  }

  private var files: HTML {
    let (logs, total) = (status.digests.logs, status.digests.total.counts)
    if logs.isEmpty { return "" }
    let items = logs.prefix(DigestSection.limit).map { log -> HTML in
      return """
        <li><strong>\(log.verdict.words)</strong> \
        <code>\(log.name)</code> \(log.reason ?? "")<br><small>listed by <code>\(log.digest)</code></small></li>
        """
    }
    return """
      <h3>Log files</h3><ul class="failures">\(items)</ul>\
      \(more(total.missing + total.mismatch - items.count))
      """
  }

  private var digests: HTML {
    let (digests, total) = (status.digests.digests, status.digests.total.counts)
    if digests.isEmpty { return "" }
    let items = digests.prefix(DigestSection.limit).map { digest -> HTML in
      let count = digest.isNamed ? "" : "up to \(grouped(digest.count)) "
      return """
        <li><strong>\(count)\(digest.verdict.words)</strong> <code>\(digest.name)</code> \
        \(digest.reason ?? "") <small>\(digest.hours)</small></li>
        """
    }
    let shown = digests.prefix(DigestSection.limit).reduce(0) { $0 + $1.count }
    return """
      <h3>Digest files</h3><ul class="failures">\(items)</ul>\
      \(more(total.digestsInvalid + total.digestsMissing - shown))
      """
  }

  private func more(_ rest: Int) -> HTML {
    rest > 0
      ? "<p class=\"quiet\">and \(grouped(rest)) more</p>"
      : ""
  }
}
