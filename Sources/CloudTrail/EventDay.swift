/// One UTC event day of a family of log files: what one file of the index is about.
public struct EventDay: Hashable, Comparable, Sendable {
  public var family: Family
  public var day: Day

  public init(family: Family, day: Day) {
    self.family = family
    self.day = day
  }

  /// By day, then family.
  public static func < (left: EventDay, right: EventDay) -> Bool {
    left.day != right.day ? left.day < right.day : left.family.rawValue < right.family.rawValue
  }
}

extension Cell {
  /// The day that the cell is a part of.
  public var eventDay: EventDay { EventDay(family: family, day: day) }
}
