#if XLSX
  import Bytes
  import CloudTrail

  /// Makes the rows of workbooks, one workbook after the other.
  struct XLSXRows: ~Copyable {
    private let names: [String]
    private var values: RowValues
    private var fields = XLSXFields()
    /// A field's text without the escapes of JSON.
    private var decoded = ByteBuffer()

    init(columns: [Column]) {
      names = columns.map(\.name)
      values = RowValues(columns, tellsTimes: true)
    }

    /// The bytes of the open workbook so far.
    var byteCount: Int { fields.byteCount }

    mutating func takeAlteredFields() -> AlteredFields { fields.takeAltered() }

    /// Begins a workbook with the header row.
    mutating func begin(at path: Path, sheet: String) throws {
      try fields.begin(at: path, sheet: sheet, headers: names)
    }

    mutating func finish() throws { try fields.finish() }

    mutating func append(_ record: Span<UInt8>, from origin: RecordOrigin?) throws {
      values.read(record)
      fields.eventID = values.eventID
      for column in values.contents.indices {
        switch values.contents[column] {
        case .field(let field): append(values[field], of: record, at: column)
        case .eventTime(let field):
          if !fields.appendTime(values[field], of: record, at: column) {
            append(values[field], of: record, at: column)
          }
        case .derived(let derived):
          values.derive(derived, of: record)
          fields.append(values.text, of: record, at: column)
        case .otherFields:
          values.gatherOtherFields(of: record)
          fields.append(values.text, of: record, at: column)
        case .provenance(let provenance):
          values.tell(provenance, of: origin)
          fields.append(values.text, of: record, at: column)
        }
      }
      try fields.endRow()
    }

    private mutating func append(_ value: FieldValue, of record: Span<UInt8>, at column: Int) {
      switch value.kind {
      case .absent, .null: break
      case .escapedString:
        decoded.removeAll()
        let content = record.extracting(value.range)
        JSONText.appendDecoded(content, to: &decoded)
        fields.append(
          decoded, isLossy: JSONText.hasLoneSurrogate(content), of: record, at: column)
      case .string, .object, .array, .boolean, .number:
        fields.append(record.extracting(value.range), isLossy: false, of: record, at: column)
      }
    }
  }
#endif
