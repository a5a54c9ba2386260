/// An instant in whole seconds, and its texts in the forms that CloudTrail uses.
struct UTCTime: Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  var seconds: Int

  static let secondsPerDay = 86_400

  static func < (left: UTCTime, right: UTCTime) -> Bool { left.seconds < right.seconds }

  static func + (time: UTCTime, seconds: Int) -> UTCTime {
    UTCTime(seconds: time.seconds + seconds)
  }

  static func - (time: UTCTime, seconds: Int) -> UTCTime {
    UTCTime(seconds: time.seconds - seconds)
  }

  /// Year, month and day in the Gregorian calendar; see Howard Hinnant's `civil_from_days`.
  var date: (year: Int, month: Int, day: Int) {
    let days = seconds / Self.secondsPerDay + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private var secondOfDay: Int { seconds % Self.secondsPerDay }

  /// `2026-11-01T09:05:00Z`, the form of eventTime.
  var timestamp: String {
    let (year, month, day) = date
    return "\(year)-\(two(month))-\(two(day))T\(two(hour)):\(two(minute)):\(two(second))Z"
  }

  /// `20261101T0905Z`, the form in the names of log files.
  var minuteStamp: String { "\(compactDate)T\(two(hour))\(two(minute))Z" }

  /// `20261101T090500Z`, the form in the names of digest files.
  var secondStamp: String { "\(compactDate)T\(two(hour))\(two(minute))\(two(second))Z" }

  /// `2026/11/01`, the form of folders.
  var folder: String {
    let (year, month, day) = date
    return "\(year)/\(two(month))/\(two(day))"
  }

  /// `Nov 1, 2026, 9:05:00 AM`, the form that some services leave in their parameters.
  var localeText: String {
    let names = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let (year, month, day) = date
    let halfDay = hour < 12 ? "AM" : "PM"
    let clock = "\((hour + 11) % 12 + 1):\(two(minute)):\(two(second)) \(halfDay)"
    return "\(names[month - 1]) \(day), \(year), \(clock)"
  }

  private var compactDate: String {
    let (year, month, day) = date
    return "\(year)\(two(month))\(two(day))"
  }

  private var hour: Int { secondOfDay / 3_600 }
  private var minute: Int { secondOfDay / 60 % 60 }
  private var second: Int { secondOfDay % 60 }

  private func two(_ number: Int) -> String {
    number < 10 ? "0\(number)" : String(number)
  }
}

extension UTCTime {
  /// Midnight of a date such as `2026-11-01`; nil for anything else.
  init?(day text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard text.utf8.count == 10, parts.count == 3,
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      year >= 1970, (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    // "days_from_civil", the inverse of `date`.
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear % 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(seconds: (era * 146_097 + dayOfEra - 719_468) * Self.secondsPerDay)
    // The 31st of a short month would roll over into the next one.
    guard date == (year, month, day) else { return nil }
  }
}
