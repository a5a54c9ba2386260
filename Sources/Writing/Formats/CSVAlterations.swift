/// How many fields of CSV files are not exactly what the record says, by what was done to them.
///
/// A field that was altered in two ways counts for both, in each once.
struct CSVAlterations {
  /// Text that a spreadsheet would run got an apostrophe in front, or in JSON an escape.
  var formulas = 0
  /// Line breaks became spaces.
  var lineBreaks = 0
  /// Other control characters became spaces.
  var controlCharacters = 0
  /// Text over a spreadsheet's limit lost its end.
  var cut = 0
  /// Bytes that are not UTF-8, or halves of surrogate pairs, became U+FFFD.
  var invalidUTF8 = 0
  /// Text that a spreadsheet would take for a number, date, time or error got an apostrophe in front.
  var keptAsText = 0
  /// An event time was written as `YYYY-MM-DD HH:MM:SS`.
  var times = 0

  /// The counts under the names that they have in a report.
  var counted: AlteredFields {
    let counts = [
      ("formulas", formulas), ("lineBreaks", lineBreaks),
      ("controlCharacters", controlCharacters), ("cut", cut), ("invalidUTF8", invalidUTF8),
      ("keptAsText", keptAsText), ("times", times),
    ]
    return AlteredFields(Dictionary(uniqueKeysWithValues: counts.filter { $1 > 0 }))
  }
}
