import Bytes
import TestSupport
import Testing

/// Text that strict readers take in place of text that they refuse.
@Suite("Repaired JSON")
struct JSONRepairTests {
  private func repaired(_ json: [UInt8]) -> [UInt8] {
    var output = ByteBuffer(capacity: json.count)
    JSONText.appendRepaired(json.span, to: &output)
    return output.bytes.copied()
  }

  @Test(arguments: [
    #"{"a":"\ud83d\ude00 \\ud800 \u00e9 é 🦀 \n"}"#, #"{"\\":"\\\\"}"#, "{}", "",
  ])
  func `text that is whole stays as it is`(json: String) {
    #expect(repaired(Array(json.utf8)) == Array(json.utf8))
  }

  @Test(arguments: [
    (#""\ud83d""#, "\"\u{FFFD}\""), (#""\ude00\ud83d""#, "\"\u{FFFD}\u{FFFD}\""),
    (#""\ud83d\u0041""#, "\"\u{FFFD}\\u0041\""),
    (#""\ud83d\ud83d\ude00""#, "\"\u{FFFD}\\ud83d\\ude00\""),
    (#""\\\uD800x""#, "\"\\\\\u{FFFD}x\""),
  ])
  func `half a surrogate pair becomes one mark`(json: String, expected: String) {
    #expect(repaired(Array(json.utf8)) == Array(expected.utf8))
  }

  @Test(
    arguments: [
      ([0x61, 0xFF, 0x62], "a\u{FFFD}b"), ([0xE2, 0x82], "\u{FFFD}"),
      ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"), ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
      ([0xF0, 0x9F, 0xA6, 0x22], "\u{FFFD}\""),
    ] as [([UInt8], String)])
  func `each maximal part that is not UTF-8 becomes one mark`(bytes: [UInt8], expected: String) {
    #expect(repaired(bytes) == Array(expected.utf8))
    #expect(repaired(bytes) == Array(String(decoding: bytes, as: UTF8.self).utf8))
  }

  @Test func `strict readers take whatever comes out`() {
    let pieces: [[UInt8]] = [
      Array(#"\ud83d"#.utf8), Array(#"\ude00"#.utf8), Array(#"\\"#.utf8), Array("é".utf8), [0xFF],
      [0xE2, 0x82], [0xF0], Array("a".utf8), Array(#"\n"#.utf8),
    ]
    let found = faults("seed", in: 0..<500) { seed in
      var random = SeededGenerator(seed: UInt64(seed))
      let json = (0..<Int.random(in: 0...9, using: &random)).flatMap { _ in
        pieces.randomElement(using: &random) ?? []
      }
      let output = repaired(json)
      let isFine = UTF8Text.isValid(output.span) && !JSONText.hasLoneSurrogate(output.span)
      return isFine && repaired(output) == output ? nil : "\(json) becomes \(output)"
    }
    #expect(found == [])
  }
}
