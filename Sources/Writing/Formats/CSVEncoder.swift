public import Bytes
public import CloudTrail

/// Turns records into CSV rows (RFC 4180: UTF-8, a header row, CRLF, quotes only where needed).
///
/// Records must have been validated and be compact. A cell for a string is the decoded string; for a
/// number or a boolean its JSON text; for an object or an array its JSON; null, absent and `""` are
/// empty. Bytes that are not UTF-8 become U+FFFD, one for each maximal part. What else a profile
/// does to cells is said at `CSVProfile`, `CSVFormula`, `CSVDigits`, `CSVCleaning` and `CSVCut`.
///
/// `plain` lets control characters pass, NUL too. A record is walked once for all columns, and
/// nothing is allocated per record.
public struct CSVEncoder: ~Copyable {
  /// Where a column's cells come from.
  private enum Cell {
    case field(FieldTree.Field)
    case eventTime(FieldTree.Field)
    case derived(DerivedColumn)
    case otherFields
    case provenance(Column.Provenance)
  }

  private let columns: [Column]
  private let profile: CSVProfile
  private let cells: [Cell]
  private let derived: DerivedFields?
  private let eventID: FieldTree.Field
  private var capture: FieldCapture
  private var writer: CSVCells
  /// A cell's text that stands in no record as it is.
  private var text = ByteBuffer()

  public init(columns: [Column], profile: CSVProfile, formulas: FormulaPolicy) {
    var tree = FieldTree()
    let eventTime = FieldPath.eventTime
    cells = columns.map { column in
      switch column.content {
      case .field(let path) where profile == .excel && path == eventTime:
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
    writer = CSVCells(profile: profile, formulas: formulas)
    self.columns = columns
    self.profile = profile
  }

  /// The cells altered so far, in all files.
  public var alteredCells: AlteredCells { writer.altered }

  /// Appends what each file begins with: for `excel` a byte order mark, and the header row.
  public mutating func appendHeader(to output: inout ByteBuffer) {
    if profile == .excel { output.append("\u{FEFF}") }
    for (place, column) in columns.enumerated() {
      if place > 0 { output.append(0x2C) }
      CSVCleaning.appendQuotedIfNeeded(column.name.utf8.span, to: &output)
    }
    output.append("\r\n")
  }

  /// Appends one row.
  ///
  /// - Parameters:
  ///   - record: A validated, compact JSON object.
  ///   - source: Where it was read; without it, provenance cells are empty.
  /// - Complexity: O(`record.count`).
  public mutating func append(
    _ record: Span<UInt8>, source: RecordSource? = nil, to output: inout ByteBuffer
  ) {
    capture.read(record)
    writer.begin(eventID: capture[eventID])
    let rowStart = output.count
    for place in cells.indices {
      if place > 0 { output.append(0x2C) }
      switch cells[place] {
      case .field(let field): writer.append(capture[field], of: record, to: &output)
      case .eventTime(let field): writer.appendTime(capture[field], of: record, to: &output)
      case .derived(let column): appendDerived(column, of: record, to: &output)
      case .otherFields: appendOtherFields(of: record, to: &output)
      case .provenance(let column): append(column, of: source, record: record, to: &output)
      }
    }
    // A row of one empty cell would be an empty line, which readers skip.
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
    _ column: Column.Provenance, of source: RecordSource?, record: Span<UInt8>,
    to output: inout ByteBuffer
  ) {
    guard let source else { return }
    text.removeAll()
    switch column {
    case .source: text.append(source.path.bytes)
    case .digest: text.append(utf8: source.digest)
    case .index:
      output.append(decimal: source.index)
      return
    }
    writer.appendText(text, of: record, to: &output)
  }
}
