import Bytes
import CloudTrail

/// What the rows of a map show.
struct HeatMapLines {
  private let findings: Findings
  private let holes: [AccountRegion: [Findings.Hole]]

  init(_ status: Status) {
    findings = status.findings
    holes = Dictionary(grouping: findings.holes, by: \.accountRegion)
  }

  /// A line for each row.
  func byRow(_ rows: [Matrix.Row], _ scale: Strip.Scale) -> [HeatMap.Line] {
    var last: PartitionValue?
    return rows.map { row in
      let holes = holes[row.accountRegion] ?? []
      let family = row.family == .events ? "" : " · \(row.family.rawValue)"
      defer { last = row.account }
      let days = row.days.map { ($0.day, $0.recordCount) }
      let gap = row.longestGap.map { ", longest gap \(duration($0.seconds))" } ?? ""
      return HeatMap.Line(
        name: "\(row.account.shown) \(row.region.shown)\(family)",
        note: "\(grouped(row.recordCount)) events, \(grouped(row.fileCount)) files\(gap)",
        strip: Strip(
          days, holes: holes.map(\.days), invalid: row.invalidDays.map(\.day),
          silent: row.silentDays,
          scale),
        days: Dictionary(uniqueKeysWithValues: days), invalid: HeatMapLines.complaints([row]),
        needsAttention: !holes.isEmpty || !row.invalidDays.isEmpty || isSilent(row),
        isFirstOfAccount: last != row.account)
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
    let holes = rows.flatMap { self.holes[$0.accountRegion] ?? [] }
    let regions = rows.count == 1 ? "1 region" : "\(rows.count) regions"
    return HeatMap.Line(
      name: account.shown, note: "\(grouped(days.values.reduce(0, +))) events, \(regions)",
      strip: Strip(
        days.map { ($0.key, $0.value) }, holes: holes.map(\.days), invalid: Array(invalid.keys),
        silent: HeatMapLines.silentDays(rows), scale),
      days: days, invalid: invalid,
      needsAttention: !holes.isEmpty || isSilent || !invalid.isEmpty)
  }

  /// The days on which every row is silent and covered by digests.
  private static func silentDays(
    _ rows: [Matrix.Row]
  ) -> [(day: Day, silence: Matrix.Silence)] {
    var counts: [Day: (rows: Int, quiet: Int)] = [:]
    for (day, silence) in rows.flatMap(\.silentDays) {
      var count = counts[day] ?? (0, 0)
      count.rows += 1
      if silence == .quiet { count.quiet += 1 }
      counts[day] = count
    }
    return counts.compactMap { day, count in
      count.rows < rows.count
        ? nil : (day, count.quiet == rows.count ? Matrix.Silence.quiet : .covered)
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
