import Bytes
import TestSupport
import Testing

struct CompactJSONTests {
  @Test(arguments: [
    #""""#, #""a""#, #""with \" and \\""#, #""ends in \\\\""#, #""a longer text, with {[ and ]}""#,
    "0", "-1.5E+9", "true", "null", "{}", "[]", #"{"a":{"b":[1,{"c":"]}"}]},"d":"\"}"}"#,
    #"[[[["deep"]]],{"x":[]}]"#,
  ])
  func `a value ends where the strict scanner says`(value: String) throws {
    for tail in ["", ",1", "}", "]}"] {
      let bytes = Array((value + tail).utf8)
      var scanner = JSONScanner(bytes.span)
      try scanner.skipValue()
      let strict = scanner.position
      #expect(CompactJSON.endOfValue(bytes.span, at: 0) == strict)
    }
  }

  @Test func `each value inside a document ends where the strict scanner says`() {
    #expect(
      faults("seed", in: UInt64(0)..<300) { seed in
        var made = MadeJSON(seed: seed)
        let tokens = made.object(depth: 4)
        let bytes = Array(tokens.joined().utf8)
        var start = 0
        for token in tokens {
          if !["}", "]", ",", ":"].contains(token) {
            var scanner = JSONScanner(bytes.span, at: start)
            try scanner.skipValue()
            let end = CompactJSON.endOfValue(bytes.span, at: start)
            if end != scanner.position {
              return "\(token) at \(start) ends at \(end), expected \(scanner.position)"
            }
          }
          start += token.utf8.count
        }
        return nil
      } == [])
  }

  @Test func `a string's closing quote is found whatever it is escaped by, and at any length`() {
    #expect(
      faults("length", in: 0...40) { length in
        for (ending, isEscaped) in [("", false), (#"\""#, true), (#"\\"#, true), (#"\\\""#, true)] {
          let content = String(repeating: "é{]", count: length) + ending
          let bytes = Array((content + #"":"x""#).utf8)
          let found = CompactJSON.endOfString(bytes.span, from: 0)
          if found.end != content.utf8.count { return "“\(content)” ends at \(found.end)" }
          if found.escaped != isEscaped { return "“\(content)”: escaped is \(found.escaped)" }
        }
        return nil
      } == [])
  }

  @Test func `no prefix of a value leads past the end of the bytes`() {
    let whole = Array(#"{"a\"":[1,"b\\",{"c":true}],"d":-5}"#.utf8)
    for count in 0...whole.count {
      let part = Array(whole[..<count])
      for start in 0...count {
        #expect(CompactJSON.endOfValue(part.span, at: start) <= count)
      }
    }
  }
}
