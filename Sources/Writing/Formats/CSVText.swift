import Bytes

/// Fields of small tables that are no outputs of a job, by the rules of the plain profile.
public enum CSVText {
  /// A text as a field: formulas defused, quoted where needed.
  public static func field(_ text: String) -> String {
    let isFormula = CSVFormula.begins(text.utf8.span)
    var field = ByteBuffer()
    CSVCleaning.appendQuotedIfNeeded(
      (isFormula ? "'" + text : text).utf8.span, for: .plain, to: &field)
    return field.bytes.text()
  }
}
