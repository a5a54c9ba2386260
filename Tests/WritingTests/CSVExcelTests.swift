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
    json: String, cell: String, counts: [String: Int]
  ) throws {
    let written = try EncodedRows.raw(json, .excel)
    #expect(written.cell == cell)
    #expect(written.counts == counts)
  }

  @Test(arguments: [
    "012345678910", "111122223333", "007", "00", "1234567890123456", "12E45", "1e5", "1.5E-3",
    "9E+2", "1.10", "01.5", ".5", "5.", "1,000", "1-2", "3/4", "12:30", "12:30:45", "2015-08-14",
    "1234567890.123",
  ])
  func `digits that a spreadsheet would change stay text`(text: String) throws {
    let written = try EncodedRows.raw("\"\(text)\"", .excel)
    #expect(written.cell == (text.contains(",") ? "\"'\(text)\"" : "'\(text)"))
    #expect(written.counts == ["keptAsText": 1])
    #expect(try EncodedRows.raw("\"\(text)\"", .plain).counts.isEmpty)
    // The careful way knows the rule as well.
    let escaped = text.replacing("0", with: #"\u0030"#)
    #expect(try EncodedRows.raw("\"\(escaped)\"", .excel).counts == ["keptAsText": 1])
  }

  @Test(arguments: [
    "0", "7", "12345678901", "1.08", "1.5", "0.5", "10.0.0.1", "192.168.100.200", "1.2.3", "1a",
    "2001:0:0:1:2:3:4:5", "12E", "12E4F", "E12", "1-", "1--2", "1234-5678-9012", "2015-2016",
    "12345-1", ".",
    "1/2/3/4", "1-2/3", "12 ", "2023-07-10T11:42:31Z", "e12", "1.2E3.4", "a1", "1+1",
    "1f0c2e4a-0000-0000-0000-000000000000",
  ])
  func `digits that a spreadsheet leaves alone are left alone`(text: String) throws {
    let written = try EncodedRows.raw("\"\(text)\"", .excel)
    #expect(written.cell == text && written.counts.isEmpty)
  }

  @Test(arguments: [
    ("123456789012345", "123456789012345"), ("1234567890123456", "'1234567890123456"),
    ("-1234567890123456", "'-1234567890123456"), ("0.000000000000000000012", nil),
    ("1.688560107857E9", nil), ("1.2345678901234567E-5", "'1.2345678901234567E-5"), ("-5", nil),
  ])
  func `numbers stay numbers unless digits would be lost`(number: String, cell: String?) throws {
    #expect(try EncodedRows.raw(number, .excel).cell == cell ?? number)
  }

  @Test(arguments: [
    ("2024-05-06T14:52:27Z", "2024-05-06 14:52:27"), ("2024-05-06 14:52:27", "2024-05-06 14:52:27"),
    ("2024-05-06T14:52:27.123456789Z", "2024-05-06 14:52:27"),
    ("2024-12-31T23:30:00-01:00", "2025-01-01 00:30:00"),
    ("2024-03-01T00:30:00+01:00", "2024-02-29 23:30:00"),
  ])
  func `event times are written for spreadsheets`(time: String, cell: String) throws {
    let record = Array(#"{"eventTime":"\#(time)","other":"\#(time)"}"#.utf8)
    let rows = try EncodedRows(["eventTime as when", "other"], [record], profile: .excel)
    #expect(try rows.cells()[0] == [cell, time])
    #expect(rows.counts == ["times": 1])
    #expect(try EncodedRows(["eventTime"], [record]).cells() == [[time]])
  }

  @Test func `what is no event time is written as text`() throws {
    let record = Array(#"{"eventTime":"=now()"}"#.utf8)
    let rows = try EncodedRows(["eventTime"], [record], profile: .excel)
    #expect(try rows.cells() == [["'=now()"]])
    #expect(rows.counts == ["formulas": 1])
  }

  @Test(arguments: [32_767, 32_768, 40_000, 100_000])
  func `a cell over the limit is cut with a mark that names the event`(length: Int) throws {
    let record = Array(#"{"v":"\#(String(repeating: "x", count: length))","eventID":"e-1"}"#.utf8)
    let cell = try EncodedRows(["v"], [record], profile: .excel).cells()[0][0]
    #expect(cell.utf16.count <= 32_767)
    if length <= 32_767 {
      #expect(cell.count == length)
    } else {
      let kept = cell.prefix { $0 == "x" }.count
      #expect(cell.dropFirst(kept) == "…[cut, \(length - kept) more characters: see eventID e-1]")
      #expect(cell.utf16.count >= 32_764)
    }
    #expect(try EncodedRows(["v"], [record]).cells()[0][0].count == length)
  }

  @Test func `a cut never falls inside a character`() throws {
    for offset in 0..<4 {
      let text = String(repeating: "a", count: offset) + String(repeating: "😀", count: 20_000)
      let record = Array(#"{"v":"\#(text)"}"#.utf8)
      let rows = try EncodedRows(["v"], [record], profile: .excel)
      let cell = try rows.cells()[0][0]
      let mark = try #require(cell.firstIndex(of: "…"))
      let kept = cell[..<mark]
      #expect(text.hasPrefix(kept) && cell.utf16.count <= 32_767 && cell.utf16.count > 32_760)
      #expect(
        cell[mark...] == "…[cut, \(text.utf16.count - kept.utf16.count) more characters]")
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
      let cell = try EncodedRows(["v"], [record], profile: .excel).cells()[0][0]
      #expect(cell.hasSuffix(" more characters]"))
    }
  }

  @Test func `the most rows leave one for the header`() {
    #expect(CSVProfile.maximumRows == 1_048_575)
  }
}
