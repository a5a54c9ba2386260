/// JSON values made from a seed: every kind, odd keys and texts, and keys that occur twice.
///
/// A value is made as a list of tokens, so that its compact form is the tokens joined: no parser is
/// needed to know it.
public struct MadeJSON {
  public var random: SeededGenerator

  /// Among them are pairs that differ only in the middle, in case, or in how they are escaped.
  public static let keys = [
    "a", "b", "A", #"\u0061"#, "", "eventID", #"event\u0049D"#, #"x\"y"#, "é", "{", #"\\"#,
    "aLongKeyOf1TextsAlike", "aLongKeyOf2TextsAlike", "sixteen bytes ok",
  ]

  static let scalars = [
    "0", "-0", "12", "-1.5E+9", "1e5", "123456789012345678901234567890", "true", "false", "null",
    #""""#, #""a""#, #""]}""#, #""{[,:""#, #""\"""#, #""\\""#, #""ends in \\\\""#, #""\u00e9é\/""#,
    #""eight by""#, #""seven b""#, #""nine byte""#, #""a text of more than one word \n of eight""#,
  ]

  public init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  /// The tokens of a value of at most `depth` levels.
  public mutating func value(depth: Int) -> [String] {
    let kind = depth == 0 ? 2 : random.within(0...3)
    if kind >= 2 { return [random.pick(MadeJSON.scalars)] }
    return kind == 0 ? object(depth: depth) : array(depth: depth)
  }

  /// The tokens of an object of at most `depth` levels.
  public mutating func object(depth: Int) -> [String] {
    var tokens = ["{"]
    for place in 0..<random.within(0...5) {
      if place > 0 { tokens.append(",") }
      tokens += ["\"" + random.pick(MadeJSON.keys) + "\"", ":"]
      tokens += value(depth: depth - 1)
    }
    return tokens + ["}"]
  }

  private mutating func array(depth: Int) -> [String] {
    var tokens = ["["]
    for place in 0..<random.within(0...4) {
      if place > 0 { tokens.append(",") }
      tokens += value(depth: depth - 1)
    }
    return tokens + ["]"]
  }

  /// The tokens with white space between them, around them none.
  public mutating func spaced(_ tokens: [String]) -> [UInt8] {
    var text = ""
    for (place, token) in tokens.enumerated() {
      if place > 0 { text += random.pick(["", "", " ", "\n", "\t", "\r\n", "          "]) }
      text += token
    }
    return Array(text.utf8)
  }
}
