import Bytes
import CloudTrail

/// What the rows of a map show.
struct HeatMapLines {
  private let findings: Findings
  private let emptyDays: EmptyDays

  init(_ status: Status) {
    (findings, emptyDays) = (status.findings, status.emptyDays)
  }

  /// A line for each row.
  func byRow(_ rows: [Matrix.Row], _ scale: Strip.Scale) -> [HeatMap.Line] {
    rows.map { row in
      let family = row.family == .events ? "" : " · \(row.family.rawValue)"
      let days = row.days.map { ($0.day, $0.recordCount) }
      let gap = row.longestGap.map { ", longest gap \(duration($0.seconds))" } ?? ""
      return HeatMap.Line(
        account: row.account.shown, place: "\(row.region.shown)\(family)",
        note: "\(counted(row.recordCount, "event")), \(counted(row.fileCount, "file"))\(gap)",
        strip: Strip(
          days, invalid: row.invalidDays.map(\.day), empty: emptyDays.known(of: row), scale),
        days: Dictionary(uniqueKeysWithValues: days), invalid: HeatMapLines.complaints([row]),
        needsAttention: !emptyDays.holes(of: row).isEmpty || !row.invalidDays.isEmpty
          || isSilent(row))
    }
  }

  /// A line for each account; those that need attention come first.
  func byAccount(
    _ rows: [Matrix.Row], _ scale: Strip.Scale
  ) -> [(line: HeatMap.Line, rows: [Matrix.Row])] {
    let silent = Set(findings.silences.filter { $0.region == nil }.map(\.account))
    let lines = Dictionary(grouping: rows, by: \.account).sorted { $0.key < $1.key }
      .map { account, rows in
        (line: line(account, rows, isSilent: silent.contains(account), scale), rows: rows)
      }
    return lines.filter(\.line.needsAttention) + lines.filter { !$0.line.needsAttention }
  }

  private func line(
    _ account: PartitionValue, _ rows: [Matrix.Row], isSilent: Bool, _ scale: Strip.Scale
  ) -> HeatMap.Line {
    var days: [Day: Int] = [:]
    for day in rows.flatMap(\.days) { days[day.day, default: 0] += day.recordCount }
    let invalid = HeatMapLines.complaints(rows)
    let hasHoles = rows.contains { !emptyDays.holes(of: $0).isEmpty }
    let regions = Set(rows.map(\.region)).count
    return HeatMap.Line(
      account: account.shown,
      note: "\(counted(days.values.reduce(0, +), "event")), \(counted(regions, "region"))",
      strip: Strip(
        days.map { ($0.key, $0.value) }, invalid: Array(invalid.keys), empty: emptyDays(rows),
        scale),
      days: days, invalid: invalid,
      needsAttention: hasHoles || isSilent || !invalid.isEmpty)
  }

  /// The holes of any row, and the days on which every row is without events and covered by digests.
  private func emptyDays(_ rows: [Matrix.Row]) -> [(day: Day, kind: EmptyDay)] {
    var counts: [Day: (covered: Int, quiet: Int, hole: Int)] = [:]
    for (day, kind) in rows.lazy.flatMap({ emptyDays.known(of: $0) }) {
      switch kind {
      case .quiet: counts[day, default: (0, 0, 0)].quiet += 1
      case .covered: counts[day, default: (0, 0, 0)].covered += 1
      case .hole: counts[day, default: (0, 0, 0)].hole += 1
      case .uncovered: break
      }
    }
    return counts.compactMap { day, count in
      if count.hole > 0 { return (day, .hole) }
      if count.quiet == rows.count { return (day, .quiet) }
      return count.quiet + count.covered == rows.count ? (day, .covered) : nil
    }
  }

  private func isSilent(_ row: Matrix.Row) -> Bool {
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
}
