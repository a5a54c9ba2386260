import Bytes

/// The name of one file of an output: `part-00000.csv.gz`, or `_part-00000.csv.gz`.
public struct PartName: Hashable, Sendable {
  /// From 0.
  public var number: Int
  /// What follows the first dot: `ndjson`, or `csv.gz`.
  public var ending: String
  /// Whether it is no output of the job: `**/part-*` over the whole dataset, as in DuckDB, must not
  /// find the records twice.
  public var isHidden: Bool

  public init(number: Int, ending: String, isHidden: Bool = false) {
    (self.number, self.ending, self.isHidden) = (number, ending, isHidden)
  }

  private static let start = "part-"
  private static let hiddenMark = "_"
  /// How many digits a number has at least.
  private static let digitCount = 5

  public var text: String {
    PartName.start(isHidden) + String(UInt(number), digitCount: PartName.digitCount) + "." + ending
  }

  /// Reads what `text` gives; nil for every other name.
  public init?(_ text: String) {
    let isHidden = text.hasPrefix(PartName.hiddenMark)
    let start = PartName.start(isHidden)
    guard text.hasPrefix(start), let dot = text.firstIndex(of: "."),
      let number = Int(text[..<dot].dropFirst(start.count)), number >= 0
    else { return nil }
    self.init(
      number: number, ending: String(text[text.index(after: dot)...]), isHidden: isHidden)
    guard self.text == text, !ending.isEmpty else { return nil }
  }

  private static func start(_ isHidden: Bool) -> String { (isHidden ? hiddenMark : "") + start }

  /// The shell glob for all names with this ending: `part-*.csv.gz`.
  public static func glob(ending: String) -> String { start + "*." + ending }
}
