import Bytes
import CloudTrail

/// Turns records into CSV: RFC 4180, UTF-8, a header row, CRLF, quotes only where needed.
///
/// A field for a string is the decoded string; for a number or a boolean its JSON text; for an object
/// or an array its JSON; null, absent and `""` are empty. Bytes that are not UTF-8 become U+FFFD, one
/// for each maximal part. `plain` lets control characters pass, NUL too; what `excel` does is said at
/// `CSVConversion`, `CSVCleaning` and `CSVCut`, and how formulas are recognized at `CSVFormula`.
///
/// Nothing is allocated per record.
final class CSVEncoder: RecordEncoder {
  private var rows: CSVRows

  init(columns: [Column], profile: CSVProfile, formulas: FormulaPolicy) {
    rows = CSVRows(columns: columns, profile: profile, formulas: formulas)
  }

  var movesRecords: Bool { true }

  /// Appends the header row; for `excel`, a byte order mark before it.
  func begin(to output: inout ByteBuffer, scratch: Path) {
    rows.appendHeader(to: &output)
  }

  /// Appends one row.
  ///
  /// - Complexity: O(`record.count`).
  func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer
  ) {
    rows.append(record, from: origin, to: &output)
  }

  func takeAlteredFields() -> AlteredFields {
    defer { rows.alterations = CSVAlterations() }
    return rows.alterations.counted
  }
}
