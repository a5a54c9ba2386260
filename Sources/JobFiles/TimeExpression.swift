import CloudTrail

/// Times and dates as people write them in `select`, all UTC unless they carry an offset.
///
/// `2026-11-01`, `2026-11-01T08:30Z`, `2026-11-01 08:30:00+02:00`, `now`, `today`, `yesterday`, and
/// time spans such as `7d` and `24h`, which mean so long ago.
enum TimeExpression {
  /// The instant in seconds since 1970, or `nil` when the text is none.
  ///
  /// A date is its first second. A span counts to the second: `1d` is not `yesterday`. In UTC its year
  /// has four digits: no record has another time.
  static func instant(_ text: String, now: Int64) -> Int64? {
    guard
      let instant = relativeInstant(text, now: now) ?? absoluteInstant(text),
      EventTime.representable.contains(instant)
    else { return nil }
    return instant
  }

  /// Whether the text means another instant at another time.
  static func isRelative(_ text: String) -> Bool { relativeInstant(text, now: 0) != nil }

  private static func relativeInstant(_ text: String, now: Int64) -> Int64? {
    switch text {
    case "now": now
    case "today": EventTime(seconds: now).day.secondsSince1970
    case "yesterday": EventTime(seconds: now).day.advanced(by: -1).secondsSince1970
    default: TimeSpan.seconds(text).map { now - Int64($0) }
    }
  }

  private static func absoluteInstant(_ text: String) -> Int64? {
    var reader = TimeReader(text)
    guard let date = reader.date() else { return nil }
    let midnight = Day(date).secondsSince1970
    if reader.isAtEnd { return midnight }
    guard reader.skip("T") || reader.skip(" "), let seconds = reader.timeOfDay(),
      let offset = reader.offset(), reader.isAtEnd
    else { return nil }
    return midnight + Int64(seconds) - Int64(offset)
  }

  /// The date, or `nil` when the text is none or has a time of day.
  static func day(_ text: String, now: Int64) -> Day? {
    switch text {
    case "today": return EventTime(seconds: now).day
    case "yesterday": return EventTime(seconds: now).day.advanced(by: -1)
    default: break
    }
    if text.hasSuffix("d"), TimeSpan.seconds(text) != nil {
      return instant(text, now: now).map { EventTime(seconds: $0).day }
    }
    var reader = TimeReader(text)
    guard let date = reader.date(), reader.isAtEnd else { return nil }
    return Day(date)
  }
}

/// Reads the parts of RFC 3339 texts one after the other.
private struct TimeReader {
  private var rest: Substring.UTF8View

  init(_ text: String) {
    rest = text[...].utf8
  }

  var isAtEnd: Bool { rest.isEmpty }

  /// `YYYY-MM-DD`, checked against the calendar.
  mutating func date() -> CivilDate? {
    guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
      let day = number(digits: 2)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  /// `HH:MM` or `HH:MM:SS` in seconds after midnight.
  mutating func timeOfDay() -> Int32? {
    guard let hour = number(digits: 2), hour < 24, skip(":"), let minute = number(digits: 2),
      minute < 60
    else { return nil }
    var second: Int32 = 0
    if skip(":") {
      guard let read = number(digits: 2), read < 60 else { return nil }
      second = read
    }
    return hour * 3600 + minute * 60 + second
  }

  /// `Z`, `+HH:MM`, `-HHMM` or nothing, in seconds east of UTC.
  mutating func offset() -> Int32? {
    if isAtEnd || skip("Z") { return 0 }
    let isWest = skip("-")
    guard isWest || skip("+"), let hours = number(digits: 2), hours < 24 else { return nil }
    _ = skip(":")
    guard let minutes = number(digits: 2), minutes < 60 else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return isWest ? -seconds : seconds
  }

  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let first = rest.first, Unicode.Scalar(first) == character else { return false }
    rest.removeFirst()
    return true
  }

  /// Exactly that many decimal digits.
  private mutating func number(digits: Int) -> Int32? {
    var number: Int32 = 0
    for _ in 0..<digits {
      guard let digit = rest.popFirst(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit)
      else { return nil }
      number = number * 10 + Int32(digit - UInt8(ascii: "0"))
    }
    return number
  }
}
