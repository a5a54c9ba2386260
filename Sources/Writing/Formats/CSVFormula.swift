import Bytes

/// Which texts a spreadsheet would take for a formula.
///
/// The first characters are those of OWASP's "CSV Injection" and their full-width forms. Importers
/// trim, so white space, control characters and invisible ones in front do not count; but TAB, CR
/// and LF in front are enough by themselves. Quoting a cell is no help: it is gone when the cell is
/// evaluated.
enum CSVFormula {
  /// Whether text that begins with `byte` needs a closer look.
  @inline(__always)
  static func mayBegin(with byte: UInt8) -> Bool {
    switch byte {
    case 0...0x20, 0x2B, 0x2D, 0x3D, 0x40, 0x7F...0xFF: true
    default: false
    }
  }

  /// Whether decoded text is to be defused.
  static func begins(_ text: Span<UInt8>) -> Bool {
    var position = 0
    while position < text.count {
      let byte = text[position]
      switch byte {
      case 0x09, 0x0A, 0x0D:
        if position == 0 { return true }
        position += 1
      case 0...0x20, 0x7F:
        position += 1
      case 0x21..<0x7F:
        return isOperator(UInt32(byte))
      default:
        guard let (scalar, length) = scalar(text, at: position) else { return false }
        if isOperator(scalar.value) { return true }
        if !isPassedOver(scalar) { return false }
        position += length
      }
    }
    return false
  }

  private static func isOperator(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x3D, 0x2B, 0x2D, 0x40, 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20: true
    default: false
    }
  }

  /// White space, controls, and what is not seen at all: zero-width and direction marks, fillers.
  private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return properties.isWhitespace || properties.isDefaultIgnorableCodePoint
      || properties.generalCategory == .control || properties.generalCategory == .format
  }

  private static func scalar(
    _ text: Span<UInt8>, at position: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    let length = UTF8Text.validLength(text, at: position)
    guard length > 1 else { return nil }
    var value = UInt32(text[position]) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
    return Unicode.Scalar(value).map { ($0, length) }
  }
}
