import Bytes
import CloudTrail

/// What the records say: the commonest events, errors by account, and what each trail delivered.
struct CensusSection {
  private let status: Status

  init(_ status: Status) {
    self.status = status
  }

  var html: HTML {
    "<div class=\"pair\">\(events)\(errors)</div>\(trails)"
  }

  private var events: HTML {
    guard let census = status.census, census.recordCount > 0 else { return "" }
    let top = Census.top(census.events, 15)
    let most = top.first?.count ?? 1
    let rows = top.map { name, count -> HTML in
      let share = max(1, count * 100 / max(most, 1))
      return """
        <tr><td class="name">\(name)</td><td class="bar"><i style="width:\(share)%"></i></td>\
        <td class="n">\(grouped(count))</td></tr>
        """
    }
    return """
      <section><h2>Most frequent events</h2><table class="bars"><tbody>\(rows)</tbody></table>\
      <p class="quiet">\(counted(census.events.count, "kind")) of event</p></section>
      """
  }

  /// The accounts shown: those with the most errors.
  private static let accountLimit = 15

  private var errors: HTML {
    guard let census = status.census, census.recordCount > 0 else { return "" }
    let accounts = census.errors.sorted {
      $0.value.errorCount != $1.value.errorCount
        ? $0.value.errorCount > $1.value.errorCount : $0.key < $1.key
    }
    let rows = accounts.prefix(CensusSection.accountLimit).map { account, errors -> HTML in
      let commonest = Census.top(errors.codes, 2).map { "\($0.name) (\(grouped($0.count)))" }
      return """
        <tr><td class="id">\(account.shown)</td><td class="n">\(grouped(errors.errorCount))</td>\
        <td class="n">\(percent(errors.errorCount, of: errors.recordCount))</td>\
        <td>\(commonest.joined(separator: ", "))</td></tr>
        """
    }
    let rest = accounts.count - CensusSection.accountLimit
    let more: HTML =
      rest > 0 ? "<p class=\"quiet\">and \(counted(rest, "account")) with fewer</p>" : ""
    return """
      <section><h2>Errors by account</h2><div class="scroll"><table><thead><tr><th>Account</th>\
      <th class="n">Errors</th><th class="n">Share</th><th>Most frequent</th></tr></thead>\
      <tbody>\(rows)</tbody></table></div>\(more)</section>
      """
  }

  private static let trailLimit = 30

  private var trails: HTML {
    let trails = status.deliveries.trails.sorted { $0.key < $1.key }
    guard !trails.isEmpty, status.census != nil else { return "" }
    let rows = trails.prefix(CensusSection.trailLimit).map { path, trail -> HTML in
      let kept = trail.keptCount ?? 0
      let others = max(0, trail.recordCount - kept)
      return """
        <tr><td class="path">\(path)</td><td class="n">\(grouped(trail.fileCount))</td>\
        <td class="n">\(grouped(trail.recordCount))</td><td class="n">\(grouped(kept))</td>\
        <td class="n">\(grouped(others))</td><td class="n">\(percent(others, of: trail.recordCount))</td></tr>
        """
    }
    return """
      <section><h2>Trails</h2><p class="quiet">An event that several trails deliver is kept once, \
      under the first path in byte order; the rest are duplicates, or were filtered out, rejected or \
      lost to another text.</p><div class="scroll"><table><thead><tr><th>Folder</th>\
      <th class="n">Files</th><th class="n">Records</th><th class="n">Kept</th>\
      <th class="n">Not kept</th><th class="n">Share</th></tr></thead><tbody>\(rows)</tbody></table></div></section>
      """
  }

  /// With one decimal.
  private func percent(_ part: Int, of whole: Int) -> String {
    guard whole > 0 else { return "–" }
    let tenths = (part * 1000 + whole / 2) / whole
    return "\(tenths / 10).\(tenths % 10) %"
  }
}
