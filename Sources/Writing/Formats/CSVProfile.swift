/// Whom a CSV file is written for.
public enum CSVProfile: String, CaseIterable, Sendable {
  /// Programs: RFC 4180, and every field is what the record says.
  case plain
  /// Spreadsheets: what they would spoil on opening the file is written so that it stays right.
  case excel

  /// The most rows below the header that Excel opens; it drops the rest.
  ///
  /// From "Excel specifications and limits": 1,048,576 rows; the header takes one.
  public static let maximumRows = 1_048_575

  /// The most UTF-16 units in a cell, from the same page.
  static let maximumCellUnits = 32_767
}

/// What happens to text that a spreadsheet would run as a formula.
public enum FormulaPolicy: String, CaseIterable, Sendable {
  /// An apostrophe in front makes it text.
  case defuse
  /// It is written as it is: for programs that never open a spreadsheet.
  case keep
}
