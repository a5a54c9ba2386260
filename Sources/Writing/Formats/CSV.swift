import Bytes
public import CloudTrail
import Dataset

/// Rows below a header row, for programs or for spreadsheets (RFC 4180); `CSVEncoder` says how.
public struct CSV: OutputFormat {
  public var profile: CSVProfile
  public var formulas: FormulaPolicy
  /// The columns' texts, as in `requestParameters.bucketName as bucket`.
  public var columns: [String]

  public init(
    profile: CSVProfile = .plain, formulas: FormulaPolicy = .defuse,
    columns: [String] = Column.defaults
  ) {
    self.profile = profile
    self.formulas = formulas
    self.columns = columns
  }

  public var name: String { "csv" }

  public static let options: [FormatOption<CSV>] = [
    FormatOption("profile", \.profile, decidesBytes: true, "how fields are written"),
    FormatOption(
      "formulas", \.formulas, decidesBytes: true, "what happens to fields that look like formulas"),
    FormatOption(
      "columns", \.columns, each: "a column such as requestParameters.bucketName as bucket",
      decidesBytes: true, "the columns in order", isValid: ColumnList.isColumn),
  ]

  public var contents: FileContents { .counted(CSV.countRows) }
  public var provenance: ProvenancePlace { .fields }

  public var maximumRows: RowLimit? {
    profile == .excel ? RowLimit(CSVProfile.maximumRows, "the rows that Excel shows") : nil
  }

  public var problems: [FormatProblem] {
    ColumnList.problem(columns).map { [FormatProblem("columns", $0)] } ?? []
  }

  public func encoding(withProvenance: Bool) throws -> RecordEncoding {
    let columns = try ColumnList.columns(columns, withProvenance: withProvenance)
    return RecordEncoding(needsOrigin: ColumnList.needOrigin(columns)) { [profile, formulas] in
      CSVEncoder(columns: columns, profile: profile, formulas: formulas)
    }
  }

  public func tableShape(withProvenance: Bool) throws -> TableShape {
    .delimited(
      columns: try ColumnList.columns(columns, withProvenance: withProvenance).map(\.name),
      lineBreakRemedy: profile == .plain ? "use ndjson or the excel profile" : nil)
  }

  /// Counts the rows below the header: line feeds that are not between quotes.
  private static func countRows(in file: StoredStream) throws -> Int? {
    var count = -1
    var isQuoted = false
    var buffer = ByteBuffer(capacity: 128 << 10)
    while try file.read(into: &buffer) {
      buffer.withBytes { bytes in
        for position in 0..<bytes.count {
          switch bytes.byte(at: position) {
          case ASCII.quote: isQuoted.toggle()
          case ASCII.lineFeed where !isQuoted: count += 1
          default: break
          }
        }
      }
      buffer.removeAll()
    }
    return count < 0 ? nil : count
  }
}
