import Bytes
import CloudTrail
import Dataset

/// The status for a terminal.
public struct StatusText {
  let status: Status
  private let width: Int
  private let hasColor: Bool
  let rowLimit: Int

  /// - Parameters:
  ///   - status: What is shown.
  ///   - width: Columns of the terminal.
  ///   - hasColor: Whether the terminal shows colours and its user wants them.
  ///   - showsAll: Whether rows without a hole are shown however many there are.
  public init(_ status: Status, width: Int, hasColor: Bool, showsAll: Bool) {
    self.status = status
    self.width = max(width, 60)
    self.hasColor = hasColor
    rowLimit = showsAll ? .max : 40
  }

  /// All lines, each with its end.
  public var text: String {
    (head + strips + holes + unjudged + silences + disagreements + invalidFiles + failures)
      .map { $0 + "\n" }.joined()
  }

  private var head: [String] {
    var lines = ["\(printable(status.name))  \(printable(status.dataset.layout.root))"]
    if let run = status.lastRun {
      let mark = run.status == .complete ? colored(run.verdict, 32) : colored(run.verdict, 31)
      lines.append(
        "last run  started \(printable(run.started)), took \(decimal(run.seconds)) s, \(mark) "
          + "(exit \(run.exit))"
      )
      lines.append("files     \(run.counts.files.balance)")
      lines.append("records   \(run.counts.records.balance)")
      let dropped = run.counts.records.dropped
      if dropped > 0 { lines.append("          \(counted(dropped, "stored record")) dropped") }
      lines += run.notes.map { "note      \(printable($0))" }
    } else {
      lines.append("last run  no report is kept")
    }
    if status.isCommitPending {
      lines.append(
        "commit    one was begun and is not at its end: if no run is at work, the next one ends it")
    }
    let matrix = status.matrix
    let days = matrix.days.map { ", \($0.lowerBound) to \($0.upperBound)" } ?? ""
    lines.append(
      "holds     \(counted(status.totals.recordCount, "record")) from "
        + "\(counted(status.deliveries.fileCount, "file")), "
        + "\(counted(matrix.accountCount, "account")), "
        + "\(counted(matrix.regionCount, "region"))\(days)")
    lines += keptAside
    lines += status.dataset.manifest.parts.map { "part      \(printable($0.missingDescription))" }
    return lines + refused + digests
  }

  /// What the dataset has beside its records.
  private var keptAside: [String] {
    let (lost, rejected) = (status.totals.conflictCount, status.totals.rejectedCount)
    var lines: [String] = []
    if lost > 0 {
      lines.append(
        "kept      \(counted(lost, "text")) that lost to another with the same eventID, in "
          + "\(DatasetFile.Folder.conflicts)")
    }
    if rejected > 0 {
      lines.append(
        "kept      \(counted(rejected, "record")) without a usable eventTime, in "
          + "\(DatasetFile.DeliveryKind.rejected.folder)")
    }
    return lines
  }

  /// Records that other programs may stumble over, with a few of their eventIDs.
  private var refused: [String] {
    let refused = status.strictReadersRefuse
    guard refused.counts.recordCount > 0 else { return [] }
    return ["refused   \(refused.counts.sentence)"]
      + refused.exampleLines.map { "          \($0)" }
  }

  private var strips: [String] {
    guard let days = status.matrix.shownDays else { return [] }
    let rows = chosenRows
    let names = rows.map { name($0) }
    let nameWidth = min(names.map(\.count).max() ?? 0, width / 2)
    let counts = rows.map { grouped($0.recordCount) }
    let countWidth = max(7, counts.map(\.count).max() ?? 0)
    let scale = Strip.Scale(days, limit: width - nameWidth - countWidth - 4)
    let perStep = scale.daysPerStep == 1 ? "a day" : "\(scale.daysPerStep) days"
    var lines = [
      "",
      padded("account region", nameWidth) + "  " + leftPadded("records", countWidth) + "  "
        + "\(days.lowerBound) to \(days.upperBound), \(perStep) a step",
    ]
    var steps: Set<Strip.Step> = []
    var hasCrosses = false
    for (place, row) in rows.enumerated() {
      let strip = Strip(
        row.days.map { ($0.day, $0.recordCount) }, invalid: row.invalidDays.map(\.day),
        empty: status.emptyDays.known(of: row), scale)
      steps.formUnion(zip(strip.steps, strip.isInvalid).filter { !$0.1 }.map(\.0))
      hasCrosses = hasCrosses || strip.isInvalid.contains(true)
      lines.append(
        padded(names[place], nameWidth) + "  " + leftPadded(counts[place], countWidth) + "  "
          + draw(strip))
    }
    let hidden = status.matrix.rows.count - rows.count
    if hidden > 0 { lines.append("… and \(grouped(hidden)) more: --all shows them") }
    lines += legend(steps)
    if hasCrosses { lines.append("files or digests absent or altered: \(colored("×", 31))") }
    return lines
  }

  /// What the marks mean, of those that are drawn.
  private func legend(_ steps: Set<Strip.Step>) -> [String] {
    let shades: [(Strip.Step, String)] = [
      (.few, "far fewer than usual"), (.some, "fewer"), (.usual, "as usual"), (.many, "far more"),
    ]
    let empty: [(Strip.Step, String)] = [
      (.quiet, "vouched for by digests"), (.covered, "digests do not vouch for it"),
      (.none, "no digest"), (.hole, "a hole"),
    ]
    return [("events", shades), ("no events", empty)].compactMap { title, marks in
      let drawn = marks.filter { steps.contains($0.0) }
        .map { "\($0.1): \(self.drawn($0.0, count: 1))" }
      return drawn.isEmpty ? nil : "\(title): " + drawn.joined(separator: "   ")
    }
  }

  /// All rows, or those with something missing and then the largest.
  private var chosenRows: [Matrix.Row] {
    let rows = status.matrix.rows
    guard rows.count > rowLimit else { return rows }
    let holes = Set(status.findings.holes.map(\.accountRegion))
    let ranks = rows.map { row in
      row.invalidDays.isEmpty
        ? holes.contains(row.accountRegion) ? 1 : 2 : 0
    }
    let chosen = rows.indices.sorted { left, right in
      ranks[left] != ranks[right]
        ? ranks[left] < ranks[right] : rows[left].recordCount > rows[right].recordCount
    }.prefix(rowLimit)
    return chosen.sorted().map { rows[$0] }
  }

  private func name(_ row: Matrix.Row) -> String {
    let family = row.family == .events ? "" : " \(row.family.rawValue)"
    return "\(row.account.shown) \(row.region.shown)\(family)"
  }

  private func draw(_ strip: Strip) -> String {
    var text = ""
    var start = 0
    while start < strip.steps.count {
      let (step, isInvalid) = (strip.steps[start], strip.isInvalid[start])
      let end =
        (start..<strip.steps.count).first {
          strip.steps[$0] != step || strip.isInvalid[$0] != isInvalid
        } ?? strip.steps.count
      let count = end - start
      text +=
        isInvalid
        ? colored(String(repeating: "×", count: count), 31) : drawn(step, count: count)
      start = end
    }
    return text
  }

  private func drawn(_ step: Strip.Step, count: Int) -> String {
    switch step {
    case .none: String(repeating: "·", count: count)
    case .quiet: colored(String(repeating: "=", count: count), 32)
    case .covered: String(repeating: "-", count: count)
    case .hole: colored(String(repeating: "!", count: count), 31)
    case .few: colored(String(repeating: "░", count: count), 36)
    case .some: colored(String(repeating: "▒", count: count), 36)
    case .usual: colored(String(repeating: "▓", count: count), 36)
    case .many: colored(String(repeating: "█", count: count), 36)
    }
  }

  /// One line `account region date` a day.
  private var holes: [String] {
    let holes = status.findings.holes
    guard !holes.isEmpty else { return ["", noHoles] }
    let dayCount = holes.reduce(0) { $0 + $1.dayCount }
    return ["", "\(counted(dayCount, "hole")):"]
      + holes.flatMap { hole in
        let family = hole.family == .events ? "" : " \(hole.family.rawValue)"
        return hole.days.map { "\(hole.account.shown) \(hole.region.shown) \($0)\(family)" }
      }
  }

  private var noHoles: String {
    if status.matrix.days == nil { return "no events: nothing to judge holes by" }
    return status.findings.unjudged.isEmpty
      ? "no holes" : "no holes where there is enough to judge by"
  }

  /// One line for each row with days that nobody can call holes or none.
  private var unjudged: [String] {
    let unjudged = status.findings.unjudged
    let lines = unjudged.prefix(rowLimit).map { row in
      let place = row.accountRegion
      let family = place.family == .events ? "" : " \(place.family.rawValue)"
      return "\(place.account.shown) \(place.region.shown)\(family): "
        + "\(counted(row.dayCount, "empty day")) from \(row.days.lowerBound) to \(row.days.upperBound) "
        + "not judged: too few days with events"
    }
    let hidden = unjudged.count - lines.count
    return lines
      + (hidden > 0 ? ["… and \(grouped(hidden)) more not judged: --all shows them"] : [])
  }

  private var silences: [String] {
    status.findings.silences.map { silence in
      let place = [silence.account.shown, silence.region?.shown].compactMap { $0 }
        .joined(separator: " ")
      return "\(place) silent since \(silence.lastDay), \(counted(silence.dayCount, "day"))"
    }
  }

  /// Files of one kind that are named one by one; the stored reports and the evidence have all.
  static let fileLimit = 20

  private var failures: [String] {
    status.deliveries.failures.prefix(StatusText.fileLimit).map { entry in
      let reason = entry.reason ?? "bytes follow its data"
      return "\(entry.outcome.rawValue): \(printable(entry.path)): \(printable(reason))"
    }
  }

  func colored(_ text: String, _ code: Int) -> String {
    hasColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private func padded(_ text: String, _ width: Int) -> String {
    if text.count > width { return String(text.prefix(max(0, width - 1))) + "…" }
    return text + String(repeating: " ", count: width - text.count)
  }

  private func leftPadded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
