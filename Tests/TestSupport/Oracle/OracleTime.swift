/// An eventTime, read by its grammar: `YYYY-MM-DD`, `T` or a space, `HH:MM:SS`, up to nine fraction
/// digits, `Z`, an offset or nothing.
struct OracleTime: Comparable {
  /// UTC, days since 1970-01-01.
  let day: Int
  /// UTC.
  let nanosecondOfDay: Int

  static func < (left: OracleTime, right: OracleTime) -> Bool {
    (left.day, left.nanosecondOfDay) < (right.day, right.nanosecondOfDay)
  }

  init?(_ text: [UInt8]) {
    var reader = Reader(rest: text[...])
    guard let year = reader.number(4), reader.take("-"), let month = reader.number(2),
      reader.take("-"), let dayOfMonth = reader.number(2), reader.take("T") || reader.take(" "),
      let hour = reader.number(2), reader.take(":"), let minute = reader.number(2),
      reader.take(":"), let second = reader.number(2), year >= 1,
      (1...12).contains(month), dayOfMonth >= 1,
      dayOfMonth <= Self.days(inMonth: month, of: year), hour < 24, minute < 60, second < 60
    else { return nil }
    var nanoseconds = 0
    if reader.take(".") {
      var digits = 0
      while digits < 9, let digit = reader.number(1) {
        nanoseconds = nanoseconds * 10 + digit
        digits += 1
      }
      guard digits > 0 else { return nil }
      for _ in digits..<9 { nanoseconds *= 10 }
    }
    guard let offset = reader.offset(), reader.rest.isEmpty else { return nil }
    // Counting the days one by one is slow and obvious.
    var day = dayOfMonth - 1
    for earlier in 1..<month { day += Self.days(inMonth: earlier, of: year) }
    if year >= 1970 {
      for earlier in 1970..<year { day += Self.isLeap(earlier) ? 366 : 365 }
    } else {
      for later in year..<1970 { day -= Self.isLeap(later) ? 366 : 365 }
    }
    var secondOfDay = hour * 3_600 + minute * 60 + second - offset
    while secondOfDay < 0 { (day, secondOfDay) = (day - 1, secondOfDay + 86_400) }
    while secondOfDay >= 86_400 { (day, secondOfDay) = (day + 1, secondOfDay - 86_400) }
    self.day = day
    nanosecondOfDay = secondOfDay * 1_000_000_000 + nanoseconds
  }

  /// `YYYY-MM-DD` in UTC.
  var date: String {
    var (year, month, rest) = (1970, 1, day)
    while rest < 0 {
      year -= 1
      rest += Self.isLeap(year) ? 366 : 365
    }
    while rest >= (Self.isLeap(year) ? 366 : 365) {
      rest -= Self.isLeap(year) ? 366 : 365
      year += 1
    }
    while rest >= Self.days(inMonth: month, of: year) {
      rest -= Self.days(inMonth: month, of: year)
      month += 1
    }
    return [(year, 4), (month, 2), (rest + 1, 2)].map { number, width in
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }.joined(separator: "-")
  }

  private static func isLeap(_ year: Int) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private struct Reader {
    var rest: ArraySlice<UInt8>

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
      guard rest.first == UInt8(ascii: mark) else { return false }
      rest = rest.dropFirst()
      return true
    }

    mutating func number(_ digits: Int) -> Int? {
      let text = rest.prefix(digits)
      guard text.count == digits, text.allSatisfy({ (0x30...0x39).contains($0) }) else {
        return nil
      }
      rest = rest.dropFirst(digits)
      return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// Seconds east of UTC; nil if what is there is no offset.
    mutating func offset() -> Int? {
      if rest.isEmpty || take("Z") { return 0 }
      let isWest = rest.first == UInt8(ascii: "-")
      guard take("+") || take("-"), let hours = number(2), take(":"), let minutes = number(2),
        hours < 24, minutes < 60
      else { return nil }
      return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
    }
  }
}
