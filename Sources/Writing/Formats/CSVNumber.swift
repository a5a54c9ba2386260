import Bytes

/// A number as a spreadsheet reads it out of ASCII text.
///
/// ```
/// number   = affixes numeral [exponent] affixes
/// numeral  = digits with commas, spaces and apostrophes anywhere, and at most one point
/// exponent = "E" and at least one digit, with signs, points and spaces anywhere
/// affix    = sign | currency | "%" | bracket | space
/// ```
///
/// Commas and points change places by language, and some group digits by apostrophes or spaces, so
/// every way of writing counts. Any currency is `$` here.
struct CSVNumber {
  /// The longest whole number that Excel shows digit by digit in a cell without a format.
  private static let shownDigits = 11

  /// The most digits that a spreadsheet's numbers hold.
  private static let heldDigits = 15

  private var digits = 0
  private var points = 0
  private var hasSeparators = false
  private var hasLeadingZero = false
  private var hasExponent = false
  private var hasAffixes = false
  private var first: UInt8 = 0
  private var last: UInt8 = 0

  /// Nil if the text in `range` is no number.
  init?(_ text: Span<UInt8>, in range: Range<Int>) {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, CSVNumber.isAffix(text.byte(at: start)) { start += 1 }
    while start < end, CSVNumber.isAffix(text.byte(at: end - 1)) { end -= 1 }
    // A minus right before the digits is shown as it is.
    let isNegative =
      start == range.lowerBound + 1 && text.byte(at: range.lowerBound) == ASCII.hyphen
    hasAffixes = (start > range.lowerBound && !isNegative) || end < range.upperBound
    let position = readNumeral(text, in: start..<end)
    guard let position, digits > 0 else { return nil }
    if position < end {
      guard CSVNumber.isExponent(text, in: position..<end) else { return nil }
      hasExponent = true
    }
  }

  /// Whether a spreadsheet would show something else than the text.
  ///
  /// Whole numbers of more digits than it shows (`1.11E+11`), or past 15 rounded: account ids,
  /// request ids; zeros in front or at the end: version `1.10` would be `1.1`; and every other way
  /// of writing than plain digits.
  var isShownDifferently: Bool {
    hasAffixes || hasSeparators || hasExponent || hasLeadingZero
      || digits > CSVNumber.shownDigits
      || points == 1
        && (first == ASCII.dot || last == ASCII.dot || last == ASCII.zero)
  }

  /// Reads digits and what may be between them.
  ///
  /// - Returns: The position after them; nil if there are two points.
  private mutating func readNumeral(_ text: Span<UInt8>, in range: Range<Int>) -> Int? {
    var position = range.lowerBound
    while position < range.upperBound {
      let byte = text.byte(at: position)
      switch byte {
      case ASCII.digits:
        if digits == 1, points == 0, first == ASCII.zero { hasLeadingZero = true }
        digits += 1
      case ASCII.dot:
        points += 1
        if points > 1 { return nil }
      case ASCII.comma, ASCII.space, UInt8(ascii: "'"): hasSeparators = true
      default: return position
      }
      if position == range.lowerBound { first = byte }
      last = byte
      position += 1
    }
    return position
  }

  private static func isExponent(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard text.byte(at: range.lowerBound) | ASCII.caseBit == UInt8(ascii: "e") else { return false }
    var hasDigit = false
    for position in range.dropFirst() {
      switch text.byte(at: position) {
      case ASCII.digits: hasDigit = true
      case ASCII.plus, ASCII.hyphen, ASCII.dot, ASCII.space: break
      default: return false
      }
    }
    return hasDigit
  }

  @inline(__always)
  private static func isAffix(_ byte: UInt8) -> Bool {
    switch byte {
    case ASCII.space, ASCII.plus, ASCII.hyphen, UInt8(ascii: "$"),
      ASCII.percent, UInt8(ascii: "("), UInt8(ascii: ")"):
      true
    default: false
    }
  }

  /// Whether a JSON number has more digits than a spreadsheet's numbers.
  static func rounds(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard range.count > heldDigits else { return false }
    var digits = 0
    for position in range {
      switch bytes.byte(at: position) {
      case UInt8(ascii: "E"), UInt8(ascii: "e"): return digits > heldDigits
      case ASCII.zero where digits == 0: break
      case ASCII.digits: digits += 1
      default: break
      }
    }
    return digits > heldDigits
  }
}
