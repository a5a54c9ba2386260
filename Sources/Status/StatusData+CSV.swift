import Bytes
import CloudTrail
import Writing

extension StatusData {
  /// The matrix as CSV (RFC 4180), by the rules of outputs for spreadsheets: a row for each account,
  /// region and day with files, records or a finding, and for each on which anything is known of any
  /// other.
  ///
  /// `kind` is `events`, or what is known of a day without, as `EmptyDay` has it, or `not selected` for a
  /// day whose events the job leaves out; what nobody validated has empty fields.
  ///
  /// - Parameters:
  ///   - status: What is shown.
  ///   - isForTerminal: Whether marks that a terminal would obey are shown.
  ///   - write: Is given the text in pieces.
  /// - Throws: What `write` throws.
  public static func csv(
    _ status: Status, isForTerminal: Bool = false, write: (String) throws -> Void
  ) rethrows {
    func name(_ value: PartitionValue) -> String {
      let text = value.decoded
      return CSVText.field(isForTerminal ? Array(printable(bytes: text).utf8) : text)
    }
    let names = DigestCounts().byName.map(\.name)
    try write(
      "family,account,region,dt,files,records,first,last,hole,kind,"
        + names.joined(separator: ",") + "\r\n")
    for row in status.matrix.rows {
      let place = [
        row.family.rawValue, name(row.account), name(row.region),
      ]
      let empty = status.emptyDays.days(of: row)
      let kinds = Dictionary(uniqueKeysWithValues: empty.map { ($0.day, $0.kind) })
      var days = Dictionary(uniqueKeysWithValues: row.days.map { ($0.day, $0) })
      for (day, _) in empty where days[day] == nil { days[day] = Matrix.DaySummary(day: day) }
      let lines = days.values.sorted { $0.day < $1.day }.map { day in
        let kind = kinds[day.day]
        let fields =
          place + [
            day.day.description, String(day.fileCount), String(day.recordCount),
            day.firstTime?.text ?? "", day.lastTime?.text ?? "", kind == .hole ? "true" : "false",
            day.recordCount > 0 ? "events" : kind?.rawValue ?? "not selected",
          ] + (day.digests?.byName.map { String($0.count) } ?? names.map { _ in "" })
        return fields.joined(separator: ",") + "\r\n"
      }
      try write(lines.joined())
    }
  }
}
