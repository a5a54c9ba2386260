import Bytes
import CloudTrail
import Dataset

/// The status as one page that needs nothing else: no script, no font, no picture from elsewhere.
public struct StatusPage {
  fileprivate let status: Status

  public init(_ status: Status) {
    self.status = status
  }

  /// The whole page.
  public var html: String {
    let title = "\(status.name) · trailmerge"
    let page: HTML = """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="\(StatusPage.policy)">
      <title>\(title)</title>
      <style>\(StatusPage.style)</style></head>
      <body><main>
      \(header)
      \(attention)
      \(tiles)
      \(HeatMap(status).html)
      \(DigestSection(status).html)
      \(silences)
      \(holes)
      \(unjudged)
      <div class="pair">\(BalanceSection(status).balance)\(BalanceSection(status).runs)</div>
      \(CensusSection(status).html)
      </main></body></html>

      """
    return page.text
  }

  /// What a browser may not do for the page, should a name ever get through as markup.
  private static let policy =
    "script-src 'none'; img-src 'none'; font-src 'none'; connect-src 'none'; object-src 'none'; "
    + "frame-src 'none'; base-uri 'none'; form-action 'none'"

  private var header: HTML {
    let findings = Attention(status).findings
    let worst = findings.map(\.level).max()
    let fine = status.matrix.days == nil ? "no events" : "all is well"
    let word = worst.map { $0 == .bad ? "needs attention" : "worth a look" } ?? fine
    let kind = worst.map { $0 == .bad ? "bad" : "warn" } ?? "good"
    let run = status.lastRun.map { run -> HTML in
      "Last run started \(readable(run.started)), took \(decimal(run.seconds)) s, exit \(run.exit)."
    }
    return """
      <header><h1>\(status.name)</h1><span class="pill \(kind)">\(word)</span>
      <p class="path">\(status.dataset.layout.root)</p><p>\(run ?? "No run report is kept.")</p></header>
      """
  }

  private var attention: HTML {
    let findings = Attention(status).findings
    guard !findings.isEmpty else {
      return """
        <section><h2>What to look at first</h2><p class="quiet">\(nothing)</p></section>
        """
    }
    let items = findings.map { finding -> HTML in
      """
      <li class="\(finding.level == .bad ? "bad" : "warn")"><strong>\(finding.title)</strong> \
      <span>\(finding.detail)</span></li>
      """
    }
    return """
      <section><h2>What to look at first</h2><ol class="findings">\(items)</ol></section>
      """
  }

  /// Why nothing is to be looked at.
  private var nothing: String {
    if status.matrix.days == nil {
      return "The dataset holds no events: there is nothing to judge by."
    }
    let unjudged = status.findings.unjudged.count
    let rows = counted(unjudged, "account and region", plural: "accounts and regions")
    return
      "Nothing: every file was read, and no account or region that is usually there is missing."
      + (unjudged > 0 ? " Of \(rows) there is too little to say." : "")
  }

  private var tiles: HTML {
    let matrix = status.matrix
    let span =
      matrix.days.map { "\($0.lowerBound.description) to \($0.upperBound.description)" } ?? ""
    func tile(_ count: Int, _ noun: String, _ note: String = "") -> (String, Int, String) {
      (count == 1 ? noun : noun + "s", count, note)
    }
    let totals = status.totals
    var tiles: [(String, Int, String)] = [
      tile(totals.recordCount, "event"),
      tile(status.deliveries.fileCount, "file", megabytes(status.deliveries.byteCount)),
      tile(matrix.accountCount, "account"), tile(matrix.regionCount, "region"),
      tile(matrix.days?.count ?? 0, "day", span),
      tile(status.findings.holes.reduce(0) { $0 + $1.dayCount }, "hole", "in days"),
      tile(totals.conflictCount, "conflict", "texts kept aside"),
      ("rejected", totals.rejectedCount, "records kept aside"),
    ]
    let digests = status.digests.total.counts
    if !status.digests.isEmpty {
      let listed = "of \(counted(digests.listed, "log")) in digests"
      tiles.append(("verified", digests.verified, listed))
      if digests.hashOK > 0 { tiles.append(("hash ok", digests.hashOK, "signature unchecked")) }
      tiles.append(("absent or altered", digests.missing + digests.mismatch, "by the digests"))
    }
    let shown = tiles.map { name, count, note -> HTML in
      "<div class=\"tile\"><b>\(grouped(count))</b><span>\(name)</span><small>\(note)</small></div>"
    }
    return "<section class=\"tiles\">\(shown)</section>"
  }

  private var silences: HTML {
    let silences = status.findings.silences
    guard !silences.isEmpty else { return "" }
    let rows = silences.prefix(StatusPage.holeLimit).map { silence -> HTML in
      """
      <tr>\(placeCell(silence.account, silence.region?.shown ?? "all"))\
      <td class="keep">\(silence.lastDay.description)</td><td class="n">\(grouped(silence.dayCount))</td></tr>
      """
    }
    return """
      <section><h2>Fell silent</h2><p class="quiet">Events day by day, and none in the two newest days \
      or longer.</p><div class="scroll"><table><thead><tr><th>Account and region</th>\
      <th>Last events</th><th class="n">Days since</th></tr></thead><tbody>\(rows)</tbody></table></div></section>
      """
  }

  /// The holes shown one by one; the command lists them all.
  fileprivate static let holeLimit = 200

  private var holes: HTML {
    let holes = status.findings.holes
    guard !holes.isEmpty else { return "" }
    let rows = holes.prefix(StatusPage.holeLimit).map { hole -> HTML in
      let last = hole.dayCount == 1 ? "" : " to \(hole.days.upperBound.description)"
      return """
        <tr>\(placeCell(hole.account, hole.region.shown))\
        <td>\(hole.days.lowerBound.description)\(last)</td><td class="n">\(grouped(hole.dayCount))</td></tr>
        """
    }
    let rest = holes.count - StatusPage.holeLimit
    let more: HTML =
      rest > 0
      ? "<p class=\"quiet\">and \(grouped(rest)) more: trailmerge status lists all</p>" : ""
    return """
      <section><h2>Holes</h2><p class="quiet">Days without events between days with events of the \
      same account and region.</p><div class="scroll"><table><thead><tr><th>Account and region</th>\
      <th>Days</th><th class="n">Count</th></tr></thead><tbody>\(rows)</tbody></table></div>\(more)</section>
      """
  }
}

extension StatusPage {
  /// The rows with days of which nobody can say whether they are holes.
  fileprivate var unjudged: HTML {
    let unjudged = status.findings.unjudged
    guard !unjudged.isEmpty else { return "" }
    let rows = unjudged.prefix(StatusPage.holeLimit).map { row -> HTML in
      """
      <tr>\(placeCell(row.accountRegion.account, row.accountRegion.region.shown))\
      <td>\(row.days.lowerBound.description) to \(row.days.upperBound.description)</td>\
      <td class="n">\(grouped(row.dayCount))</td></tr>
      """
    }
    return """
      <section><h2>Not judged</h2><p class="quiet">Days without events among too few days with events \
      to say whether something is missing.</p><div class="scroll"><table><thead><tr>\
      <th>Account and region</th><th>From, to</th><th class="n">Empty days</th></tr></thead>\
      <tbody>\(rows)</tbody></table></div></section>
      """
  }
}

/// The cell of an account and region: side by side, or below one another where that is too wide.
func placeCell(_ account: PartitionValue, _ region: String) -> HTML {
  "<td><span class=\"id\">\(account.shown)</span> <span class=\"keep\">\(region)</span></td>"
}

/// `2026-11-20T02:00:03Z` as people write it.
func readable(_ time: String) -> String {
  time.replacing("T", with: " ").replacing("Z", with: " UTC")
}
