import Bytes
import CloudTrail

/// Writes fields of any text by all the rules of a profile, and counts what it altered.
struct CSVCarefulFields: ~Copyable {
  /// What a field's text is, and so which rules apply.
  enum Kind {
    /// A string's text, which may be a formula to a spreadsheet, or what it would convert.
    case text
    /// JSON, which is neither, except for what follows a semicolon in it.
    case json
    /// A number with more digits than a spreadsheet's.
    case longNumber
  }

  let isExcel: Bool
  let defusesFormulas: Bool
  var altered = CSVAlterations()

  /// Where the eventID of the record at hand is, for the mark of cut fields.
  var eventID = FieldValue.absent

  /// The field's final text, not yet quoted.
  private var cleaned = ByteBuffer()
  private var folded = ByteBuffer()

  init(isExcel: Bool, defusesFormulas: Bool) {
    self.isExcel = isExcel
    self.defusesFormulas = defusesFormulas
  }

  /// Appends a field.
  mutating func append(
    _ text: Span<UInt8>, as kind: Kind, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    write(text, as: kind, isLossy: false, of: record, to: &output)
  }

  /// Appends a field of unescaped text.
  ///
  /// It counts as altered if it `isLossy`: if unescaping has put a U+FFFD for half a surrogate pair.
  mutating func append(
    _ text: borrowing ByteBuffer, isLossy: Bool, of record: Span<UInt8>,
    to output: inout ByteBuffer
  ) {
    write(text.bytes, as: .text, isLossy: isLossy, of: record, to: &output)
  }

  private mutating func write(
    _ text: Span<UInt8>, as kind: Kind, isLossy: Bool, of record: Span<UInt8>,
    to output: inout ByteBuffer
  ) {
    cleaned.removeAll()
    var isFormula = kind == .text && defusesFormulas && CSVFormula.begins(text)
    if isFormula {
      cleaned.append(UInt8(ascii: "'"))
    } else if kind == .longNumber
      || (kind == .text && isExcel && CSVConversion.converts(text, folded: &folded))
    {
      cleaned.append(UInt8(ascii: "'"))
      altered.keptAsText += 1
    }
    var changes: CSVCleaning.Changes = []
    var start = 0
    while isExcel, defusesFormulas,
      let found = CSVFormula.operatorAfterSemicolon(text, from: start)
    {
      isFormula = true
      changes.formUnion(
        CSVCleaning.append(text.extracting(start..<found), replacingControls: true, to: &cleaned))
      start = defuseOperator(text, at: found, as: kind)
    }
    changes.formUnion(
      CSVCleaning.append(
        text.extracting(start..<text.count), replacingControls: isExcel, to: &cleaned))
    if isFormula { altered.formulas += 1 }
    if changes.contains(.lineBreak) { altered.lineBreaks += 1 }
    if changes.contains(.control) { altered.controlCharacters += 1 }
    if changes.contains(.invalid) || isLossy { altered.invalidUTF8 += 1 }
    if isExcel, CSVCut.cut(&cleaned, eventID: eventID, of: record) { altered.cut += 1 }
    CSVCleaning.appendQuotedIfNeeded(cleaned.bytes, for: isExcel ? .excel : .plain, to: &output)
  }

  /// Writes what makes an operator inside a field harmless: an apostrophe before it, or in JSON, which
  /// has to stay JSON, its escape.
  ///
  /// - Returns: Where the text goes on.
  private mutating func defuseOperator(_ text: Span<UInt8>, at position: Int, as kind: Kind) -> Int
  {
    guard kind == .json else {
      cleaned.append(UInt8(ascii: "'"))
      return position
    }
    let scalar = UTF8Text.scalar(text, at: position).value
    cleaned.append("\\u")
    JSONText.appendHex(UInt8(scalar >> 8), to: &cleaned)
    JSONText.appendHex(UInt8(scalar & 0xFF), to: &cleaned)
    return position + UTF8Text.validLength(text, at: position)
  }
}
