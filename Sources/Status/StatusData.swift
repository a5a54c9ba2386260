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
    object.add("conflicts", status.totals.conflictCount)
    object.add("rejected", status.totals.rejectedCount)
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
    object.add("matrix", array: status.matrix.rows.map { json($0, status.emptyDays.days(of: $0)) })
    object.add(
      "emptyDays",
      counts: Dictionary(
        uniqueKeysWithValues: status.emptyDays.counts(status.matrix.rows)
          .map { ($0.kind.rawValue, $0.count) }))
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

  private static func json(
    _ row: Matrix.Row, _ empty: [(day: Day, kind: EmptyDay)]
  ) -> [UInt8] {
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
    let byKind = Dictionary(grouping: empty, by: \.kind)
    for kind in EmptyDay.allCases {
      guard let days = byKind[kind] else { continue }
      object.add("\(kind.rawValue)Days", texts: days.map { Array($0.day.description.utf8) })
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
}
