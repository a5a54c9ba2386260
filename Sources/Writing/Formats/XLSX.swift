import Bytes
public import CloudTrail

/// Workbooks of one sheet, rows below a header row, for Excel and programs like it (ECMA-376).
///
/// Every field is text, so that nothing becomes a number, a formula or an error; only the event time is
/// a date. `XLSXText` says what is altered.
public struct XLSX: OutputFormat {
  /// The columns' texts, as in `requestParameters.bucketName as bucket`.
  public var columns: [String]

  public init(columns: [String] = Column.defaults) {
    self.columns = columns
  }

  public var name: String { "xlsx" }

  public static let options: [FormatOption<XLSX>] = [
    FormatOption(
      "columns", \.columns, each: "a column such as requestParameters.bucketName as bucket",
      decidesBytes: true, "the columns in order", isValid: ColumnList.isColumn)
  ]

  public var refusedKeys: [String: String] { ["compression": "its files are compressed anyway"] }
  public var defaultPartitionKeys: [PartitionKey] { [.dt] }
  public var contents: FileContents { .counted(XLSXFile.countRows) }
  public var provenance: ProvenancePlace { .fields }

  public var maximumRows: RowLimit? {
    RowLimit(CSVProfile.maximumRows, "the rows that Excel shows")
  }

  /// A file in a ZIP archive has less than 4 GiB, unless by an extension that spreadsheets are not sure
  /// to read; below that there is room for one more row of any record.
  public var maximumBytes: Int? { 4_000_000_000 }

  /// From "Excel specifications and limits"; two are for where a record comes from.
  private static let maximumColumns = 16_384 - 2

  /// Whether this build can write workbooks.
  public static var isAvailable: Bool {
    #if XLSX
      true
    #else
      false
    #endif
  }

  public var problems: [FormatProblem] {
    if !XLSX.isAvailable { return [FormatProblem("format", UnavailableFormat.xlsx.description)] }
    if let problem = ColumnList.problem(columns) { return [FormatProblem("columns", problem)] }
    if columns.count > XLSX.maximumColumns {
      return [FormatProblem("columns", "expected at most \(XLSX.maximumColumns), as Excel has")]
    }
    return []
  }

  public func encoding(withProvenance: Bool) throws -> RecordEncoding {
    #if XLSX
      let columns = try ColumnList.columns(columns, withProvenance: withProvenance)
      return RecordEncoding(needsOrigin: ColumnList.needOrigin(columns)) {
        XLSXEncoder(columns: columns)
      }
    #else
      // Outputs that were written elsewhere can still be read.
      return RecordEncoding { throw UnavailableFormat.xlsx }
    #endif
  }

  public func tableShape(withProvenance: Bool) throws -> TableShape {
    throw UnreadableFormat(
      "Athena, ClickHouse and Spark do not read xlsx: give them an ndjson or csv output; DuckDB's "
        + "read_xlsx reads one file, as do read_excel of pandas and Polars")
  }
}

/// Files of a format cannot be written, since its library was left out of this build.
public struct UnavailableFormat: Error, CustomStringConvertible {
  public let description: String

  static let xlsx = UnavailableFormat(
    description:
      "this build of trailmerge cannot write xlsx: use csv, or a build with libxlsxwriter")
}
