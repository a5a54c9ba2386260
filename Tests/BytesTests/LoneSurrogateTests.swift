import Bytes
import Testing

struct LoneSurrogateTests {
  @Test(arguments: [
    (#"plain"#, false), (#"\u0041\n"#, false), (#"\ud83d\ude00"#, false), (#"\ud83d"#, true),
    (#"\ude00"#, true), (#"\ud83d\n"#, true), (#"\ud83d\ud83d\ude00"#, true), (#"\\ud83d"#, false),
    (#"é\uD83D\uDE00\uDE00"#, true),
  ])
  func `half a pair is found, a whole one is none`(content: String, isLone: Bool) {
    #expect(JSONText.hasLoneSurrogate(Array(content.utf8).span) == isLone)
  }

  private func decoded(_ content: String, _ mode: JSONText.LoneSurrogate) -> [UInt8] {
    var output = ByteBuffer()
    JSONText.appendDecoded(Array(content.utf8).span, to: &output, loneSurrogates: mode)
    return output.bytes.copied()
  }

  @Test(arguments: [JSONText.LoneSurrogate.replaced, .encoded, .escaped])
  func `whole pairs and other escapes are the same in every way`(mode: JSONText.LoneSurrogate) {
    #expect(decoded(#"a\ud83d\ude00\u00e9\n\"#, mode) == Array("a\u{1F600}\u{E9}\n".utf8))
  }

  @Test func `half a pair is shown, compared, or kept as the escape`() {
    #expect(decoded(#"a\ud800b"#, .replaced) == Array("a\u{FFFD}b".utf8))
    #expect(decoded(#"a\ud800b"#, .encoded) == [0x61, 0xED, 0xA0, 0x80, 0x62])
    #expect(decoded(#"\uDFFF"#, .encoded) == [0xED, 0xBF, 0xBF])
    #expect(decoded(#"a\ud800b"#, .escaped) == Array(#"a\ud800b"#.utf8))
  }

  @Test func `a kept escape is never taken for an escaped backslash`() {
    // Two backslashes are one in the text, and would make the one of the escape a second.
    #expect(decoded(#"\\\ud800"#, .escaped) == Array("\\\u{FFFD}".utf8))
    #expect(decoded(#"\\\\\ud800"#, .escaped) == Array(#"\\\ud800"#.utf8))
  }

  @Test(arguments: [
    (#""\ud800""#, true), (#"{"\uDFFF":1}"#, true), (#"["\ud83d\ude00"]"#, true),
    (#""\ud7ff\ue000\\ud800""#, false), (#""d800""#, false),
  ])
  func `the scanner notes escapes that need a look`(json: String, isNoted: Bool) throws {
    let bytes = Array(json.utf8)
    var scanner = JSONScanner(bytes.span)
    try scanner.skipValue()
    let isDoubtful = scanner.passedDoubtfulText
    #expect(isDoubtful == isNoted)
  }
}
