import Testing
import Writing

/// Texts that a spreadsheet takes for something else, and texts that it does not.
struct CSVConversionTests {
  /// Whether the excel profile puts an apostrophe before a text, and counts that.
  private func staysText(_ text: String) throws -> Bool {
    let json = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    let written = try EncodedRows.raw("\"\(json)\"", .excel)
    let field = written.field.trimmingPrefix("\"")
    let hasMark = field.hasPrefix("'") && !text.hasPrefix("'")
    #expect(written.counts == (hasMark ? ["keptAsText": 1] : [:]), "\(text): the wrong count")
    return hasMark
  }

  @Test(arguments: [
    "012345678910", "111122223333", "007", "00", "1234567890123456", "1.10", "01.5", ".5", "5.",
    "1234567890.123", " 123456789012", "012345678910 ", " 7", "7\u{A0}", "\u{3000}7",
  ])
  func `digits`(text: String) throws {
    #expect(try staysText(text))
  }

  @Test(arguments: [
    "12E45", "1e5", "1.5E-3", "9E+2", "1 E5", "1,000E5", "1,000", "1,23", "1,2,3", ",5", "5,",
    "1 234", "1'234", "1’234,50", "1.234,5", "(5)", "(5", "5-", "5%", "5 %", "%5", "(5)%", "(5%)",
    "$5", "5$", "$ 5", "($5)", "$-5", "$(5)", "€5", "5 €", "£5", "¥5", "₹5", "$1E5", "1E5%",
    "１２３", "１.５", "٣", "१२", "＄５", "５％", "（５）", "12\u{200B}3",
  ])
  func `numbers in other ways of writing`(text: String) throws {
    #expect(try staysText(text))
  }

  @Test(arguments: [
    "MAR1", "MARC1", "SEPT2", "dec2", "DEC-2", "sep-2", "Oct-5", "MARCH-5", "5-Jan", "5jan",
    "10-dec", "june 1", "apr2026", "Jun 2026", "June 5, 2026", "5 June 2026", "5. June 2026",
    "5-Jun-26", "2026-mar-5", "2026mar5", "5mar26", "may.5", "1/may/26", "mar 5 12:30",
    "Friday, June 5, 2026 12:30:45 PM", "Fri 5 Jun", "june\u{A0}1", "ＭＡＲ１", "may 1,2", "mar 1.5",
  ])
  func `dates with names`(text: String) throws {
    #expect(try staysText(text))
  }

  @Test(arguments: [
    "1-2", "3/4", "1/2/2026", "1/2/26", "2026-01-02", "2026/1/2", "2015-08-14", "1-2/3", "1 / 2",
    "1-1950", "1950-1", "1.2.2026", "31.12.2026", "1.2.", "2026.1.2", "1.2.3", "1-2-3",
    "2024-05-06 14:52:27", "2024-05-06T14:52:27", "1/2/2026 12:30 PM", "12:30 1/2/2026",
    "2026年1月2日", "1月2日", "2026년 1월 2일", "１/２",
  ])
  func `dates of numbers`(text: String) throws {
    #expect(try staysText(text))
  }

  @Test(arguments: [
    "12:30", "12:30:45", "12:30:45.123", "12:", "1: 30", "25:00", "99123:00", "12:30 PM", "12:30pm",
    "12:30 p", "1 PM", "1pm", "1 p", "9 am", "1:30 a.m.", ".5am", "12\u{A0}PM", "12時30分", "１２:３０",
    "2 3/4", "2  13/4", "0 1/2",
  ])
  func `times and fractions`(text: String) throws {
    #expect(try staysText(text))
  }

  @Test(arguments: [
    "#N/A", "#n/a", "#REF!", "#NAME?", "#DIV/0!", "#NULL!", "#SPILL!", "#GETTING_DATA", " #N/A ",
    "＃N/A",
  ])
  func `errors`(text: String) throws {
    #expect(try staysText(text))
  }

  @Test(
    arguments: [
      // Numbers that are shown as they are written.
      "0", "7", "12345678901", "1.08", "1.5", "0.5", "0.123", "12345",
      // Addresses, versions, time stamps, ids.
      "10.0.0.1", "192.168.100.200", "10.0.0.1:443", "10.0.0.0/24", "::1", "2001:db8::1",
      "2001:0:0:1:2:3:4:5", "8.0.35", "2.0.0", "1.2.3.4", "2023-07-10T11:42:31Z",
      "2024-05-06T14:52:27.123Z", "1f0c2e4a-0000-0000-0000-000000000000",
      "12345678-0000-4000-8000-000000000000", "1234-5678-9012", "12345678901a", "0x1F", "E12",
      "e12",
      "12E", "12E4F", "1a", "a1", "1M", "v1.2", "5 USD", "1st", "1_000", "2.5.1-beta",
      // Words and names.
      "March", "may", "Mon 5", "5 Mon", "maybe 5", "mark1", "octopus-1", "august-5th",
      "June 5 or 6",
      "jan feb 1", "Decrypt", "DeleteBucket", "MarkAsRead", "Sunset1", "Monitor-1", "SatTrail-2026",
      "arn:aws:iam::012345678910:user/MAR1", "aws-cli/2.15.0 Python/3.11.6", "S3Console/0.4",
      "Mozilla/5.0", "May 5 is a day", "AWS Internal", "true", "FALSE", "#1", "#hash", "#!", "#",
      ".", ",", " ", "()", "%", "$", "(a)", "1+1", "45-67", "2015-2016", "12345-1", "1/2/3/4",
      "1--2",
      "½", "1 of 2", "a:b", "1.2.3.4.5", "1,2;3",
    ])
  func `ordinary texts are left alone`(text: String) throws {
    #expect(try !staysText(text))
  }

  @Test func `text with an escape or another character goes the same way`() throws {
    #expect(try EncodedRows.raw(#""M\u0041R1""#, .excel).counts == ["keptAsText": 1])
    #expect(try EncodedRows.raw(#""\tMAR1\n""#, .excel, .keep).field == "' MAR1 ")
    #expect(try EncodedRows.raw(#""é MAR1""#, .excel).counts.isEmpty)
    #expect(try EncodedRows.raw(#""MAR1""#, .plain).field == "MAR1")
  }

  @Test func `every short text is judged as the patterns judge it`() throws {
    let pieces = ["0", "12", "2026", ".", ",", "-", "/", ":", " ", "E", "jan", "pm", "(", "x"]
    let model = ConversionModel()
    var texts = [""]
    for _ in 0..<4 {
      texts = texts.flatMap { text in pieces.map { text + $0 } }
      let records = texts.map { Array("{\"v\":\"\($0)\"}".utf8) }
      let fields = try EncodedRows(["v"], records, profile: .excel, formulas: .keep).fields()
      for (text, field) in zip(texts, fields) where (field[0] != text) != model.converts(text) {
        let fault = field[0] == text ? "is not kept as text" : "gets an apostrophe"
        Issue.record("'\(text)' \(fault)")
        return
      }
    }
  }
}
