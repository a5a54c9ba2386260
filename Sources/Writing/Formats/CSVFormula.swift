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
    case 0...ASCII.space, ASCII.plus, ASCII.hyphen, ASCII.equals, ASCII.at, ASCII.delete...0xFF:
      true
    default: false
    }
  }

  /// Whether decoded text is to be defused.
  static func begins(_ text: Span<UInt8>) -> Bool {
    switch text.count > 0 ? text[0] : UInt8(ascii: "x") {
    case ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn: true
    default: operatorPosition(text, from: 0, passingQuotes: false) != nil
    }
  }

  /// The operator of the first formula after a semicolon at or after `start`.
  ///
  /// Where the list separator is `;`, as in much of Europe, a spreadsheet begins a cell there. Quotes
  /// that do not begin a line are text to it, so quoting does not help; quotes before the operator
  /// are passed over, since they may quote nothing.
  static func operatorAfterSemicolon(_ text: Span<UInt8>, from start: Int) -> Int? {
    var position = ByteSearch.first(UInt8(ascii: ";"), in: text, from: start)
    while position < text.count {
      if let found = operatorPosition(text, from: position + 1, passingQuotes: true) {
        return found
      }
      position = ByteSearch.first(UInt8(ascii: ";"), in: text, from: position + 1)
    }
    return nil
  }

  /// Appends cleaned text in which every operator after a semicolon is harmless: an apostrophe is before
  /// it, or in JSON, which has to stay JSON, it is escaped.
  ///
  /// - Returns: What cleaning lost, and whether there was such an operator.
  static func appendDefused(
    _ text: Span<UInt8>, isJSON: Bool, to output: inout ByteBuffer
  ) -> (changes: CSVCleaning.Changes, hasFormula: Bool) {
    var changes: CSVCleaning.Changes = []
    var hasFormula = false
    var start = 0
    while let found = operatorAfterSemicolon(text, from: start) {
      hasFormula = true
      changes.formUnion(
        CSVCleaning.append(text.extracting(start..<found), replacingControls: true, to: &output))
      start = found
      if isJSON {
        let scalar = UTF8Text.scalar(text, at: found).value
        output.append("\\u")
        JSONText.appendHex(UInt8(scalar >> 8), to: &output)
        JSONText.appendHex(UInt8(scalar & 0xFF), to: &output)
        start += UTF8Text.validLength(text, at: found)
      } else {
        output.append("'")
      }
    }
    changes.formUnion(
      CSVCleaning.append(text.extracting(start..<text.count), replacingControls: true, to: &output))
    return (changes, hasFormula)
  }

  /// Where the first visible character from `start` on is, if that is an operator.
  private static func operatorPosition(
    _ text: Span<UInt8>, from start: Int, passingQuotes: Bool
  ) -> Int? {
    var position = start
    while position < text.count {
      let byte = text[position]
      switch byte {
      case 0...ASCII.space, ASCII.delete: position += 1
      case ASCII.quote where passingQuotes: position += 1
      case ASCII.visible: return isOperator(Unicode.Scalar(byte)) ? position : nil
      default:
        let scalar = UTF8Text.scalar(text, at: position)
        if isOperator(scalar) { return position }
        guard scalar.properties.isWhitespace || isInvisible(scalar) else { return nil }
        position += UTF8Text.validLength(text, at: position)
      }
    }
    return nil
  }

  private static func isOperator(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "+", "-", "@", "＝", "＋", "－", "＠": true
    default: false
    }
  }

  /// Whether a character is not seen: controls, zero-width and direction marks, fillers.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return properties.isDefaultIgnorableCodePoint || properties.generalCategory == .control
      || properties.generalCategory == .format
  }
}
