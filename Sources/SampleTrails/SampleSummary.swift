/// What was written.
///
/// `records` = `distinctEvents` + `duplicates` + `conflicts`.
public struct SampleSummary: Equatable, Sendable {
  /// Whole log files.
  public internal(set) var logFiles = 0
  public internal(set) var digestFiles = 0
  /// Log files that are cut off; nothing below counts them.
  public internal(set) var damagedFiles = 0
  /// Records in whole log files.
  public internal(set) var records = 0
  /// Different eventIDs among them.
  public internal(set) var distinctEvents = 0
  public internal(set) var duplicates = 0
  public internal(set) var conflicts = 0
  public internal(set) var lateEvents = 0
  /// Bytes of the log files when inflated.
  public internal(set) var jsonBytes = 0
  /// Bytes of the log files as stored.
  public internal(set) var storedBytes = 0
}

extension SampleSummary: CustomStringConvertible {
  public var description: String {
    let lines = [
      ("log files", logFiles), ("digest files", digestFiles), ("damaged files", damagedFiles),
      ("records", records), ("distinct events", distinctEvents), ("duplicates", duplicates),
      ("conflicts", conflicts), ("late events", lateEvents), ("bytes of JSON", jsonBytes),
      ("bytes stored", storedBytes),
    ]
    let width = lines.map { $0.0.count }.max() ?? 0
    return lines.map { name, count in
      name + String(repeating: " ", count: width - name.count + 2) + String(count)
    }.joined(separator: "\n")
  }
}
