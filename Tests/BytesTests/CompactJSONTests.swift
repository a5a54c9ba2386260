import Bytes
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

  @Test func `no prefix of a value leads past the end of the bytes`() {
    let whole = Array(#"{"a\"":[1,"b\\",{"c":true}],"d":-5}"#.utf8)
    for count in 0...whole.count {
      let part = Array(whole[..<count])
      for start in 0...count {
        #expect(CompactJSON.endOfValue(part.span, at: start) <= count)
      }
    }
  }

  @Test func `equal names have equal fingerprints wherever they stand`() {
    for name in ["a", "eventID", "awsRegion", "recipientAccountId", "userIdentity"] {
      let alone = Array(name.utf8)
      let expected = Fingerprint(alone.span, in: 0..<alone.count)
      let inside = Array("{\"\(name)\":\"and more behind it\"".utf8)
      #expect(Fingerprint(inside.span, in: 2..<(2 + alone.count)) == expected)
    }
  }
}
