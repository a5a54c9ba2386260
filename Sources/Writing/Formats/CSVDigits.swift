import Bytes

/// Which texts of digits a spreadsheet would turn into something else on opening a CSV file.
///
/// Tried with LibreOffice Calc 7.4; for Excel from its documentation: whatever reads as a number, a
/// date or a time becomes one, quoted or not. What is shown then is not what the record says if the
/// text is
/// - a whole number with a leading zero, or of more than 11 digits (shown as `1.11E+11`, and past 15
///   digits rounded): account ids, request ids;
/// - a decimal number with a zero in front or at the end: version `1.10` would become `1.1`;
/// - digits, `E`, digits: `12E45`;
/// - digits with commas: `1,000`;
/// - two or three groups of digits between `-`, `/` or `:`, of which one may be a year, the others
///   have at most two digits: `1-2`, `12:30`, `2015-08-14`.
///
/// An IPv4 address and a version as `1.2.3` are neither, nor is anything with another character.
enum CSVDigits {
  /// The longest whole number that Excel shows digit by digit in a cell without a format.
  private static let shownDigits = 11

  /// The most digits that a spreadsheet's numbers hold.
  private static let heldDigits = 15

  /// Whether text that begins with `byte` needs a closer look.
  @inline(__always)
  static func mayBegin(with byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || byte == 0x2E
  }

  /// Whether a string of this text would be spoilt.
  static func spoils(_ text: Span<UInt8>) -> Bool {
    spoils(text, in: 0..<text.count)
  }

  /// Whether a string of the text in `range` would be spoilt.
  static func spoils(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard !range.isEmpty, mayBegin(with: bytes[range.lowerBound]) else { return false }
    var shape = Shape()
    for position in range where !shape.take(bytes.byte(at: position)) { return false }
    return shape.isSpoilt
  }

  /// Whether a JSON number has more digits than a spreadsheet's numbers.
  static func rounds(_ bytes: Span<UInt8>, in range: Range<Int>) -> Bool {
    guard range.count > heldDigits else { return false }
    var digits = 0
    for position in range {
      switch bytes.byte(at: position) {
      case 0x45, 0x65: return digits > heldDigits
      case 0x30 where digits == 0: break
      case 0x30...0x39: digits += 1
      default: break
      }
    }
    return digits > heldDigits
  }

  /// What the bytes so far look like.
  private struct Shape {
    private var digits = 0
    private var points = 0
    private var commas = 0
    private var exponents = 0
    private var groups = 1
    private var groupDigits = 0
    private var separator: UInt8 = 0
    private var longGroups = 0
    private var hasTooLongGroup = false
    private var hasLeadingZero = false
    private var last: UInt8 = 0
    private var first: UInt8 = 0

    /// Counts one byte in; false if no number, date or time holds it there.
    @inline(__always)
    mutating func take(_ byte: UInt8) -> Bool {
      switch byte {
      case 0x30...0x39:
        if digits == 1, points == 0, first == 0x30 { hasLeadingZero = true }
        digits += 1
        groupDigits += 1
        if groupDigits == 3 { longGroups += 1 }
        if groupDigits == 5 { hasTooLongGroup = true }
      case 0x2E: points += 1
      case 0x2C: commas += 1
      case 0x45, 0x65:
        exponents += 1
        if digits == 0 { return false }
      case 0x2B:
        if last | 0x20 != 0x65 { return false }
      case 0x2D where last | 0x20 == 0x65: break
      case 0x2D, 0x2F, 0x3A:
        if groupDigits == 0 || (separator != 0 && separator != byte) { return false }
        separator = byte
        groups += 1
        groupDigits = 0
      default: return false
      }
      if last == 0 { first = byte }
      last = byte
      return true
    }

    var isSpoilt: Bool {
      let endsInDigit = (0x30...0x39).contains(last)
      if separator != 0 {
        return endsInDigit && points + commas + exponents == 0 && groups <= 3 && longGroups <= 1
          && !hasTooLongGroup
      }
      if digits == 0 || points > 1 || exponents > 1 { return false }
      if exponents == 1 { return endsInDigit && commas == 0 }
      if commas > 0 { return endsInDigit }
      if digits > shownDigits || hasLeadingZero { return true }
      return points == 1 && (first == 0x2E || last == 0x2E || last == 0x30)
    }
  }
}
