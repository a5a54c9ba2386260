import Bytes
import CloudTrail

/// What the columns of a row hold: one walk over a record for all columns.
///
/// Nothing is allocated per record.
struct RowValues: ~Copyable {
  /// What a column holds.
  enum Content {
    case field(FieldTree.Field)
    case eventTime(FieldTree.Field)
    case derived(DerivedColumn)
    case otherFields
    case provenance(Column.Provenance)
  }

  /// In the order of the columns.
  let contents: [Content]
  /// A text that is in no record as it is.
  private(set) var text = ByteBuffer()

  private let derived: DerivedFields?
  private let eventIDField: FieldTree.Field
  private var capture: FieldCapture

  /// - Parameters:
  ///   - columns: The columns of the row.
  ///   - tellsTimes: Whether the event time is more to the format than a text.
  init(_ columns: [Column], tellsTimes: Bool) {
    var tree = FieldTree()
    contents = columns.map { column in
      switch column.content {
      case .field(let path) where tellsTimes && path == .eventTime:
        .eventTime(tree.insert(path, isShown: true))
      case .field(let path): .field(tree.insert(path, isShown: true))
      case .derived(let derived): .derived(derived)
      case .otherFields: .otherFields
      case .provenance(let provenance): .provenance(provenance)
      }
    }
    let isDerived = columns.contains { if case .derived = $0.content { true } else { false } }
    derived = isDerived ? DerivedFields(in: &tree) : nil
    eventIDField = tree.insert(.eventID, isShown: false)
    capture = FieldCapture(
      tree, wantsOtherFields: columns.contains { $0.content == .otherFields })
  }

  /// Goes on with another record.
  mutating func read(_ record: Span<UInt8>) { capture.read(record) }

  /// A field of the record.
  subscript(field: FieldTree.Field) -> FieldValue { capture[field] }

  /// The record's eventID.
  var eventID: FieldValue { capture[eventIDField] }

  /// Puts what a derived column says of the record into `text`.
  mutating func derive(_ column: DerivedColumn, of record: Span<UInt8>) {
    text.removeAll()
    derived?.append(column, of: record, from: capture, to: &text)
  }

  /// Puts the JSON object of the fields that no column shows into `text`.
  mutating func gatherOtherFields(of record: Span<UInt8>) {
    text.removeAll()
    capture.appendOtherFields(of: record, to: &text)
  }

  /// Puts where the record comes from into `text`; nothing if nobody knows.
  mutating func tell(_ column: Column.Provenance, of origin: RecordOrigin?) {
    text.removeAll()
    guard let origin else { return }
    switch column {
    case .source: text.append(origin.path.bytes)
    case .index: text.append(decimal: origin.index)
    }
  }
}
