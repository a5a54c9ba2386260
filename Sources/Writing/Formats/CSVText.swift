import Bytes

/// Fields of small tables that are no outputs of a job, for spreadsheets and for programs.
public enum CSVText {
  /// A text as a field: formulas defused, control characters and marks that nobody sees as spaces, quoted
  /// where a spreadsheet may see a separator.
  ///
  /// Such marks turn the direction of writing, or make two names look like one.
  ///
  /// Digits stay as they are, so that programs can compare account IDs.
  public static func field(_ text: [UInt8]) -> String {
    let visible = withoutFormatMarks(text)
    let text = visible.span
    var cleaned = ByteBuffer()
    if CSVFormula.begins(text) { cleaned.append("'") }
    _ = CSVFormula.appendDefused(text, isJSON: false, to: &cleaned)
    var field = ByteBuffer()
    CSVCleaning.appendQuotedIfNeeded(cleaned.bytes, for: .excel, to: &field)
    return field.bytes.text()
  }
  private static func withoutFormatMarks(_ text: [UInt8]) -> [UInt8] {
    if text.allSatisfy({ $0 < 0x80 }) { return text }
    var visible = String.UnicodeScalarView()
    for scalar in text.span.text().unicodeScalars {
      visible.append(scalar.properties.generalCategory == .format ? " " : scalar)
    }
    return Array(String(visible).utf8)
  }
}
