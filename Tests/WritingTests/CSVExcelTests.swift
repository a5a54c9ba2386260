import CloudTrail
import Testing
import Writing

struct CSVExcelTests {
  @Test(
    arguments: [
      (#""a\nb""#, "a b", ["lineBreaks": 1]), (#""a\r\nb""#, "a b", ["lineBreaks": 1]),
      (#""a\n\rb""#, "a  b", ["lineBreaks": 1]), (#""a\u2028b\u0085""#, "a b ", ["lineBreaks": 1]),
      (#""a\u0000b\tc\u007f\u0080""#, "a b c  ", ["controlCharacters": 1]),
      (#""a\nb\u0001""#, "a b ", ["lineBreaks": 1, "controlCharacters": 1]),
      ("[\"a\u{7F}b\"]", #""[""a b""]""#, ["controlCharacters": 1]),
      (#"["a\nb"]"#, #""[""a\nb""]""#, [:]),
      (#""\tx""#, "' x", ["formulas": 1, "controlCharacters": 1]),
      ("\"caf\u{E9}\u{A0}x\"", "café\u{A0}x", [:]),
    ] as [(String, String, [String: Int])])
  func `line breaks and control characters become spaces`(
    json: String, field: String, counts: [String: Int]
  ) throws {
    let written = try EncodedRows.raw(json, .excel)
    #expect(written.field == field)
    #expect(written.counts == counts)
  }

  @Test(arguments: [
    ("123456789012345", "123456789012345"), ("1234567890123456", "'1234567890123456"),
    ("-1234567890123456", "'-1234567890123456"), ("0.000000000000000000012", nil),
    ("1.688560107857E9", nil), ("1.2345678901234567E-5", "'1.2345678901234567E-5"), ("-5", nil),
  ])
  func `numbers stay numbers unless digits would be lost`(number: String, field: String?) throws {
    #expect(try EncodedRows.raw(number, .excel).field == field ?? number)
  }

  @Test(arguments: [
    ("2024-05-06T14:52:27Z", "2024-05-06 14:52:27"), ("2024-05-06 14:52:27", "2024-05-06 14:52:27"),
    ("2024-05-06T14:52:27.123456789Z", "2024-05-06 14:52:27"),
    ("2024-12-31T23:30:00-01:00", "2025-01-01 00:30:00"),
    ("2024-03-01T00:30:00+01:00", "2024-02-29 23:30:00"),
  ])
  func `event times are written for spreadsheets`(time: String, field: String) throws {
    let record = Array(#"{"eventTime":"\#(time)","other":"\#(time)"}"#.utf8)
    let rows = try EncodedRows(["eventTime as when", "other"], [record], profile: .excel)
    // In another column a date that Excel would take for one stays the text that it is.
    let isConverted = !time.contains("T")
    #expect(try rows.fields()[0] == [field, isConverted ? "'" + time : time])
    #expect(rows.counts == (isConverted ? ["times": 1, "keptAsText": 1] : ["times": 1]))
    #expect(try EncodedRows(["eventTime"], [record]).fields() == [[time]])
  }

  @Test func `what is no event time is written as text`() throws {
    let record = Array(#"{"eventTime":"=now()"}"#.utf8)
    let rows = try EncodedRows(["eventTime"], [record], profile: .excel)
    #expect(try rows.fields() == [["'=now()"]])
    #expect(rows.counts == ["formulas": 1])
  }

  @Test(
    arguments: [
      ("a;b", #""a;b""#, [:]), ("Mozilla/5.0 (X11; Linux)", #""Mozilla/5.0 (X11; Linux)""#, [:]),
      (";", #"";""#, [:]), ("é;b", #""é;b""#, [:]), ("1;2", #""1;2""#, [:]),
      ("a;=cmd|!A0;b", #""a;'=cmd|!A0;b""#, ["formulas": 1]),
      ("a; \u{A0}@x;;-1", "\"a; \u{A0}'@x;;'-1\"", ["formulas": 1]),
      (#"a;\"=1"#, #""a;""'=1""#, ["formulas": 1]), ("a;＝1", #""a;'＝1""#, ["formulas": 1]),
      ("=1;+2", #""'=1;'+2""#, ["formulas": 1]), ("a;b=c", #""a;b=c""#, [:]),
    ] as [(String, String, [String: Int])])
  func `a semicolon begins no cell of its own`(
    text: String, field: String, counts: [String: Int]
  ) throws {
    let written = try EncodedRows.raw("\"\(text)\"", .excel)
    #expect(written.field == field)
    #expect(written.counts == counts)
    #expect(try !EncodedRows.raw("\"\(text)\"", .excel, .keep).field.contains("'"))
    #expect(try EncodedRows.raw("\"b\(text)\"").counts.isEmpty)
  }

  @Test func `a formula after a semicolon in JSON is written as an escape`() throws {
    let json = #"{"a;":-1,"b":"x;=1; +2","c":["d;",-5,";\"=1"]}"#
    let written = try EncodedRows.raw(json, .excel)
    #expect(written.counts == ["formulas": 1])
    let expected = json.replacing("x;=1; +2", with: #"x;\u003d1; \u002b2"#)
    #expect(written.field == "\"" + expected.replacing("\"", with: "\"\"") + "\"")
    #expect(try EncodedRows.raw(json).counts.isEmpty)
    #expect(try EncodedRows.raw(json, .excel, .keep).counts.isEmpty)
    #expect(try EncodedRows.raw(#"[";＝é"]"#, .excel).field == #""["";\uff1dé""]""#)
  }

  @Test func `a header with a semicolon is quoted for spreadsheets`() throws {
    let rows = try EncodedRows(["a as x;y", "b"], [], profile: .excel)
    #expect(rows.text == "\u{FEFF}\"x;y\",b\r\n")
    #expect(try EncodedRows(["a as x;y", "b"], []).text == "x;y,b\r\n")
  }

  @Test(arguments: [32_767, 32_768, 40_000, 100_000])
  func `a field over the limit is cut with a mark that names the event`(length: Int) throws {
    let record = Array(#"{"v":"\#(String(repeating: "x", count: length))","eventID":"e-1"}"#.utf8)
    let field = try EncodedRows(["v"], [record], profile: .excel).fields()[0][0]
    #expect(field.utf16.count <= 32_767)
    if length <= 32_767 {
      #expect(field.count == length)
    } else {
      let kept = field.prefix { $0 == "x" }.count
      #expect(field.dropFirst(kept) == "…[cut, \(length - kept) more characters: see eventID e-1]")
      #expect(field.utf16.count >= 32_764)
    }
    #expect(try EncodedRows(["v"], [record]).fields()[0][0].count == length)
  }

  @Test func `a cut never falls inside a character`() throws {
    for offset in 0..<4 {
      let text = String(repeating: "a", count: offset) + String(repeating: "😀", count: 20_000)
      let record = Array(#"{"v":"\#(text)"}"#.utf8)
      let rows = try EncodedRows(["v"], [record], profile: .excel)
      let field = try rows.fields()[0][0]
      let mark = try #require(field.firstIndex(of: "…"))
      let kept = field[..<mark]
      #expect(text.hasPrefix(kept) && field.utf16.count <= 32_767 && field.utf16.count > 32_760)
      #expect(
        field[mark...] == "…[cut, \(text.utf16.count - kept.utf16.count) more characters]")
      #expect(rows.counts == ["cut": 1])
    }
  }

  @Test func `JSON over the limit is cut too, and an apostrophe counts`() throws {
    let json = "[\"\(String(repeating: "é", count: 33_000))\"]"
    #expect(try EncodedRows.raw(json, .excel).counts == ["cut": 1])
    let formula = "=" + String(repeating: "1", count: 32_766)
    #expect(try EncodedRows.raw("\"\(formula)\"", .excel).counts == ["formulas": 1, "cut": 1])
    #expect(try EncodedRows.raw("\"\(formula)\"", .excel, .keep).counts.isEmpty)
    let wide = String(repeating: "é", count: 32_767)
    #expect(try EncodedRows.raw("\"\(wide)\"", .excel).counts.isEmpty)
  }

  @Test func `an eventID that is no plain word is left out of the mark`() throws {
    let text = String(repeating: "x", count: 40_000)
    for id in [#""a b""#, #""\u0061""#, "7", "\"\(text)\"", #""é""#, "null"] {
      let record = Array(#"{"v":"\#(text)","eventID":\#(id)}"#.utf8)
      let field = try EncodedRows(["v"], [record], profile: .excel).fields()[0][0]
      #expect(field.hasSuffix(" more characters]"))
    }
  }

  @Test func `the most rows leave one for the header`() {
    #expect(CSVProfile.maximumRows == 1_048_575)
  }
}
