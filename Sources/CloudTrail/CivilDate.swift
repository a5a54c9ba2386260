/// A date of the proleptic Gregorian calendar: the one of RFC 3339 and of all CloudTrail texts.
///
/// The arithmetic counts from 1 March, so that the leap day is a year's last and needs no case of
/// its own; see Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
public struct CivilDate: Hashable, Sendable {
  public let year: Int32
  /// 1 to 12.
  public let month: Int32
  /// 1 to 31.
  public let day: Int32

  /// A date that exists, else `nil`: the day is checked against the month, and leap years count.
  ///
  /// Years are 0 to 9999, what four digits can say.
  public init?(year: Int32, month: Int32, day: Int32) {
    guard (0...9999).contains(year), (1...12).contains(month), day >= 1,
      day <= CivilDate.dayCount(year: year, month: month)
    else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date that many days after 1 January 1970, or before it when negative.
  ///
  /// - Parameter days: Within 700,000,000 of zero, else the arithmetic traps.
  public init(daysSince1970 days: Int32) {
    let shifted = days + CivilDate.daysFromMarchOfYear0
    let era = (shifted >= 0 ? shifted : shifted - (CivilDate.daysPerEra - 1)) / CivilDate.daysPerEra
    let dayOfEra = shifted - era * CivilDate.daysPerEra
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// The days from 1 January 1970 to this date; negative before.
  public var daysSince1970: Int32 {
    let yearFromMarch = month <= 2 ? year - 1 : year
    let era = (yearFromMarch >= 0 ? yearFromMarch : yearFromMarch - 399) / 400
    let yearOfEra = yearFromMarch - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * CivilDate.daysPerEra + dayOfEra - CivilDate.daysFromMarchOfYear0
  }

  /// How many days a month has.
  public static func dayCount(year: Int32, month: Int32) -> Int32 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func isLeap(_ year: Int32) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// Days in 400 years, after which the calendar repeats.
  private static let daysPerEra: Int32 = 146_097

  /// Days from 1 March of year 0 to 1 January 1970.
  private static let daysFromMarchOfYear0: Int32 = 719_468
}
