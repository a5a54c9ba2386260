import Bytes
import CloudTrail

/// Writes single fields by the rules of a profile, and counts what it altered.
///
/// Nearly every field is plain ASCII and is copied straight through; the first byte that needs
/// thought sends the field to `CSVCarefulFields`, which knows all the rules.
struct CSVFields: ~Copyable {
  private let isExcel: Bool
  private let defusesFormulas: Bool
  private var careful: CSVCarefulFields

  /// A string without its escapes.
  private var decoded = ByteBuffer()

  init(profile: CSVProfile, formulas: FormulaPolicy) {
    isExcel = profile == .excel
    defusesFormulas = formulas == .defuse
    careful = CSVCarefulFields(isExcel: isExcel, defusesFormulas: defusesFormulas)
  }

  /// The fields altered so far.
  var altered: CSVAlterations {
    get { careful.altered }
    set { careful.altered = newValue }
  }

  /// Says where the eventID of the next record is, for the mark of cut fields.
  mutating func begin(eventID: FieldValue) {
    careful.eventID = eventID
  }

  // MARK: Kinds of fields

  /// Appends the field for any value of a record.
  @inline(__always)
  mutating func append(
    _ value: FieldValue, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    switch value.kind {
    case .absent, .null: break
    case .string: appendText(record, in: value.range, of: record, to: &output)
    case .escapedString: appendEscaped(record.extracting(value.range), of: record, to: &output)
    case .object, .array: appendJSON(record, in: value.range, of: record, to: &output)
    case .number where isExcel && CSVNumber.rounds(record, in: value.range):
      careful.append(record.extracting(value.range), as: .longNumber, of: record, to: &output)
    case .boolean, .number: _ = output.appendPlainRun(record, in: value.range)
    }
  }

  /// Appends the field for `text[range]`, decoded text.
  mutating func appendText(
    _ text: Span<UInt8>, in range: Range<Int>, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    if range.isEmpty { return }
    let hasSemicolon =
      isExcel
      && ByteSearch.first(UInt8(ascii: ";"), in: text.extracting(range)) < range.count
    if isShort(range), !mayBeFormula(text, in: range, hasSemicolon: hasSemicolon) {
      let start = output.count
      let staysText = isExcel && CSVConversion.converts(text, in: range)
      if staysText { output.append(UInt8(ascii: "'")) }
      var end = range.lowerBound
      if !hasSemicolon { end = output.appendPlainRun(text, in: range) }
      if end < range.upperBound, hasSemicolon || text.byte(at: end) == ASCII.comma {
        output.truncate(to: start)
        output.append(ASCII.quote)
        if staysText { output.append(UInt8(ascii: "'")) }
        end = output.appendDoublingQuotes(text, in: range)
        if end == range.upperBound { output.append(ASCII.quote) }
      }
      if end == range.upperBound {
        if staysText { careful.altered.keptAsText += 1 }
        return
      }
      output.truncate(to: start)
    }
    careful.append(text.extracting(range), as: .text, of: record, to: &output)
  }

  /// Whether a field of this text is surely below the limit.
  @inline(__always)
  private func isShort(_ range: Range<Int>) -> Bool {
    !isExcel || range.count < CSVProfile.maximumCellUnits
  }

  /// Whether a spreadsheet may take the text, or what follows a semicolon in it, for a formula.
  @inline(__always)
  private func mayBeFormula(
    _ text: Span<UInt8>, in range: Range<Int>, hasSemicolon: Bool
  ) -> Bool {
    guard defusesFormulas else { return false }
    return CSVFormula.mayBegin(with: text.byte(at: range.lowerBound))
      || hasSemicolon
        && CSVFormula.operatorAfterSemicolon(text.extracting(range), from: 0) != nil
  }

  /// Appends the field for decoded text.
  mutating func appendText(
    _ text: borrowing ByteBuffer, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    appendText(text.bytes, in: 0..<text.count, of: record, to: &output)
  }

  /// Appends the field for a JSON string's content.
  private mutating func appendEscaped(
    _ content: Span<UInt8>, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    decoded.removeAll()
    JSONText.appendDecoded(content, to: &decoded)
    careful.append(
      decoded, isLossy: JSONText.hasLoneSurrogate(content), of: record, to: &output)
  }

  /// Appends the field for JSON text, whose beginning no spreadsheet takes for a formula.
  mutating func appendJSON(
    _ text: borrowing ByteBuffer, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    appendJSON(text.bytes, in: 0..<text.count, of: record, to: &output)
  }

  /// Appends the field for JSON text, whose beginning no spreadsheet takes for a formula.
  mutating func appendJSON(
    _ text: Span<UInt8>, in range: Range<Int>, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    let start = output.count
    let hasFormula =
      isExcel && defusesFormulas
      && CSVFormula.operatorAfterSemicolon(text.extracting(range), from: 0) != nil
    if isShort(range), !hasFormula {
      // `{}`, `[]`, `[7]` need no quotes; nearly all else begins with `{"`.
      if output.appendPlainRun(text, in: range) == range.upperBound { return }
      output.truncate(to: start)
      output.append(ASCII.quote)
      if output.appendDoublingQuotes(text, in: range) == range.upperBound {
        output.append(ASCII.quote)
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
    time.append(to: &output, separator: ASCII.space, suffix: "")
    careful.altered.times += 1
  }
}
