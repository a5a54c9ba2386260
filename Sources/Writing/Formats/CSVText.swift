import Bytes

/// Cells of small tables that are no outputs of a job, by the rules of the plain profile.
public enum CSVText {
  /// A text as a cell: formulas defused, quoted where needed.
  public static func cell(_ text: String) -> String {
    let isFormula = CSVFormula.begins(text.utf8.span)
    var cell = ByteBuffer()
    CSVCleaning.appendQuotedIfNeeded(
      (isFormula ? "'" + text : text).utf8.span, for: .plain, to: &cell)
    return cell.bytes.text()
  }
}
