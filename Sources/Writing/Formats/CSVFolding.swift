import Bytes

/// Text in the ASCII characters that a spreadsheet takes its characters for.
///
/// White space, controls too, is a space; full-width forms and the digits of every script are what
/// they look like (Calc reads both as numbers in Japanese and Chinese); currency signs are `$`. The
/// characters between the parts of a date or time in Chinese, Japanese and Korean are
/// separators. What is not seen at all is left out.
enum CSVFolding {
  /// The letters of the longest text that is converted: a date with its names written out.
  private static let mostLetters = 32

  /// Folds `text` into `output`.
  ///
  /// - Returns: False, as soon as that is known, for text with anything that no number, date or error
  ///   holds.
  static func fold(_ text: Span<UInt8>, to output: inout ByteBuffer) -> Bool {
    output.removeAll()
    var letters = 0
    var position = 0
    while position < text.count {
      let (length, isValid) = UTF8Text.sequence(text, at: position)
      guard isValid else { return false }
      let scalar = UTF8Text.scalar(text, at: position)
      position += length
      switch folded(scalar) {
      case .character(let byte): output.append(byte)
      case .letter(let byte):
        letters += 1
        if letters > mostLetters { return false }
        output.append(byte)
      case .nothing: break
      case .foreign: return false
      }
    }
    return true
  }

  private enum Folded {
    case character(UInt8)
    case letter(UInt8)
    case nothing
    /// No part of anything that is converted.
    case foreign
  }

  private static func folded(_ scalar: Unicode.Scalar) -> Folded {
    switch scalar.value {
    case 0...0x20, 0x7F: .character(UInt8(ascii: " "))
    case 0x21..<0x7F: folded(visible: UInt8(scalar.value))
    // Full-width forms.
    case 0xFF01...0xFF5E: folded(visible: UInt8(scalar.value - 0xFF01 + 0x21))
    default: folded(other: scalar)
    }
  }

  private static func folded(visible byte: UInt8) -> Folded {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): .letter(byte)
    case UInt8(ascii: "\""), UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: ";"),
      UInt8(ascii: "<"), UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "@"):
      .foreign
    default: .character(byte)
    }
  }

  private static func folded(other scalar: Unicode.Scalar) -> Folded {
    switch scalar {
    case "年", "月", "년", "월": return .character(UInt8(ascii: "/"))
    case "時", "时", "分", "시", "분": return .character(UInt8(ascii: ":"))
    case "日", "号", "일", "秒", "초": return .character(UInt8(ascii: " "))
    case "\u{2019}": return .character(UInt8(ascii: "'"))
    default: break
    }
    let properties = scalar.properties
    if properties.numericType == .decimal, let value = properties.numericValue {
      return .character(UInt8(ascii: "0") + UInt8(value))
    }
    switch properties.generalCategory {
    case .currencySymbol: return .character(UInt8(ascii: "$"))
    case .control: return .character(UInt8(ascii: " "))
    default: break
    }
    if properties.isWhitespace { return .character(UInt8(ascii: " ")) }
    return CSVFormula.isInvisible(scalar) ? .nothing : .foreign
  }
}
