import Bytes
import CloudTrail

/// Writes single cells by the rules of a profile, and counts what it altered.
///
/// Nearly every cell is plain ASCII and is copied straight through; the first byte that needs
/// thought sends the cell to `CSVCarefulCells`, which knows all the rules.
struct CSVCells: ~Copyable {
  private let isExcel: Bool
  private let defusesFormulas: Bool
  private var careful: CSVCarefulCells

  /// A string without its escapes.
  private var decoded = ByteBuffer()

  init(profile: CSVProfile, formulas: FormulaPolicy) {
    isExcel = profile == .excel
    defusesFormulas = formulas == .defuse
    careful = CSVCarefulCells(isExcel: isExcel, defusesFormulas: defusesFormulas)
  }

  /// The cells altered so far.
  var altered: AlteredCells {
    get { careful.altered }
    set { careful.altered = newValue }
  }

  /// Says where the eventID of the next record stands, for the mark of cut cells.
  mutating func begin(eventID: FieldValue) {
    careful.eventID = eventID
  }

  // MARK: Kinds of cells

  /// Appends the cell for any value of a record.
  @inline(__always)
  mutating func append(
    _ value: FieldValue, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    switch value.kind {
    case .absent, .null: break
    case .string: appendText(record, in: value.range, of: record, to: &output)
    case .escapedString: appendEscaped(record.extracting(value.range), of: record, to: &output)
    case .object, .array: appendJSON(record, in: value.range, of: record, to: &output)
    case .number where isExcel && CSVDigits.rounds(record, in: value.range):
      careful.append(record.extracting(value.range), as: .longNumber, of: record, to: &output)
    case .boolean, .number: _ = output.appendPlainRun(record, in: value.range)
    }
  }

  /// Appends the cell for `text[range]`, decoded text.
  mutating func appendText(
    _ text: Span<UInt8>, in range: Range<Int>, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    if range.isEmpty { return }
    let first = text.byte(at: range.lowerBound)
    let isShort = !isExcel || range.count < CSVProfile.maximumCellUnits
    if isShort, !defusesFormulas || !CSVFormula.mayBegin(with: first) {
      let start = output.count
      let keepsDigits =
        isExcel && CSVDigits.mayBegin(with: first) && CSVDigits.spoils(text, in: range)
      if keepsDigits { output.append(0x27) }
      var end = output.appendPlainRun(text, in: range)
      if end < range.upperBound, text.byte(at: end) == 0x2C {
        output.truncate(to: start)
        output.append(0x22)
        if keepsDigits { output.append(0x27) }
        end = output.appendDoublingQuotes(text, in: range)
        if end == range.upperBound { output.append(0x22) }
      }
      if end == range.upperBound {
        if keepsDigits { careful.altered.keptAsText += 1 }
        return
      }
      output.truncate(to: start)
    }
    careful.append(text.extracting(range), as: .text, of: record, to: &output)
  }

  /// Appends the cell for decoded text.
  mutating func appendText(
    _ text: borrowing ByteBuffer, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    appendText(text.bytes, in: 0..<text.count, of: record, to: &output)
  }

  /// Appends the cell for a JSON string's content.
  private mutating func appendEscaped(
    _ content: Span<UInt8>, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    decoded.removeAll()
    JSONText.appendDecoded(content, to: &decoded)
    careful.append(
      decoded, isLossy: JSONText.hasLoneSurrogate(content), of: record, to: &output)
  }

  /// Appends the cell for JSON text, which no spreadsheet takes for a formula.
  mutating func appendJSON(
    _ text: borrowing ByteBuffer, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    appendJSON(text.bytes, in: 0..<text.count, of: record, to: &output)
  }

  /// Appends the cell for JSON text, which no spreadsheet takes for a formula.
  mutating func appendJSON(
    _ text: Span<UInt8>, in range: Range<Int>, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    let start = output.count
    if !isExcel || range.count < CSVProfile.maximumCellUnits {
      // `{}`, `[]`, `[7]` need no quotes; nearly all else begins with `{"`.
      if output.appendPlainRun(text, in: range) == range.upperBound { return }
      output.truncate(to: start)
      output.append(0x22)
      if output.appendDoublingQuotes(text, in: range) == range.upperBound {
        output.append(0x22)
        return
      }
      output.truncate(to: start)
    }
    careful.append(text.extracting(range), as: .json, of: record, to: &output)
  }

  /// Appends an event time as `YYYY-MM-DD HH:MM:SS`, UTC, which spreadsheets take for a time.
  ///
  /// A fraction of a second is dropped. What is not an event time is written as any other value.
  mutating func appendTime(
    _ value: FieldValue, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    guard value.kind == .string, var time = EventTime(record.extracting(value.range)) else {
      append(value, of: record, to: &output)
      return
    }
    time.nanoseconds = 0
    time.append(to: &output, separator: 0x20, suffix: "")
    careful.altered.times += 1
  }
}
