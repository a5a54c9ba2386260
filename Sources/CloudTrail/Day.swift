/// A UTC day: of an event, or of a delivery.
public struct Day: Hashable, Comparable, Sendable {
  /// Days since 1970-01-01; negative before.
  public let daysSince1970: Int32

  public init(daysSince1970: Int32) {
    self.daysSince1970 = daysSince1970
  }

  /// Reads `YYYY-MM-DD`, checked against the calendar.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 10, let midnight = EventTime("\(text)T00:00:00Z".utf8.span) else {
      return nil
    }
    self = midnight.day
  }

  public init(_ date: CivilDate) {
    daysSince1970 = date.daysSince1970
  }

  /// Days before and after all others, of no date: for what has no day of its own, and for limits.
  public static let distantPast = Day(daysSince1970: .min)
  public static let distantFuture = Day(daysSince1970: .max)

  public static func < (left: Day, right: Day) -> Bool {
    left.daysSince1970 < right.daysSince1970
  }

  /// Its first second.
  public var secondsSince1970: Int64 { Int64(daysSince1970) * 86_400 }

  public var date: CivilDate { CivilDate(daysSince1970: daysSince1970) }
}

/// Days can be counted, and make ranges that can be walked through.
extension Day: Strideable {
  public func distance(to other: Day) -> Int {
    Int(other.daysSince1970) - Int(daysSince1970)
  }

  public func advanced(by days: Int) -> Day {
    Day(daysSince1970: Int32(Int(daysSince1970) + days))
  }
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  public var description: String { date.text }
}
