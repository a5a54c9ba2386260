import TestSupport
import Testing

@Suite("The oracle's JSON parser")
struct OracleJSONTests {
  @Test(
    "accepts what RFC 8259 accepts",
    arguments: [
      "{}", "[]", "\"\"", "0", "-0", "12.50", "1e5", "1E+5", "-0.1e-7", "true", "false", "null",
      " \t\r\n{ \"a\" : [ 1 , 2 ] } \n", #""\"\\\/\b\f\n\r\t\u00e9\uD800""#, #"{"a":1,"a":2}"#,
      "\"\u{7F}\u{2028}\"", "[[[[]]]]", #"{"":{}}"#,
    ])
  func accepts(_ text: String) throws {
    _ = try OracleJSON(Array(text.utf8))
  }

  @Test(
    "refuses what RFC 8259 refuses",
    arguments: [
      "", " ", "{", "}", "[1,]", "[,1]", #"{"a":1,}"#, #"{"a"}"#, #"{"a":}"#, "{a:1}", "{1:1}",
      "[1 2]", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "0x1", "NaN", "Infinity", "tru",
      "nul", "True", "\"", "\"\\", #""\x""#, #""\u12g4""#, #""\u12"#, "\"\n\"", "\"\t\"", "'a'",
      "[1]]", "{} {}", "1 1", "\u{FEFF}{}", "[1}", #"{"a":1]"#, "//", #"{"a":1 "b":2}"#,
      "\u{0C}1", "[\u{A0}1]", #"{"a",1}"#, #"{,"a":1}"#,
    ])
  func refuses(_ text: String) {
    #expect(throws: OracleJSON.SyntaxError.self) { try OracleJSON(Array(text.utf8)) }
  }

  @Test("says at which byte a text is wrong")
  func offset() {
    #expect(throws: OracleJSON.SyntaxError(offset: 5, expected: "a value")) {
      try OracleJSON(Array(#"{"a":x}"#.utf8))
    }
  }

  @Test("removes whitespace between tokens only")
  func compacts() throws {
    let json = try OracleJSON(Array("{ \"a b\" :\r\n [ 1.50 , \"\\u0041 \" ] }".utf8))
    #expect(String(decoding: json.compact, as: UTF8.self) == #"{"a b":[1.50,"\u0041 "]}"#)
  }

  @Test("takes the first of two keys and compares keys unescaped")
  func keys() throws {
    let json = try OracleJSON(Array(#"{"n":{"id":0},"\u0069d":"x\ty","id":2}"#.utf8))
    let value = try #require(json.value(of: "id", in: 0))
    #expect(json.string(value) == Array("x\ty".utf8))
  }

  @Test("goes ten thousand levels deep")
  func depth() throws {
    let levels = 10_000
    let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    let json = try OracleJSON(Array(text.utf8))
    #expect(json.nodes.count == levels)
    #expect(json.compact == Array(text.utf8))
  }

  @Test("joins surrogate pairs")
  func surrogates() throws {
    let json = try OracleJSON(Array(#""\ud83e\udd80!""#.utf8))
    #expect(json.string(0) == Array("\u{1F980}!".utf8))
  }
}
