import Bytes
import TestSupport
import Testing

/// Texts that JSON parsers are known to get wrong, kind by kind.
struct JSONScannerCaseTests {
  @Test(arguments: [
    // Any value is a document (RFC 8259, 2), with white space around it.
    "0", "\"\"", "true", "false", "null", "{}", "[]", " \t\r\n[ \t\r\n] \t\r\n", "[\n]", "{\r\n}",
    // Numbers (6): no limit on digits.
    "-0", "-0.0", "0e0", "0E+0", "1e-0", "123456789012345678901234567890", "-1.0e+0099999",
    "0.00000000000000000000000000001", "1E400", "-1e-400", "[1,2,-3.5]",
    // Strings (7): every escape, and what looks like one.
    #""\"\\\/\b\f\n\r\t""#, #""\u0000\uFFFF\uabcd\uABCD""#, #""\ud83d\ude00""#, #""\\u12""#,
    #""\\\"""#, #""a\\""#, "\"\u{7F}\"", "\"\u{2028}\u{2029}\u{FEFF}\"", "\"\u{1F600}\"",
    // Half a surrogate pair is allowed by the grammar (8.2).
    #""\ud800""#, #""\udc00\ud800""#,
    // Objects (4): any key, also twice.
    #"{"":0}"#, #"{"a":1,"a":2}"#, #"{"\u0061":{}}"#, #"{"a":[{"b":null}]}"#,
    #"{ "a" : 1 , "b" : [ ] }"#, #"{"a":"}","b":"{"}"#,
  ])
  func `what RFC 8259 allows passes`(text: String) {
    #expect(accepts(Array(text.utf8)))
  }

  @Test(arguments: [
    // Nothing, or more than one document.
    "", " ", "\n", "1 2", "{} {}", "[]]", "{}}", "[][", "null,", "\"a\" b", "{}#", "[1],",
    // Commas and colons.
    "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1:2]", #"{"a":1,}"#, #"{,"a":1}"#,
    #"{"a":1,,"b":2}"#,
    #"{"a"}"#, #"{"a":}"#, #"{"a" 1}"#, #"{"a"::1}"#, #"{"a":1 "b":2}"#, #"{"a",1}"#, #"{:1}"#,
    // Keys are strings.
    "{a:1}", "{1:1}", "{null:1}", "{'a':1}", "{[]:1}", #"{"a":1,b:2}"#,
    // Brackets.
    "[", "]", "{", "}", "[1}", #"{"a":1]"#, "[[]", #"{"a":{}"#, "[\"a", #"["a",{"#, "[{]}",
    // Numbers.
    "-", "+1", "01", "-01", "00", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1E-", "1e1.5", "0x1",
    "1_000", "1,000", "0b1", "1e+-1", "--1", "-+1", "1.2.3", "Infinity", "-Infinity", "NaN", "-NaN",
    "١", "1f", "[-]", "[1.]",
    // Literals.
    "tru", "truee", "True", "TRUE", "nul", "nulll", "None", "fals", "falsey", "undefined", "[tru]",
    // Strings.
    "\"", "\"\\\"", "\"\\", #""\x41""#, #""\a""#, #""\'""#, #""\0""#, #""\u""#, #""\u12""#,
    #""\u12g4""#, #""\u123g""#, #""\u123""#, #""\U0041""#, #""\ud83d\u""#, "\"\n\"", "\"\t\"",
    "\"\u{0}\"", "\"\u{1F}\"",
    "'a'", "`a`", "“a”", "\"a\"\"b\"", #""\\"\""#,
    // White space is four characters only; comments and marks are none.
    "\u{0B}1", "\u{0C}1", "\u{A0}1", "1\u{2028}", "\u{0}1", "1\u{0}", "\u{FEFF}{}", "[\u{2003}]",
    "// a\n1", "/* a */1", "[1 // a\n]", "# a\n1",
  ])
  func `what RFC 8259 forbids fails`(text: String) {
    #expect(!accepts(Array(text.utf8)))
  }

  @Test(arguments: [
    (#"{"a":x}"#, 5, JSONSyntaxError.Expectation.value), (#"[1,]"#, 3, .value),
    (#"{"a":1,}"#, 7, .key), (#"{a:1}"#, 1, .key), (#"{"a";1}"#, 4, .colon),
    (#"{"a":1;"b":2}"#, 6, .commaOrBrace), (#"[1;2]"#, 2, .commaOrBracket), ("-x", 1, .digit),
    ("[1.x]", 3, .digit), ("[1e+x]", 4, .digit), ("[trux]", 1, .literal), (#"["\x"]"#, 2, .escape),
    (#"["a\u12g4"]"#, 3, .escape), ("[\"a\u{1}\"]", 3, .noControl),
  ])
  func `an error names the byte and what was expected there`(
    text: String, offset: Int, expected: JSONSyntaxError.Expectation
  ) {
    #expect(refusal(of: Array(text.utf8), at: offset, expecting: expected) == nil)
  }

  @Test func `a key is passed with its colon, and its content is between the quotes`() throws {
    let text = Array(#""a\u0062" : 1"#.utf8)
    var scanner = JSONScanner(text.span)
    let key = try scanner.skipKey()
    #expect(key.content == 1..<8 && key.escaped)
    #expect(scanner.position == 12)
  }

  @Test func `white space is noted where it is passed, and only there`() throws {
    for (text, hasWhitespace) in [
      (#"{"a":[1,"b c"]}"#, false), (#"{"a": 1}"#, true), ("[1 ]", true), ("[ ]", true),
      ("{\n}", true), (#"{"a" :1}"#, true), ("[1,\t2]", true), ("[]", false),
    ] {
      let bytes = Array(text.utf8)
      var scanner = JSONScanner(bytes.span)
      try scanner.skipValue()
      #expect(scanner.passedWhitespace == hasWhitespace, "\(text)")
    }
  }
}
