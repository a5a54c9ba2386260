/// How many cells are not exactly what the record says, by what was done to them.
///
/// A cell that was altered in two ways counts for both, in each once.
public struct AlteredCells: Sendable, Equatable {
  /// Text that a spreadsheet would run got an apostrophe in front, or in JSON an escape.
  public var formulas = 0
  /// Line breaks became spaces.
  public var lineBreaks = 0
  /// Other control characters became spaces.
  public var controlCharacters = 0
  /// Text over a spreadsheet's limit lost its end.
  public var cut = 0
  /// Bytes that are not UTF-8, or halves of surrogate pairs, became U+FFFD.
  public var invalidUTF8 = 0
  /// Text that a spreadsheet would take for a number, date, time or error got an apostrophe in front.
  public var keptAsText = 0
  /// An event time was written as `YYYY-MM-DD HH:MM:SS`.
  public var times = 0

  public init() {}

  /// The counts under the names that they have in a report, in a fixed order.
  public var byKind: [(kind: String, count: Int)] {
    [
      ("formulas", formulas), ("lineBreaks", lineBreaks),
      ("controlCharacters", controlCharacters), ("cut", cut), ("invalidUTF8", invalidUTF8),
      ("keptAsText", keptAsText), ("times", times),
    ]
  }

  public static func += (total: inout AlteredCells, more: AlteredCells) {
    total.formulas += more.formulas
    total.lineBreaks += more.lineBreaks
    total.controlCharacters += more.controlCharacters
    total.cut += more.cut
    total.invalidUTF8 += more.invalidUTF8
    total.keptAsText += more.keptAsText
    total.times += more.times
  }

  /// What was counted since `before`.
  public static func - (total: AlteredCells, before: AlteredCells) -> AlteredCells {
    var rest = total
    rest.formulas -= before.formulas
    rest.lineBreaks -= before.lineBreaks
    rest.controlCharacters -= before.controlCharacters
    rest.cut -= before.cut
    rest.invalidUTF8 -= before.invalidUTF8
    rest.keptAsText -= before.keptAsText
    rest.times -= before.times
    return rest
  }
}
