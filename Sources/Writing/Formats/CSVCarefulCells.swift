import Bytes
import CloudTrail

/// Writes cells of any text by all the rules of a profile, and counts what it altered.
struct CSVCarefulCells: ~Copyable {
  /// What a cell's text is, and so which rules apply.
  enum Kind {
    /// A string's text, which may be a formula to a spreadsheet, or digits that it would change.
    case text
    /// JSON, which is neither.
    case json
    /// A number with more digits than a spreadsheet's.
    case longNumber
  }

  let isExcel: Bool
  let defusesFormulas: Bool
  var altered = AlteredCells()

  /// Where the eventID of the record at hand stands, for the mark of cut cells.
  var eventID = FieldValue.absent

  /// The cell's final text, not yet quoted.
  private var cleaned = ByteBuffer()

  init(isExcel: Bool, defusesFormulas: Bool) {
    self.isExcel = isExcel
    self.defusesFormulas = defusesFormulas
  }

  /// Appends a cell.
  mutating func append(
    _ text: Span<UInt8>, as kind: Kind, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    write(text, as: kind, isLossy: false, of: record, to: &output)
  }

  /// Appends a cell of unescaped text.
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
    if kind == .text, defusesFormulas, CSVFormula.begins(text) {
      cleaned.append(0x27)
      altered.formulas += 1
    } else if kind == .longNumber || (kind == .text && isExcel && CSVDigits.spoils(text)) {
      cleaned.append(0x27)
      altered.keptAsText += 1
    }
    let changes = CSVCleaning.append(text, replacingControls: isExcel, to: &cleaned)
    if changes.contains(.lineBreak) { altered.lineBreaks += 1 }
    if changes.contains(.control) { altered.controlCharacters += 1 }
    if changes.contains(.invalid) || isLossy { altered.invalidUTF8 += 1 }
    if isExcel, CSVCut.cut(&cleaned, eventID: eventID, of: record) { altered.cut += 1 }
    CSVCleaning.appendQuotedIfNeeded(cleaned.bytes, to: &output)
  }
}
