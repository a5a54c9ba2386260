import Bytes
import CloudTrail

/// Makes rows: one walk over a record for all columns.
///
/// A struct inside of the class that callers hold, so that the checks for exclusive access are made
/// once a row, not once a field.
struct CSVRows: ~Copyable {
  /// What a column holds.
  private enum Content {
    case field(FieldTree.Field)
    case eventTime(FieldTree.Field)
    case derived(DerivedColumn)
    case otherFields
    case provenance(Column.Provenance)
  }

  private let columns: [Column]
  private let profile: CSVProfile
  private let contents: [Content]
  private let derived: DerivedFields?
  private let eventID: FieldTree.Field
  private var capture: FieldCapture
  private var writer: CSVFields
  /// The text of a field that is in no record as it is.
  private var text = ByteBuffer()

  init(columns: [Column], profile: CSVProfile, formulas: FormulaPolicy) {
    var tree = FieldTree()
    contents = columns.map { column in
      switch column.content {
      case .field(let path) where profile == .excel && path == .eventTime:
        .eventTime(tree.insert(path, isShown: true))
      case .field(let path): .field(tree.insert(path, isShown: true))
      case .derived(let derived): .derived(derived)
      case .otherFields: .otherFields
      case .provenance(let provenance): .provenance(provenance)
      }
    }
    let isDerived = columns.contains { if case .derived = $0.content { true } else { false } }
    derived = isDerived ? DerivedFields(in: &tree) : nil
    eventID = tree.insert(.eventID, isShown: false)
    capture = FieldCapture(
      tree, wantsOtherFields: columns.contains { $0.content == .otherFields })
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
    capture.read(record)
    writer.begin(eventID: capture[eventID])
    let rowStart = output.count
    for place in contents.indices {
      if place > 0 { output.append(ASCII.comma) }
      switch contents[place] {
      case .field(let field): writer.append(capture[field], of: record, to: &output)
      case .eventTime(let field): writer.appendTime(capture[field], of: record, to: &output)
      case .derived(let column): appendDerived(column, of: record, to: &output)
      case .otherFields: appendOtherFields(of: record, to: &output)
      case .provenance(let column): append(column, of: origin, record: record, to: &output)
      }
    }
    // A row of one empty field would be an empty line, which readers skip.
    if output.count == rowStart { output.append("\"\"") }
    output.append("\r\n")
  }

  private mutating func appendDerived(
    _ column: DerivedColumn, of record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    text.removeAll()
    derived?.append(column, of: record, from: capture, to: &text)
    writer.appendText(text, of: record, to: &output)
  }

  private mutating func appendOtherFields(of record: Span<UInt8>, to output: inout ByteBuffer) {
    text.removeAll()
    capture.appendOtherFields(of: record, to: &text)
    writer.appendJSON(text, of: record, to: &output)
  }

  private mutating func append(
    _ column: Column.Provenance, of origin: RecordOrigin?, record: Span<UInt8>,
    to output: inout ByteBuffer
  ) {
    guard let origin else { return }
    text.removeAll()
    switch column {
    case .source: text.append(origin.path.bytes)
    case .index:
      output.append(decimal: origin.index)
      return
    }
    writer.appendText(text, of: record, to: &output)
  }
}
