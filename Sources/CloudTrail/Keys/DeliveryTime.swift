/// When a file was delivered, UTC: not when its events happened.
public struct DeliveryTime: Hashable, Sendable {
  public var day: Day
  /// Minutes after midnight; nil where only the day is known.
  public var minuteOfDay: Int?

  public init(day: Day, minuteOfDay: Int? = nil) {
    self.day = day
    self.minuteOfDay = minuteOfDay
  }

  /// Reads `YYYYMMDDT`, which a time `HHmm` may follow; what comes after is not looked at.
  ///
  /// - Complexity: O(1).
  init?(stamp text: ArraySlice<UInt8>) {
    let start = text.startIndex
    guard text.count > 8, text[start + 8] == UInt8(ascii: "T"),
      let day = Day(
        year: text[start..<(start + 4)], month: text[(start + 4)..<(start + 6)],
        day: text[(start + 6)..<(start + 8)])
    else { return nil }
    self.day = day
    guard text.count > 12, let hour = decimal(text[(start + 9)..<(start + 11)]), hour < 24,
      let minute = decimal(text[(start + 11)..<(start + 13)]), minute < 60
    else { return }
    minuteOfDay = Int(hour * 60 + minute)
  }

  /// The seconds since 1970 that it can mean: those of its minute, else those of its day.
  public var seconds: Range<Int64> {
    guard let minuteOfDay else {
      return day.secondsSince1970..<day.advanced(by: 1).secondsSince1970
    }
    let start = day.secondsSince1970 + Int64(minuteOfDay) * 60
    return start..<(start + 60)
  }
}

extension Day {
  /// A date in digits, `YYYY`, `MM`, `DD`, checked against the calendar.
  init?(year: ArraySlice<UInt8>, month: ArraySlice<UInt8>, day: ArraySlice<UInt8>) {
    guard year.count == 4, month.count == 2, day.count == 2,
      let year = decimal(year), let month = decimal(month), let day = decimal(day),
      let date = CivilDate(year: year, month: month, day: day)
    else { return nil }
    self.init(date)
  }
}

/// The number that at most nine digits make; nil if one of them is none.
private func decimal(_ digits: ArraySlice<UInt8>) -> Int32? {
  var value: Int32 = 0
  for digit in digits {
    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
    value = value * 10 + Int32(digit - UInt8(ascii: "0"))
  }
  return value
}
