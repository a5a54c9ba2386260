import Bytes
import CloudTrail
import Testing
import Writing

struct CSVEncoderTests {
  @Test(arguments: [
    (#""plain text""#, "plain text"), (#""""#, ""), ("null", ""), ("true", "true"),
    ("-1.50E+3", "-1.50E+3"), ("9007199254740993", "9007199254740993"), ("{}", "{}"),
    ("[]", "[]"), ("[7]", "[7]"), ("[1,2]", #""[1,2]""#),
    (#"{"a":"b\n"}"#, #""{""a"":""b\n""}""#), (#""a,b""#, #""a,b""#),
    (#""say \"hi\"""#, #""say ""hi""""#), (#""a\nb""#, "\"a\nb\""), (#""a\rb""#, "\"a\rb\""),
    (#""a\r\nb""#, "\"a\r\nb\""), (#"" blank ""#, " blank "), (#""back\\slash""#, #"back\slash"#),
    (#""http:\/\/x""#, "http://x"), (#""caf\u00e9 😀 \ud83d\ude00""#, "café 😀 😀"),
    (#"{"ключ":"😀"}"#, #""{""ключ"":""😀""}""#), (#"["é"]"#, #""[""é""]""#),
    (#""a\u0000b\tc""#, "a\u{0}b\tc"), (#""a;b""#, "a;b"),
  ])
  func `a plain field is what the record says`(json: String, field: String) throws {
    let written = try EncodedRows.raw(json)
    #expect(written.field == field)
    #expect(written.counts.isEmpty)
  }

  @Test func `a field that the record lacks is empty, and so is a row without any`() throws {
    let rows = try EncodedRows(["a", "b"], [Array("{}".utf8), Array(#"{"b":1}"#.utf8)])
    #expect(rows.text == "a,b\r\n,\r\n,1\r\n")
    let alone = try EncodedRows(["a"], [Array("{}".utf8), Array(#"{"a":1}"#.utf8)])
    #expect(alone.text == "a\r\n\"\"\r\n1\r\n")
  }

  @Test func `the header shows the names, quoted where needed`() throws {
    let rows = try EncodedRows([#"a."x.y""#, "b as c, d"], [])
    #expect(rows.text == "\"a.\"\"x.y\"\"\",\"c, d\"\r\n")
    let excel = try EncodedRows(["eventTime"], [], profile: .excel)
    #expect(excel.bytes.starts(with: [0xEF, 0xBB, 0xBF]))
  }

  @Test func `columns do not depend on the order of a record's fields`() throws {
    let columns = ["eventName", "userIdentity.type", "userIdentity", "resources[1].ARN as second"]
    let one = #"{"eventName":"X","userIdentity":{"type":"Root"},"resources":[{},{"ARN":"a"}]}"#
    let other = #"{"resources":[{},{"ARN":"a"}],"userIdentity":{"type":"Root"},"eventName":"X"}"#
    let fields = try EncodedRows(columns, [Array(one.utf8), Array(other.utf8)]).fields()
    #expect(fields[0] == ["X", "Root", #"{"type":"Root"}"#, "a"])
    #expect(fields[0] == fields[1])
  }

  @Test func `other fields are all that the columns leave out, as they are`() throws {
    let record = #"{"a":1,"b":{"x":1,"y":2},"c":"\u00e9","d":[1, 2],"c":"again"}"#
    let columns = ["b.x", "otherFields", "actor"]
    let fields = try EncodedRows(columns, [Array(record.utf8)]).fields()
    #expect(fields[0] == ["1", #"{"a":1,"c":"\u00e9","d":[1, 2]}"#, "unknown"])
    let identity = #"{"userIdentity":{"type":"Root"},"eventID":"7"}"#
    #expect(
      try EncodedRows(["actor", "otherFields"], [Array(identity.utf8)]).fields()
        == [["root", identity]])
    #expect(
      try EncodedRows(["userIdentity.type", "eventID", "otherFields"], [Array(identity.utf8)])
        .fields() == [["Root", "7", "{}"]])
  }

  @Test func `provenance leads back to the file`() throws {
    let origin = RecordOrigin(path: Path("a,b/=c.json.gz"), index: 12)
    let columns = ["_source", "_index", "a"]
    let record = [Array(#"{"a":1}"#.utf8)]
    #expect(
      try EncodedRows(columns, record, origin: origin).fields()
        == [["a,b/=c.json.gz", "12", "1"]])
    #expect(try EncodedRows(columns, record).fields() == [["", "", "1"]])
  }

  @Test func `derived fields are subject to the rules for fields`() throws {
    let record = #"{"userIdentity":{"type":"IAMUser","userName":"=cmd,\"x\""}}"#
    let rows = try EncodedRows(["actor"], [Array(record.utf8)])
    #expect(try rows.fields() == [[#"'=cmd,"x""#]])
    #expect(rows.counts == ["formulas": 1])
  }

  @Test(
    arguments: [
      ([0xC3], "\u{FFFD}"), ([0xE2, 0x82], "\u{FFFD}"),
      ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"),
      ([0xF0, 0x9F, 0x98, 0x41], "\u{FFFD}A"), ([0xFF, 0xFE], "\u{FFFD}\u{FFFD}"),
      ([0xC3, 0x28], "\u{FFFD}("), ([0x80], "\u{FFFD}"), ([0xC3, 0x5C, 0x6E], "\u{FFFD}\n"),
    ] as [([UInt8], String)])
  func `bytes that are not UTF-8 become one replacement a part`(bytes: [UInt8], text: String) throws
  {
    for (before, after) in [("{\"v\":\"x", "\"}"), ("{\"v\":{\"k\":\"x", "\"}}")] {
      let isText = before.count < 8
      let record = Array(before.utf8) + bytes + Array(after.utf8)
      let rows = try EncodedRows(["v"], [record])
      let expected = isText ? "x\(text)" : "{\"k\":\"x\(text.replacing("\n", with: "\\n"))\"}"
      #expect(try rows.fields() == [[expected]])
      #expect(rows.counts == ["invalidUTF8": 1])
    }
  }

  @Test func `half a surrogate pair is replaced and counted in text, and kept in JSON`() throws {
    let text = try EncodedRows.raw(#""a\ud83d""#)
    #expect(text.field == "a\u{FFFD}" && text.counts == ["invalidUTF8": 1])
    let json = try EncodedRows.raw(#"["\ud83d"]"#)
    #expect(json.field == #""[""\ud83d""]""# && json.counts.isEmpty)
  }
}
