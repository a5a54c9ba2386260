import Bytes
import CloudTrail

/// The matrix as an SVG: a row for each account and region, or for each account when those would
/// be too many, and a square for each day or for several days.
///
/// A large map is drawn as one path for each shade, which keeps the page small.
struct HeatMap {
  struct Line {
    var name: String
    var note: String
    var strip: Strip
    var days: [Day: Int]
    /// What the digests complain of, by delivery day.
    var invalid: [Day: String]
    var needsAttention: Bool
    var isFirstOfAccount = true
  }

  /// Rows past which the regions of an account share one.
  private static let rowLimit = 120
  /// Squares past which they have no tip of their own.
  private static let tipLimit = 6000
  private static let stepLimit = 370

  let lines: [Line]
  private let scale: Strip.Scale?
  private let isByAccount: Bool

  init(_ status: Status) {
    let rows = status.matrix.rows.filter(\.isShown)
    isByAccount = rows.count > HeatMap.rowLimit
    guard let days = status.matrix.shownDays else {
      (lines, scale) = ([], nil)
      return
    }
    let scale = Strip.Scale(days, limit: HeatMap.stepLimit)
    self.scale = scale
    lines =
      isByAccount
      ? HeatMap.linesByAccount(rows, status.findings, scale)
      : HeatMap.linesByRow(rows, status.findings, scale)
  }

  private static func linesByRow(
    _ rows: [Matrix.Row], _ findings: Findings, _ scale: Strip.Scale
  ) -> [Line] {
    var last: PartitionValue?
    return rows.map { row in
      let holes = findings.holes.filter {
        $0.accountRegion == row.accountRegion
      }
      let family = row.family == .events ? "" : " · \(row.family.rawValue)"
      defer { last = row.account }
      let days = row.days.map { ($0.day, $0.recordCount) }
      let gap = row.longestGap.map { ", longest gap \(duration($0.seconds))" } ?? ""
      return Line(
        name: "\(row.account.shown) \(row.region.shown)\(family)",
        note: "\(grouped(row.recordCount)) events, \(grouped(row.fileCount)) files\(gap)",
        strip: Strip(
          days, holes: holes.map(\.days), invalid: row.invalidDays.map(\.day), scale),
        days: Dictionary(uniqueKeysWithValues: days), invalid: complaints([row]),
        needsAttention: !holes.isEmpty || !row.invalidDays.isEmpty || isSilent(row, findings),
        isFirstOfAccount: last != row.account)
    }
  }

  /// Accounts that need attention come first.
  private static func linesByAccount(
    _ rows: [Matrix.Row], _ findings: Findings, _ scale: Strip.Scale
  ) -> [Line] {
    let holes = Dictionary(grouping: findings.holes, by: \.account)
    let silent = Set(findings.silences.filter { $0.region == nil }.map(\.account))
    let lines = Dictionary(grouping: rows, by: \.account).sorted { $0.key < $1.key }
      .map { account, rows in
        var days: [Day: Int] = [:]
        for day in rows.flatMap(\.days) { days[day.day, default: 0] += day.recordCount }
        let invalid = complaints(rows)
        let regions = rows.count == 1 ? "1 region" : "\(rows.count) regions"
        let total = days.values.reduce(0, +)
        return Line(
          name: account.shown, note: "\(grouped(total)) events, \(regions)",
          strip: Strip(
            days.map { ($0.key, $0.value) }, holes: (holes[account] ?? []).map(\.days),
            invalid: Array(invalid.keys), scale),
          days: days, invalid: invalid,
          needsAttention: holes[account] != nil || silent.contains(account) || !invalid.isEmpty)
      }
    return lines.filter(\.needsAttention) + lines.filter { !$0.needsAttention }
  }

  private static func isSilent(_ row: Matrix.Row, _ findings: Findings) -> Bool {
    row.family == .events
      && findings.silences.contains {
        $0.account == row.account && ($0.region == nil || $0.region == row.region)
      }
  }

  private static func complaints(_ rows: [Matrix.Row]) -> [Day: String] {
    var complaints: [Day: [String]] = [:]
    for row in rows {
      let place = rows.count == 1 ? "" : "\(row.region.shown): "
      for day in row.invalidDays {
        complaints[day.day, default: []].append(place + (day.digests?.complaint ?? ""))
      }
    }
    return complaints.mapValues { $0.joined(separator: "; ") }
  }

  // MARK: Drawing

  var rowHeight: Int { lines.count > 40 ? 12 : 20 }
  var stepWidth: Int {
    guard let scale else { return 1 }
    return max(2, min(26, 860 / scale.stepCount))
  }
  var nameWidth: Int {
    let longest = lines.map { min($0.name.count, 40) }.max() ?? 0
    return longest * (rowHeight > 12 ? 8 : 7) + 12
  }
  static let axisHeight = 24

  var html: HTML {
    guard let scale, !lines.isEmpty else {
      return
        "<section><h2>Coverage</h2><p class=\"quiet\">The dataset holds no events.</p></section>"
    }
    // The last date may reach past the last square.
    let width = nameWidth + scale.stepCount * stepWidth + 70
    let height = HeatMap.axisHeight + lines.count * rowHeight + 4
    let unit = scale.daysPerStep == 1 ? "a day" : "\(scale.daysPerStep) days"
    let what =
      isByAccount ? "A row is an account with all its regions" : "A row is an account and region"
    let order = isByAccount ? ", those with something missing first" : ""
    let hasTips = lines.count * scale.stepCount <= HeatMap.tipLimit
    return """
      <section><h2>Coverage</h2><p class="quiet">\(what)\(order); a square is \(unit) of events. \
      Shades compare with the row's usual day.</p>\(legend)
      <div class="map"><svg role="img" aria-label="Events by account, region and day" \
      width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      class="\(rowHeight > 12 ? "tall" : "dense")">
      \(axis(scale))\(hasTips ? squares(scale) : paths(scale))\(crosses(scale))\(names)
      </svg></div></section>
      """
  }

  private var legend: HTML {
    let entries: [(Strip.Step, String)] = [
      (.hole, "nothing where neighbours have something"), (.few, "far fewer"), (.some, "fewer"),
      (.usual, "usual"), (.many, "far more"), (.none, "nothing"),
    ]
    let items = entries.map { step, name -> HTML in
      """
      <span><svg width="12" height="12"><rect class="s\(step.rawValue)" width="12" height="12" rx="2"/></svg> \
      \(name)</span>
      """
    }
    let cross: HTML = """
      <span><svg width="12" height="12"><path class="halo" d="M2 2l8 8m0-8l-8 8"/>\
      <path class="cross" d="M2 2l8 8m0-8l-8 8"/></svg> files or digests absent or altered</span>
      """
    let hasCrosses = lines.contains { $0.strip.isInvalid.contains(true) }
    return "<p class=\"legend\">\(hasCrosses ? [cross] : [])\(items)</p>"
  }

  /// A date for about every 90 pixels.
  private func axis(_ scale: Strip.Scale) -> HTML {
    let every = max(1, (90 + stepWidth - 1) / stepWidth)
    let marks = stride(from: 0, to: scale.stepCount, by: every).map { step -> HTML in
      let x = nameWidth + step * stepWidth
      return """
        <path class="tick" d="M\(x) 18v6"/><text class="axis" x="\(x)" y="13">\
        \(scale.days(of: step).lowerBound.description)</text>
        """
    }
    return "\(marks)"
  }

  private var names: HTML {
    let labels = lines.enumerated().map { place, line -> HTML in
      let y = HeatMap.axisHeight + place * rowHeight
      let shown = line.name.count > 40 ? line.name.prefix(39) + "…" : line.name[...]
      return """
        <text class="name\(line.needsAttention ? " look" : "")" x="0" y="\(y + rowHeight - (rowHeight > 12 ? 6 : 3))">\
        \(shown)<title>\(line.name): \(line.note)</title></text>
        """
    }
    return "\(labels)"
  }

  private func squares(_ scale: Strip.Scale) -> HTML {
    let gap = stepWidth > 5 ? 2 : 0
    let rows = lines.enumerated().map { place, line -> HTML in
      let y = HeatMap.axisHeight + place * rowHeight
      let squares = line.strip.steps.indices.map { step -> HTML in
        let days = scale.days(of: step)
        let count = days.reduce(0) { $0 + (line.days[$1] ?? 0) }
        let end = days.count == 1 ? "" : " to \(days.upperBound.description)"
        let events = count == 1 ? "1 event" : "\(grouped(count)) events"
        return """
          <rect class="s\(line.strip.steps[step].rawValue)" x="\(nameWidth + step * stepWidth)" \
          y="\(y)" width="\(stepWidth - gap)" height="\(rowHeight - 2)" rx="\(gap)">\
          <title>\(line.name), \(days.lowerBound.description)\(end): \(events)</title></rect>
          """
      }
      return "\(squares)"
    }
    return "\(rows)"
  }

  /// One path a shade; neighbours of one shade are drawn as one.
  private func paths(_ scale: Strip.Scale) -> HTML {
    let shades = Strip.Step.allCases.map { shade -> HTML in
      var path = ""
      for (place, line) in lines.enumerated() {
        let y = HeatMap.axisHeight + place * rowHeight
        var step = 0
        while step < line.strip.steps.count {
          guard line.strip.steps[step] == shade else {
            step += 1
            continue
          }
          let start = step
          while step < line.strip.steps.count, line.strip.steps[step] == shade { step += 1 }
          path +=
            "M\(nameWidth + start * stepWidth) \(y)h\((step - start) * stepWidth)"
            + "v\(rowHeight - 2)h-\((step - start) * stepWidth)z"
        }
      }
      return path.isEmpty ? "" : "<path class=\"s\(shade.rawValue)\" d=\"\(path)\"/>"
    }
    return "\(shades)"
  }
}
