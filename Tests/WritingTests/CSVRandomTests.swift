import Bytes
import CloudTrail
import Testing
import Writing

/// The encoder against a slow, obvious one that knows each value's text beforehand.
struct CSVRandomTests {
  /// A JSON string with the text that it means.
  private struct MadeString {
    var content: [UInt8] = []
    var text: [UInt8] = []
  }

  private static let pieces: [(content: [UInt8], text: [UInt8])] =
    [
      (#"\n"#, "\n"), (#"\r"#, "\r"), (#"\t"#, "\t"), (#"\""#, "\""), (#"\\"#, "\\"),
      (#"\/"#, "/"), (#"\u0000"#, "\u{0}"), (#"\u001b"#, "\u{1B}"), (#"\u00e9"#, "é"),
      (#"\ud83d\ude00"#, "😀"), (#"\uFEFF"#, "\u{FEFF}"), (",", ","), ("=", "="), ("+", "+"),
      ("@", "@"), ("-", "-"), ("＝", "＝"), (" ", " "), ("\u{A0}", "\u{A0}"), ("é", "é"),
      ("\u{7F}", "\u{7F}"), ("\u{2028}", "\u{2028}"), ("0", "0"), ("12", "12"), (".", "."),
      ("E", "E"), ("a", "a"), ("some words", "some words"), ("'", "'"), ("😀", "😀"), (":", ":"),
      (";", ";"), ("jan", "jan"), ("/", "/"), ("(", "("), ("%", "%"), ("１", "１"), ("PM", "PM"),
    ].map { (Array($0.utf8), Array($1.utf8)) }
    + [[0xC3], [0xE2, 0x82], [0xFF], [0xF0, 0x9F]].map { ($0, $0) }

  private static func makeString(_ random: inout SeededRandom) -> MadeString {
    var made = MadeString()
    for _ in 0..<Int.random(in: 0...6, using: &random) {
      let piece = pieces[Int.random(in: pieces.indices, using: &random)]
      for _ in 0..<(Int.random(in: 0...9, using: &random) == 0 ? 12 : 1) {
        made.content += piece.content
        made.text += piece.text
      }
    }
    return made
  }

  /// What a careful user would write for a string.
  private static func field(
    _ text: [UInt8], _ profile: CSVProfile, _ formulas: FormulaPolicy, _ model: ConversionModel
  ) -> String {
    let decoded = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    let visible = decoded.first { !isPassedOver($0) }
    var scalars: [Unicode.Scalar] = []
    if formulas == .defuse,
      "\t\r\n".unicodeScalars.contains(where: { $0 == decoded.first })
        || "=+-@＝＋－＠".unicodeScalars.contains(where: { $0 == visible })
    {
      scalars.append("'")
    } else if profile == .excel, model.converts(String(decoding: text, as: UTF8.self)) {
      scalars.append("'")
    }
    var followsSemicolon = false
    for (place, scalar) in decoded.enumerated() {
      if followsSemicolon, "=+-@＝＋－＠".unicodeScalars.contains(scalar), profile == .excel,
        formulas == .defuse
      {
        scalars.append("'")
      }
      followsSemicolon =
        scalar == ";" || followsSemicolon && (isPassedOver(scalar) || scalar == "\"")
      let isControl = scalar.properties.generalCategory == .control
      let isBreak = isControl || scalar == "\u{2028}" || scalar == "\u{2029}"
      guard profile == .excel, isBreak else {
        scalars.append(scalar)
        continue
      }
      if scalar == "\n", place > 0, decoded[place - 1] == "\r" { continue }
      scalars.append(" ")
    }
    var result = String.UnicodeScalarView()
    result.append(contentsOf: scalars)
    return String(result)
  }

  private static func isPassedOver(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
      || scalar == "\u{FEFF}"
  }

  @Test(arguments: CSVProfile.allCases, FormulaPolicy.allCases)
  func `random strings come out as an obvious encoder writes them`(
    profile: CSVProfile, formulas: FormulaPolicy
  ) throws {
    let seed: UInt64 = 0x5EED
    var random = SeededRandom(seed)
    let model = ConversionModel()
    var records: [[UInt8]] = []
    var expected: [[String]] = []
    for _ in 0..<4000 {
      let made = (0..<3).map { _ in Self.makeString(&random) }
      var fields = made.enumerated().map { place, string in
        Array("\"f\(place)\":\"".utf8) + string.content + [0x22]
      }
      fields.append(Array(#""x":{"f0":["}",{"k":"\"]"}],"n":-1.0}"#.utf8))
      fields.shuffle(using: &random)
      records.append([0x7B] + Array(fields.joined(separator: [0x2C])) + [0x7D])
      expected.append(
        made.map { Self.field($0.text, profile, formulas, model) } + [
          #"{"f0":["}",{"k":"\"]"}],"n":-1.0}"#
        ])
    }
    let rows = try EncodedRows(
      ["f0", "f1", "f2", "x"], records, profile: profile, formulas: formulas)
    let fields = try rows.fields()
    #expect(fields.count == expected.count)
    for (row, wanted) in zip(fields, expected) where row != wanted {
      Issue.record("seed \(seed): wrote \(row.debugDescription), not \(wanted.debugDescription)")
      return
    }
  }
}

/// SplitMix64: the same numbers for the same seed.
private struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state &>> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed &>> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed &>> 31
  }
}
