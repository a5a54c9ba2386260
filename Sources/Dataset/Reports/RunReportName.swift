public import CloudTrail

/// The name of a run's report, by the time at which the run began: `2026-11-20T020003Z.json`.
///
/// Of runs that began in one second, the later ones are `2026-11-20T020003Z-2.json` and so on.
public struct RunReportName: Hashable, Sendable {
  public var begun: EventTime
  /// From 1.
  public var number: Int

  public init(begun: EventTime, number: Int = 1) {
    self.begun = begun
    self.number = number
  }

  private static let ending = ".json"

  public var text: String {
    // Colons are not allowed in names everywhere.
    let stamp = begun.text.replacing(":", with: "")
    return stamp + (number > 1 ? "-\(number)" : "") + RunReportName.ending
  }

  /// Reads what `text` gives; nil for every other name.
  public init?(_ text: String) {
    guard text.hasSuffix(RunReportName.ending), let end = text.firstIndex(of: "Z") else {
      return nil
    }
    var time = String(text[...end])
    guard let hour = time.firstIndex(of: "T"), time[hour...].utf8.count == "T020003Z".utf8.count
    else { return nil }
    for place in [5, 3] { time.insert(":", at: time.index(hour, offsetBy: place)) }
    guard let begun = EventTime(time.utf8.span) else { return nil }
    let rest = text[end...].dropFirst().dropLast(RunReportName.ending.count)
    guard let number = rest.isEmpty ? 1 : Int(rest.dropFirst()) else { return nil }
    self.init(begun: begun, number: number)
    guard self.text == text else { return nil }
  }
}

extension RunReportName: Comparable {
  /// The earlier run first.
  public static func < (left: RunReportName, right: RunReportName) -> Bool {
    left.begun == right.begun ? left.number < right.number : left.begun < right.begun
  }
}
