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
    let changes: CSVCleaning.Changes
    if isExcel && defusesFormulas {
      let defused = CSVFormula.appendDefused(text, isJSON: kind == .json, to: &cleaned)
      changes = defused.changes
      isFormula = isFormula || defused.hasFormula
    } else {
      changes = CSVCleaning.append(text, replacingControls: isExcel, to: &cleaned)
    }
    if isFormula { altered.formulas += 1 }
    if changes.contains(.lineBreak) { altered.lineBreaks += 1 }
    if changes.contains(.control) { altered.controlCharacters += 1 }
    if changes.contains(.invalid) || isLossy { altered.invalidUTF8 += 1 }
    if isExcel, CSVCut.cut(&cleaned, eventID: eventID, of: record) { altered.cut += 1 }
    CSVCleaning.appendQuotedIfNeeded(cleaned.bytes, for: isExcel ? .excel : .plain, to: &output)
  }
}
