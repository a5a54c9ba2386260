import Bytes
import CloudTrail

/// Makes rows of text, with separators.
///
/// A struct inside of the class that callers hold, so that the checks for exclusive access are made
/// once a row, not once a field.
struct CSVRows: ~Copyable {
  private let columns: [Column]
  private let profile: CSVProfile
  private var values: RowValues
  private var writer: CSVFields

  init(columns: [Column], profile: CSVProfile, formulas: FormulaPolicy) {
    values = RowValues(columns, tellsTimes: profile == .excel)
    writer = CSVFields(profile: profile, formulas: formulas)
    self.columns = columns
    self.profile = profile
  }

  /// The fields altered in all rows so far; may be set back.
  var alterations: CSVAlterations {
    get { writer.altered }
    set { writer.altered = newValue }
  }

  func appendHeader(to output: inout ByteBuffer) {
    if profile == .excel { output.append("\u{FEFF}") }
    for (place, column) in columns.enumerated() {
      if place > 0 { output.append(ASCII.comma) }
      CSVCleaning.appendQuotedIfNeeded(column.name.utf8.span, for: profile, to: &output)
    }
    output.append("\r\n")
  }

  mutating func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer
  ) {
    values.read(record)
    writer.begin(eventID: values.eventID)
    let rowStart = output.count
    for place in values.contents.indices {
      if place > 0 { output.append(ASCII.comma) }
      switch values.contents[place] {
      case .field(let field): writer.append(values[field], of: record, to: &output)
      case .eventTime(let field): writer.appendTime(values[field], of: record, to: &output)
      case .derived(let column):
        values.derive(column, of: record)
        writer.appendText(values.text, of: record, to: &output)
      case .otherFields:
        values.gatherOtherFields(of: record)
        writer.appendJSON(values.text, of: record, to: &output)
      case .provenance(.index):
        // A number, which no profile alters.
        values.tell(.index, of: origin)
        output.append(values.text.bytes)
      case .provenance(.source):
        values.tell(.source, of: origin)
        writer.appendText(values.text, of: record, to: &output)
      }
    }
    // A row of one empty field would be an empty line, which readers skip.
    if output.count == rowStart { output.append("\"\"") }
    output.append("\r\n")
  }
}
