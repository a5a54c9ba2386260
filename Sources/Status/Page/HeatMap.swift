import Bytes
import CloudTrail

/// The matrix as an SVG: a row for each account and region, or for each account when those would
/// be too many, and a square for each day or for several days.
///
/// A large map is drawn as one path for each shade, which keeps the page small.
struct HeatMap {
  struct Line {
    var account: String
    /// The region, and the family if it is not the usual one; nil for all of an account.
    var place: String?
    var note: String
    var strip: Strip
    var days: [Day: Int]
    /// What the digests complain of, by delivery day.
    var invalid: [Day: String]
    var needsAttention: Bool

    var name: String { place.map { "\(account) \($0)" } ?? account }
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
    let rows = status.matrix.rows
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
  /// Left of the first square, for crosses.
  static let margin = 4
  static let axisHeight = 24

  var html: HTML {
    guard let scale, !lines.isEmpty else {
      return
        "<section><h2>Coverage</h2><p class=\"quiet\">The dataset holds nothing.</p></section>"
    }
    let unit = HeatMap.unit(scale)
    let what =
      isByAccount ? "A row is an account with all its regions" : "A row is an account and region"
    let order = isByAccount ? ", those with something missing first" : ""
    return """
      <section><h2>Coverage</h2><p class="quiet">\(what)\(order); a square is \(unit) of events. \
      Shades compare with the row's usual day.</p>\(legend)
      \(picture(scale))\(folded)</section>
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
        \(account.map.picture(scale))</details>
        """
    }
    return """
      <h3>The regions of an account</h3><p class="quiet">A square is \(unit).</p>\
      <div class="accounts">\(items)</div>
      """
  }

  /// The names, which stay where they are, and beside them the days, which are scrolled to the newest.
  private func picture(_ scale: Strip.Scale) -> HTML {
    let names = HeatMapNames(lines, isTall: rowHeight > 12)
    let width =
      HeatMap.margin + max(scale.stepCount * stepWidth, HeatMap.dateWidth) + HeatMap.margin
    let height = HeatMap.axisHeight + lines.count * rowHeight + 4
    let hasTips = lines.count * scale.stepCount <= HeatMap.tipLimit && !isFolded
    // Of a sheet of paper, in hundredths.
    let fit = min(100, 68_000 / (names.width + width))
    return """
      <div class="map"><div class="plane \(rowHeight > 12 ? "tall" : "dense")" \
      style="--fit:\(fit)%;\(names.style)">\
      \(names.picture(rowHeight: rowHeight, height: height))<svg role="img" \
      aria-label="Events by account, region and day" width="\(width)" height="\(height)">
      \(axis(scale))\(hasTips ? squares(scale) : paths(scale))\(crosses(scale))
      </svg></div></div>
      """
  }

  private var legend: HTML {
    let entries: [(Strip.Step, String)] = [
      (.few, "far fewer events"), (.some, "fewer"), (.usual, "as usual"), (.many, "far more"),
      (.quiet, "none, vouched for by digests"), (.covered, "none, digests do not vouch for it"),
      (.none, "none, no digest"), (.hole, "a hole: none, and its neighbours have some"),
    ]
    let strips = (lines + accounts.lazy.flatMap(\.map.lines)).map(\.strip)
    let drawn = Set(strips.lazy.flatMap(\.steps))
    let items = entries.filter { drawn.contains($0.0) }.map { step, name -> HTML in
      """
      <span><svg width="16" height="12"><path class="s\(step.rawValue)" \
      d="\(HeatMapMark(x: 0, y: 0, width: 16, height: 12, step: 16).path(step))"/></svg> \(name)</span>
      """
    }
    let cross: HTML = """
      <span><svg width="12" height="12"><path class="halo" d="M2 2l8 8m0-8l-8 8"/>\
      <path class="cross" d="M2 2l8 8m0-8l-8 8"/></svg> files or digests absent or altered</span>
      """
    let hasCrosses = strips.contains { $0.isInvalid.contains(true) }
    return "<p class=\"legend\">\(hasCrosses ? [cross] : [])\(items)</p>"
  }

  private static let dateWidth = 66

  /// A date for about every 90 pixels.
  private func axis(_ scale: Strip.Scale) -> HTML {
    let every = max(1, (90 + stepWidth - 1) / stepWidth)
    let marks = stride(from: 0, to: scale.stepCount, by: every).map { step -> HTML in
      let x = step * stepWidth
      let isWide = x + HeatMap.dateWidth <= max(scale.stepCount * stepWidth, HeatMap.dateWidth)
      let date: HTML = """
        <text class="axis" x="\(x + HeatMap.margin)" y="13">\(scale.days(of: step).lowerBound.description)</text>
        """
      return "<path class=\"tick\" d=\"M\(x + HeatMap.margin) 18v6\"/>\(isWide ? date : "")"
    }
    return "\(marks)"
  }

  private func squares(_ scale: Strip.Scale) -> HTML {
    let gap = stepWidth > 5 ? 2 : 0
    let rows = lines.enumerated().map { place, line -> HTML in
      let y = HeatMap.axisHeight + place * rowHeight
      var counts = Array(repeating: 0, count: scale.stepCount)
      for (day, count) in line.days { if let step = scale.step(of: day) { counts[step] += count } }
      let squares = line.strip.steps.indices.map { step -> HTML in
        let (days, count) = (scale.days(of: step), counts[step])
        let end = days.count == 1 ? "" : " to \(days.upperBound.description)"
        let events = counted(count, "event")
        let mark = HeatMapMark(
          x: HeatMap.margin + step * stepWidth, y: y, width: stepWidth - gap,
          height: rowHeight - 2, step: stepWidth)
        let shade = line.strip.steps[step]
        // An empty day's mark does not fill its square, which the tip is for.
        let square: HTML = shade.kind == nil ? "" : "<path class=\"e\" d=\"\(mark.square)\"/>"
        return """
          <g>\(square)<path class="s\(shade.rawValue)" d="\(mark.path(shade))"/>\
          <title>\(line.name), \(days.lowerBound.description)\(end): \(events)\(shade.emptiness)</title></g>
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
          path += HeatMapMark(
            x: HeatMap.margin + start * stepWidth, y: y, width: (step - start) * stepWidth,
            height: rowHeight - 2, step: stepWidth
          ).path(shade)
        }
      }
      return path.isEmpty ? "" : "<path class=\"s\(shade.rawValue)\" d=\"\(path)\"/>"
    }
    return "\(shades)"
  }
}

extension Strip.Step {
  /// Why there is nothing, as the end of a sentence; empty where there is something.
  fileprivate var emptiness: String {
    switch self {
    case .hole: ", a hole"
    case .quiet: ", vouched for by digests"
    case .covered: ", digests do not vouch for it"
    case .none: ", no digest"
    case .few, .some, .usual, .many: ""
    }
  }
}
