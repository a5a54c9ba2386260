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
  /// Of the maps of single accounts, which are folded.
  private static let foldedStepLimit = 40
  private static let foldedLimit = 400

  let lines: [Line]
  private let scale: Strip.Scale?
  private let isByAccount: Bool
  /// Whether it is one of many, each of which has to be small.
  private var isFolded = false

  /// The maps of single accounts, where those of all regions together would be too large.
  private var accounts: [(name: String, note: String, map: HeatMap)] = []

  init(_ status: Status) {
    let rows = status.matrix.rows.filter(\.isShown)
    isByAccount = rows.count > HeatMap.rowLimit
    guard let days = status.matrix.shownDays else {
      (lines, scale) = ([], nil)
      return
    }
    let scale = Strip.Scale(days, limit: HeatMap.stepLimit, inWeeks: true)
    self.scale = scale
    let picture = HeatMapLines(status)
    if !isByAccount {
      lines = picture.byRow(rows, scale)
      return
    }
    let byAccount = picture.byAccount(rows, scale)
    lines = byAccount.map(\.line)
    let coarse = Strip.Scale(days, limit: HeatMap.foldedStepLimit, inWeeks: true)
    accounts = byAccount.prefix(HeatMap.foldedLimit).filter { $0.rows.count > 1 }.map { account in
      let map = HeatMap(picture.byRow(account.rows, coarse), coarse)
      return (account.line.name, account.line.note, map)
    }
  }

  private init(_ lines: [Line], _ scale: Strip.Scale) {
    (self.lines, self.scale, isByAccount) = (lines, scale, false)
    isFolded = true
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
    let unit = HeatMap.unit(scale)
    let what =
      isByAccount ? "A row is an account with all its regions" : "A row is an account and region"
    let order = isByAccount ? ", those with something missing first" : ""
    return """
      <section><h2>Coverage</h2><p class="quiet">\(what)\(order); a square is \(unit) of events. \
      Shades compare with the row's usual day.</p>\(legend)
      <div class="map">\(picture(scale))</div>\(folded)</section>
      """
  }

  private static func unit(_ scale: Strip.Scale) -> String {
    switch scale.daysPerStep {
    case 1: "a day"
    case 7: "a week"
    case let days where days % 7 == 0: "\(days / 7) weeks"
    case let days: "\(days) days"
    }
  }

  /// The regions of each account, to unfold.
  private var folded: HTML {
    guard let unit = accounts.first?.map.scale.map({ HeatMap.unit($0) }) else { return "" }
    let items = accounts.map { account -> HTML in
      guard let scale = account.map.scale else { return "" }
      return """
        <details><summary><span class="id">\(account.name)</span> <small>\(account.note)</small></summary>\
        <div class="map">\(account.map.picture(scale))</div></details>
        """
    }
    return """
      <h3>The regions of an account</h3><p class="quiet">A square is \(unit).</p>\
      <div class="accounts">\(items)</div>
      """
  }

  private func picture(_ scale: Strip.Scale) -> HTML {
    // The last date may reach past the last square.
    let width = nameWidth + scale.stepCount * stepWidth + 70
    let height = HeatMap.axisHeight + lines.count * rowHeight + 4
    let hasTips = lines.count * scale.stepCount <= HeatMap.tipLimit && !isFolded
    return """
      <svg role="img" aria-label="Events by account, region and day" \
      width="\(width)" height="\(height)" viewBox="0 0 \(width) \(height)" \
      class="\(rowHeight > 12 ? "tall" : "dense")">
      \(axis(scale))\(hasTips ? squares(scale) : paths(scale))\(crosses(scale))\(names)
      </svg>
      """
  }

  private var legend: HTML {
    let entries: [(Strip.Step, String)] = [
      (.hole, "nothing where neighbours have something"), (.few, "far fewer"), (.some, "fewer"),
      (.usual, "usual"), (.many, "far more"),
      (.quiet, "nothing, vouched for by digests"),
      (.covered, "nothing, by digests that nothing vouches for"),
      (.none, "nothing, and no digest covers it"),
    ]
    let drawn = Set(lines.flatMap(\.strip.steps) + [.hole, .few, .some, .usual, .many, .none])
    let items = entries.filter { drawn.contains($0.0) }.map { step, name -> HTML in
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
          <title>\(line.name), \(days.lowerBound.description)\(end): \(events)\
          \(line.strip.steps[step].emptiness)</title></rect>
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

extension Strip.Step {
  /// Why there is nothing, as the end of a sentence; empty where there is something, or nobody can say.
  fileprivate var emptiness: String {
    switch self {
    case .hole: ", a hole"
    case .quiet: ", vouched for by digests"
    case .covered: ", by digests that nothing vouches for"
    case .none, .few, .some, .usual, .many: ""
    }
  }
}
