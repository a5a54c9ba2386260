/// Lengths of time as people write them: `90s`, `10m`, `26h`, `7d`, `1h30m`.
enum TimeSpan {
  /// The number of seconds that a text says, or `nil` when it says none or too many.
  ///
  /// Every number has a unit, but a lone `0` needs none; greater units come first.
  static func seconds(_ text: String) -> Int? {
    if text == "0" { return 0 }
    var rest = text[...]
    var total = 0
    var last = Int.max
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      guard let count = Int(digits), let letter = rest.popFirst(),
        let unit = units.first(where: { $0.letter == letter })?.seconds, unit < last,
        count <= (longest - total) / unit
      else { return nil }
      total += count * unit
      last = unit
    }
    return text.isEmpty ? nil : total
  }

  /// The span in the units that `seconds(_:)` reads.
  static func text(_ seconds: Int) -> String {
    var rest = seconds
    var text = ""
    for (letter, unit) in units where rest >= unit {
      text += "\(rest / unit)\(letter)"
      rest %= unit
    }
    return text.isEmpty ? "0" : text
  }

  /// A thousand years: enough for any wait, and no sum with it overflows.
  private static let longest = 366_000 * 86_400

  private static let units: [(letter: Character, seconds: Int)] = [
    ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
  ]
}
