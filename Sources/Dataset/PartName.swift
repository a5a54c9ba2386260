/// The name of one file of an output: `part-00000.csv.gz`.
public struct PartName: Hashable, Sendable {
  /// From 0.
  public var number: Int
  /// What follows the first dot: `ndjson`, or `csv.gz`.
  public var ending: String

  public init(number: Int, ending: String) {
    self.number = number
    self.ending = ending
  }

  private static let start = "part-"
  /// How many digits a number has at least.
  private static let digitCount = 5

  public var text: String {
    let digits = String(number)
    let zeros = String(repeating: "0", count: max(0, PartName.digitCount - digits.count))
    return PartName.start + zeros + digits + "." + ending
  }

  /// Reads what `text` gives; nil for every other name.
  public init?(_ text: String) {
    guard text.hasPrefix(PartName.start), let dot = text.firstIndex(of: ".") else { return nil }
    guard let number = Int(text[..<dot].dropFirst(PartName.start.count)), number >= 0 else {
      return nil
    }
    self.init(number: number, ending: String(text[text.index(after: dot)...]))
    guard self.text == text, !ending.isEmpty else { return nil }
  }

  /// The shell glob for all names with this ending: `part-*.csv.gz`.
  public static func glob(ending: String) -> String { start + "*." + ending }
}
