import Bytes
import CloudTrail
import Dataset
import Writing

/// The status for programs.
public enum StatusData {
  /// Changes when a member changes its name or meaning, not when one is added.
  static let format = 1

  /// One JSON object on one line; `lastRun` is the report of that run as it was kept.
  public static func json(_ status: Status) -> [UInt8] {
    var object = JSONObjectWriter()
    object.add("format", format)
    object.add("dataset", bytes: status.dataset.layout.root.bytes)
    if status.isCommitPending { object.add("commitPending", true) }
    object.add("records", status.totals.recordCount)
    object.add("files", status.deliveries.fileCount)
    let parts = status.dataset.manifest.parts
    if !parts.isEmpty { object.add("partOf", array: parts.map { $0.json() }) }
    object.add("accounts", status.matrix.accountCount)
    object.add("regions", status.matrix.regionCount)
    if let days = status.matrix.days {
      object.add("firstDay", days.lowerBound.description)
      object.add("lastDay", days.upperBound.description)
    }
    if let run = status.lastRun { object.add("lastRun", raw: run.json.span) }
    object.add("matrix", array: status.matrix.rows.map(json))
    object.add("holes", array: status.findings.holes.flatMap(json))
    object.add(
      "unjudged",
      array: status.findings.unjudged.map { row in
        var object = place(row.accountRegion)
        object.add("from", row.days.lowerBound.description)
        object.add("to", row.days.upperBound.description)
        object.add("days", row.dayCount)
        return object.finish()
      })
    object.add("silent", array: status.findings.silences.map(json))
    if !status.digests.isEmpty { add(status.digests, to: &object) }
    object.add("strictReadersRefuse", raw: status.strictReadersRefuse.json().span)
    object.add(
      "failedFiles",
      array: status.deliveries.failures.map { entry in
        var failure = JSONObjectWriter()
        failure.add("path", bytes: entry.path.bytes)
        if let offset = entry.offset {
          failure.add("offset", offset)
        } else {
          failure.add("offset", raw: "null")
        }
        failure.add("reason", entry.reason ?? "")
        failure.add("outcome", entry.outcome.rawValue)
        return failure.finish()
      })
    return object.finish()
  }

  private static func json(_ row: Matrix.Row) -> [UInt8] {
    var object = place(row.accountRegion)
    object.add("files", row.fileCount)
    object.add("records", row.recordCount)
    if let first = row.firstTime { object.add("first", first.text) }
    if let last = row.lastTime { object.add("last", last.text) }
    if let gap = row.longestGap {
      var longest = JSONObjectWriter()
      longest.add("from", gap.from.text)
      longest.add("to", gap.to.text)
      longest.add("seconds", Int(gap.seconds))
      object.add("longestGap", raw: longest.finish().span)
    }
    let silent = Dictionary(grouping: row.silentDays, by: \.silence)
    for silence in [Matrix.Silence.quiet, .covered] {
      guard let days = silent[silence] else { continue }
      object.add("\(silence.rawValue)Days", texts: days.map { Array($0.day.description.utf8) })
    }
    object.add(
      "days",
      array: row.days.map { day in
        var object = JSONObjectWriter()
        object.add("dt", day.day.description)
        object.add("files", day.fileCount)
        object.add("records", day.recordCount)
        if let first = day.firstTime { object.add("first", first.text) }
        if let last = day.lastTime { object.add("last", last.text) }
        if let digests = day.digests { object.add("digests", raw: json(digests).span) }
        return object.finish()
      })
    return object.finish()
  }

  private static func json(_ hole: Findings.Hole) -> [[UInt8]] {
    hole.days.map { day in
      var object = place(hole.accountRegion)
      object.add("dt", day.description)
      return object.finish()
    }
  }

  private static func json(_ silence: Findings.Silence) -> [UInt8] {
    var object = JSONObjectWriter()
    object.add("account", bytes: silence.account.decoded)
    if let region = silence.region {
      object.add("region", bytes: region.decoded)
    } else {
      object.add("region", raw: "null")
    }
    object.add("lastDay", silence.lastDay.description)
    object.add("days", silence.dayCount)
    return object.finish()
  }

  private static func place(_ accountRegion: AccountRegion) -> JSONObjectWriter {
    var object = JSONObjectWriter()
    object.add("family", accountRegion.family.rawValue)
    object.add("account", bytes: accountRegion.account.decoded)
    object.add("region", bytes: accountRegion.region.decoded)
    return object
  }

  /// The matrix as CSV (RFC 4180): a row for each account, region and day with files, records, a
  /// hole or something that digests say; `empty` is what they say of a day without events, and what
  /// nobody validated has empty fields.
  ///
  /// - Parameters:
  ///   - status: What is shown.
  ///   - isForTerminal: Whether control characters are shown, since a terminal would obey them.
  /// - Returns: The text.
  public static func csv(_ status: Status, isForTerminal: Bool = true) -> String {
    let names = DigestCounts().byName.map(\.name)
    var lines = [
      "family,account,region,dt,files,records,first,last,hole,empty,"
        + names.joined(separator: ",")
    ]
    func name(_ value: PartitionValue) -> String {
      let text = value.decoded.span.text()
      return CSVText.field(isForTerminal ? printable(text) : text)
    }
    let holes = Dictionary(grouping: status.findings.holes, by: \.accountRegion)
    for row in status.matrix.rows {
      let missing = (holes[row.accountRegion] ?? []).flatMap(\.days)
      var days = Dictionary(uniqueKeysWithValues: row.days.map { ($0.day, $0) })
      let silent = Dictionary(uniqueKeysWithValues: row.silentDays.map { ($0.day, $0.silence) })
      for day in missing + silent.keys where days[day] == nil {
        days[day] = Matrix.DaySummary(day: day)
      }
      for day in days.values.sorted(by: { $0.day < $1.day }) {
        let fields =
          [
            row.family.rawValue, name(row.account), name(row.region), day.day.description,
            String(day.fileCount), String(day.recordCount), day.firstTime?.text ?? "",
            day.lastTime?.text ?? "", missing.contains(day.day) ? "true" : "false",
            silent[day.day]?.rawValue ?? "",
          ] + (day.digests?.byName.map { String($0.count) } ?? names.map { _ in "" })
        lines.append(fields.joined(separator: ","))
      }
    }
    return lines.map { $0 + "\r\n" }.joined()
  }
}
