public import Bytes

/// An instant as CloudTrail writes it: seconds and nanoseconds since 1970, UTC.
public struct EventTime: Hashable, Comparable, Sendable {
  /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
  public var seconds: Int64
  /// 0 to 999,999,999.
  public var nanoseconds: UInt32

  public init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// Reads `YYYY-MM-DD`, `T` or a space, `HH:MM:SS`, up to nine fraction digits, and `Z`, an offset
  /// (`±HH:MM`, `±HHMM` or `±HH`) or nothing, which is UTC; nil for anything else.
  ///
  /// - Complexity: O(1).
  public init?(_ text: Span<UInt8>) {
    guard text.count >= 19, text.count <= 35,
      let day = EventTime.day(text),
      text[10] == UInt8(ascii: "T") || text[10] == ASCII.space, text[13] == ASCII.colon,
      text[16] == ASCII.colon,
      let hour = twoDigits(text, 11), hour < 24,
      let minute = twoDigits(text, 14), minute < 60,
      let second = twoDigits(text, 17), second < 60
    else { return nil }
    seconds = Int64(day) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    nanoseconds = 0
    if text.count == 20 && text[19] == UInt8(ascii: "Z") { return }
    var position = 19
    guard readFraction(text, &position), let offset = EventTime.offset(text, position) else {
      return nil
    }
    seconds -= Int64(offset)
    guard EventTime.representable.contains(seconds) else { return nil }
  }

  /// The instants, in seconds since 1970, whose UTC date has a year of four digits: all that can be
  /// written.
  public static let representable: Range<Int64> = -62_167_219_200..<253_402_300_800

  private static func day(_ text: Span<UInt8>) -> Int32? {
    guard let century = twoDigits(text, 0), let year = twoDigits(text, 2), text[4] == ASCII.hyphen,
      let month = twoDigits(text, 5), text[7] == ASCII.hyphen, let day = twoDigits(text, 8)
    else { return nil }
    return CivilDate(year: century * 100 + year, month: month, day: day)?.daysSince1970
  }

  /// Reads `.` and one to nine digits, if a fraction begins at `position`.
  private mutating func readFraction(_ text: Span<UInt8>, _ position: inout Int) -> Bool {
    guard position < text.count, text[position] == ASCII.dot else { return true }
    position += 1
    var scale: UInt32 = 1_000_000_000
    while position < text.count, ASCII.digits.contains(text[position]) {
      guard scale > 1 else { return false }
      scale /= 10
      nanoseconds += UInt32(text[position] - ASCII.zero) * scale
      position += 1
    }
    return scale < 1_000_000_000
  }

  /// The offset from UTC in seconds of the text from `position` to the end.
  private static func offset(_ text: Span<UInt8>, _ position: Int) -> Int32? {
    if position == text.count { return 0 }
    let sign = text[position]
    if sign == UInt8(ascii: "Z") { return position + 1 == text.count ? 0 : nil }
    guard sign == ASCII.plus || sign == ASCII.hyphen, let hours = twoDigits(text, position + 1),
      hours < 24
    else { return nil }
    var minutes: Int32 = 0
    switch text.count - position {
    case 3: break
    case 5, 6:
      if text.count - position == 6 && text[position + 3] != ASCII.colon { return nil }
      guard let read = twoDigits(text, text.count - 2), read < 60 else { return nil }
      minutes = read
    default: return nil
    }
    let offset = hours * 3600 + minutes * 60
    return sign == ASCII.hyphen ? -offset : offset
  }

  /// The UTC day.
  public var day: Day {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    return Day(daysSince1970: Int32(truncatingIfNeeded: days))
  }

  /// The hour of the UTC day, 0 to 23.
  public var hour: Int {
    Int(secondOfDay) / 3600
  }

  private var secondOfDay: Int64 { seconds - day.secondsSince1970 }

  /// Appends `YYYY-MM-DD`, `separator`, `HH:MM:SS`, a fraction if there is one, and `suffix`.
  public func append(
    to output: inout ByteBuffer, separator: UInt8 = UInt8(ascii: "T"), suffix: StaticString = "Z"
  ) {
    day.date.append(to: &output)
    output.append(separator)
    let second = Int32(truncatingIfNeeded: secondOfDay)
    appendTwoDigits(second / 3600, to: &output)
    output.append(ASCII.colon)
    appendTwoDigits(second / 60 % 60, to: &output)
    output.append(ASCII.colon)
    appendTwoDigits(second % 60, to: &output)
    if nanoseconds > 0 {
      output.append(ASCII.dot)
      var digits = Array(String(1_000_000_000 + UInt64(nanoseconds)).utf8.dropFirst())
      while digits.last == ASCII.zero { digits.removeLast() }
      output.append(digits)
    }
    output.append(suffix)
  }

  /// `YYYY-MM-DDTHH:MM:SS[.fraction]Z`.
  public var text: String {
    var output = ByteBuffer(capacity: 32)
    append(to: &output)
    return output.bytes.text()
  }

  @inlinable @inline(__always)
  public static func < (left: Self, right: Self) -> Bool {
    left.seconds != right.seconds
      ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
  }
}

extension CivilDate {
  /// Appends `YYYY-MM-DD`.
  public func append(to output: inout ByteBuffer) {
    appendTwoDigits(year / 100, to: &output)
    appendTwoDigits(year % 100, to: &output)
    output.append(ASCII.hyphen)
    appendTwoDigits(month, to: &output)
    output.append(ASCII.hyphen)
    appendTwoDigits(day, to: &output)
  }

  /// `YYYY-MM-DD`.
  public var text: String {
    var output = ByteBuffer(capacity: 16)
    append(to: &output)
    return output.bytes.text()
  }
}

/// The number that two digits at `position` make; nil if they are not digits.
@inline(__always)
private func twoDigits(_ text: Span<UInt8>, _ position: Int) -> Int32? {
  guard position + 2 <= text.count else { return nil }
  let tens = text.byte(at: position) &- ASCII.zero
  let ones = text.byte(at: position + 1) &- ASCII.zero
  guard tens < 10, ones < 10 else { return nil }
  return Int32(tens) * 10 + Int32(ones)
}

private func appendTwoDigits(_ number: Int32, to output: inout ByteBuffer) {
  output.append(ASCII.zero + UInt8(number / 10 % 10))
  output.append(ASCII.zero + UInt8(number % 10))
}
