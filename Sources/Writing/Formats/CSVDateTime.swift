import Bytes

/// Dates, times and fractions as a spreadsheet reads them out of ASCII text.
///
/// Only texts of numbers, names of months and weekdays, `AM` and `PM`, the marks `- / . , : +` and
/// spaces are converted; which of them are depends on program and language. Here they are those with
/// - one month, by at least three letters of its English name, and one to six numbers: `MAR1`,
///   `5-Jan`, `June 5, 2026 12:30`;
/// - one or two colons, or `AM` or `PM`: `12:30`, `1 PM`, `2026-01-02 12:30:45.5`;
/// - two or three numbers that can be a day, a month and a year in some order, with a mark between
///   each: `1-2`, `1/2/2026`, `1.2.2026`;
/// - a fraction: `2 3/4`.
///
/// An IPv4 address is none, with or without a port, nor an IPv6 address.
struct CSVDateTime {
  private var numbers = 0
  private var months = 0
  private var weekdays = 0
  /// `AM` and `PM`.
  private var halves = 0
  private var colons = 0
  private var spaces = 0
  private var points = 0
  private var slashes = 0
  /// Points, slashes, dashes and commas.
  private var separators = 0
  private var pluses = 0
  /// Numbers that can be a day, a month, only a year, and none of these.
  private var (days, monthNumbers, years, longNumbers) = (0, 0, 0, 0)
  private var first = Piece.space
  private var last = Piece.space

  private enum Piece {
    case number, name, separator, colon, plus, space
  }

  /// Whether text that begins with these letters needs a closer look.
  @inline(__always)
  static func mayBegin(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard range.count > 3 else { return false }
    let start = range.lowerBound
    let letters =
      UInt32(text.byte(at: start)) << 16 | UInt32(text.byte(at: start + 1)) << 8
      | UInt32(text.byte(at: start + 2))
    return CSVNames.begin(letters | 0x20_2020)
  }

  /// Whether the text in `range`, without spaces around it, is a date, a time, both or a fraction.
  static func matches(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    CSVDateTime(text, in: range)?.isConverted ?? false
  }

  private var isConverted: Bool {
    guard weekdays <= 1, halves <= 1, colons <= 2 else { return false }
    if months == 1 { return (1...6).contains(numbers) }
    guard months == 0, weekdays == 0, first == .number || first == .separator else { return false }
    if halves == 1 || colons > 0 {
      return (1...7).contains(numbers) && (points < 3 || spaces > 0)
    }
    return isFraction || isNumericDate
  }

  private var isFraction: Bool {
    numbers == 3 && separators == 1 && slashes == 1 && spaces > 0 && pluses == 0
  }

  private var isNumericDate: Bool {
    guard (2...3).contains(numbers), pluses == 0, first == .number else { return false }
    // With a mark at the end, as in `1.2.`: the day and the month in German.
    guard separators == numbers - (last == .separator ? 0 : 1) else { return false }
    return longNumbers == 0 && years <= 1 && monthNumbers >= 1 && days >= numbers - 1
  }

  // MARK: Reading

  /// Nil for text with any other word or mark.
  private init?(_ text: Span<UInt8>, in range: Range<Int>) {
    var position = range.lowerBound
    while position < range.upperBound {
      let start = position
      guard let piece = CSVDateTime.piece(text.byte(at: position)) else { return nil }
      position += 1
      if piece == .number || piece == .name || piece == .space {
        while position < range.upperBound,
          CSVDateTime.piece(text.byte(at: position)) == piece
        {
          position += 1
        }
      }
      guard take(piece, text, in: start..<position) else { return nil }
      if start == range.lowerBound { first = piece }
      last = piece
    }
  }

  private static func piece(_ byte: UInt8) -> Piece? {
    switch byte {
    case ASCII.digits: .number
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): .name
    case ASCII.space: .space
    case ASCII.comma, ASCII.hyphen, ASCII.dot, ASCII.slash: .separator
    case ASCII.colon: .colon
    case ASCII.plus: .plus
    default: nil
    }
  }

  /// Counts a piece; false if it is a word that no date has.
  private mutating func take(_ piece: Piece, _ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    switch piece {
    case .number: takeNumber(text, in: range)
    case .name: return takeName(text, in: range)
    case .colon: colons += 1
    case .plus: pluses += 1
    case .space: spaces += 1
    case .separator:
      separators += 1
      if text.byte(at: range.lowerBound) == ASCII.dot { points += 1 }
      if text.byte(at: range.lowerBound) == ASCII.slash { slashes += 1 }
    }
    return true
  }

  private mutating func takeNumber(_ text: Span<UInt8>, in range: Range<Int>) {
    numbers += 1
    if range.count > 4 { longNumbers += 1 }
    if range.count > 2 { years += 1 }
    guard range.count <= 2 else { return }
    let value = range.reduce(0) { $0 * 10 + Int(text.byte(at: $1) - ASCII.zero) }
    if (1...31).contains(value) { days += 1 }
    if (1...12).contains(value) { monthNumbers += 1 }
  }

  private mutating func takeName(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    let initial = text.byte(at: range.lowerBound) | ASCII.caseBit
    let isHalf = initial == UInt8(ascii: "a") || initial == UInt8(ascii: "p")
    switch range.count {
    case 1 where isHalf:
      // `1 a` is a time, `1a` is none.
      halves += 1
      return numbers > 0 && (last == .space || colons > 0)
    case 1 where initial == UInt8(ascii: "m"): return halves == 1
    case 1 where initial == UInt8(ascii: "t"):
      // Between date and time in ISO 8601.
      return last == .number
    case 2 where isHalf:
      halves += 1
      return numbers > 0 && text.byte(at: range.lowerBound + 1) | ASCII.caseBit == UInt8(ascii: "m")
    case 3...:
      if CSVNames.isMonth(text, in: range) {
        months += 1
        return true
      }
      weekdays += 1
      return CSVNames.isWeekday(text, in: range)
    default: return false
    }
  }
}

/// The English names that spreadsheets know in dates: three letters of one are enough.
private enum CSVNames {
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ].map { Array($0.utf8) }

  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ].map { Array($0.utf8) }

  static func isMonth(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    months.contains { begins($0, text, in: range) }
  }

  static func isWeekday(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    weekdays.contains { begins($0, text, in: range) }
  }

  /// Whether the letters in `range` are the first ones of `name`, or all.
  private static func begins(
    _ name: [UInt8], _ text: Span<UInt8>, in range: Range<Int>
  ) -> Bool {
    range.count <= name.count
      && zip(range, name).allSatisfy { text.byte(at: $0) | ASCII.caseBit == $1 }
  }

  /// Whether three lower-case letters, as the bytes of one number, begin a name.
  @inline(__always)
  static func begin(_ letters: UInt32) -> Bool {
    switch letters {
    // jan, feb, mar, apr, may, jun, jul, aug, sep, oct, nov, dec
    case 0x6A616E, 0x666562, 0x6D6172, 0x617072, 0x6D6179, 0x6A756E, 0x6A756C, 0x617567, 0x736570,
      0x6F6374, 0x6E6F76, 0x646563:
      true
    // mon, tue, wed, thu, fri, sat, sun
    case 0x6D6F6E, 0x747565, 0x776564, 0x746875, 0x667269, 0x736174, 0x73756E: true
    default: false
    }
  }
}
