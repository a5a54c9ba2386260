import Bytes

/// Fields of small tables that are no outputs of a job, for spreadsheets and for programs.
public enum CSVText {
  /// A text as a field: formulas defused, control characters as spaces, quoted where a spreadsheet may
  /// see a separator.
  ///
  /// Digits stay as they are, so that programs can compare account IDs.
  public static func field(_ text: [UInt8]) -> String {
    let text = text.span
    var cleaned = ByteBuffer()
    if CSVFormula.begins(text) { cleaned.append("'") }
    _ = CSVFormula.appendDefused(text, isJSON: false, to: &cleaned)
    var field = ByteBuffer()
    CSVCleaning.appendQuotedIfNeeded(cleaned.bytes, for: .excel, to: &field)
    return field.bytes.text()
  }
}
