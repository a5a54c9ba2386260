import Bytes

/// Which texts a spreadsheet would turn into something else on opening a CSV file.
///
/// Whatever reads as a number, a date, a time or an error value becomes one, quoted or not, and is
/// then shown differently:
///
/// ```
/// text     = spaces (number | date | error) spaces
/// number   = 012345678910, 1E5, 1,234, (5), 5%, $5: see CSVNumber
/// date     = 1-2, 1/2/2026, MAR1, 5-Jan, 12:30 PM, 2 3/4: see CSVDateTime
/// error    = "#" name ("!" | "?") | "#N/A" | "#GETTING_DATA"
/// ```
///
/// A number that is shown as it is written is left alone: `7`, `1.08`. So is a text that is converted
/// in no language: an IPv4 address, a time stamp with `T` and `Z`, a UUID. `true` and `false` become
/// TRUE and FALSE, which say the same, and are left alone as well.
///
/// Who calls AWS chooses many texts, so it is a grammar and no list, and where programs differ the
/// widest of them counts: a needless apostrophe harms less than a changed text. It is what
/// LibreOffice Calc 7.4 converts in English, German, French, Japanese and Chinese (tried), and what
/// is known of Excel: names of genes that are dates to it (Bruford et al., "Guidelines for human gene
/// nomenclature", 2020: MARCH1, SEPT2, DEC1, MARC1) and "Stop automatically changing numbers to
/// dates" on Microsoft's support pages. Names of months are the English ones.
enum CSVConversion {
  /// Whether text needs a closer look, by its first bytes.
  @inline(__always)
  static func mayConvert(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    switch text.byte(at: range.lowerBound) {
    // Digits, and all marks that a number, a time or an error begins with.
    case UInt8(ascii: " ")...UInt8(ascii: ":"): true
    case UInt8(ascii: "A")...UInt8(ascii: "z"): CSVDateTime.mayBegin(text, in: range)
    default: false
    }
  }

  /// Whether ASCII text in `range` would be converted; never for text with other characters.
  ///
  /// A number is shown differently in any case where `isFolded`: where the text was written in other
  /// characters.
  static func converts(
    _ text: Span<UInt8>, in range: Range<Int>, isFolded: Bool = false
  ) -> Bool {
    guard !range.isEmpty, mayConvert(text, in: range) else { return false }
    let inner = withoutSpaces(text, in: range)
    guard !inner.isEmpty else { return false }
    if text.byte(at: inner.lowerBound) == UInt8(ascii: "#") { return isError(text, in: inner) }
    if let number = CSVNumber(text, in: inner) {
      return number.isShownDifferently || isFolded || inner.count < range.count
    }
    return CSVDateTime.matches(text, in: inner)
  }

  /// Whether text of any characters would be converted.
  static func converts(_ text: Span<UInt8>, folded: inout ByteBuffer) -> Bool {
    guard CSVFolding.fold(text, to: &folded) else { return false }
    let isFolded = !folded.bytes.isEqual(to: text)
    return converts(folded.bytes, in: 0..<folded.count, isFolded: isFolded)
  }

  private static func withoutSpaces(_ text: Span<UInt8>, in range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, text.byte(at: start) == UInt8(ascii: " ") { start += 1 }
    while start < end, text.byte(at: end - 1) == UInt8(ascii: " ") { end -= 1 }
    return start..<end
  }

  /// Whether a text is the name of an error, such as `#REF!`: Excel then has an error in the cell.
  private static func isError(_ text: Span<UInt8>, in range: Range<Int>) -> Bool {
    let name = range.dropFirst()
    let isName = name.dropLast().allSatisfy { position in
      switch text.byte(at: position) {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isName, let last = name.last else { return false }
    switch text.byte(at: last) {
    case UInt8(ascii: "!"), UInt8(ascii: "?"): return name.count > 1
    case UInt8(ascii: "A"), UInt8(ascii: "a"):
      return ["N/A", "GETTING_DATA"].contains(text.extracting(name).text().uppercased())
    default: return false
    }
  }
}
