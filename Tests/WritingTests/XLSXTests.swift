#if XLSX
  import Bytes
  import CloudTrail
  import Dataset
  import TestSupport
  import Testing
  import Writing

  @Suite("XLSX")
  struct XLSXTests {
    /// The sheet of some records, and what was altered in it.
    private func encoded(
      _ columns: [String], _ records: [String], folder: Path = "xlsx/dt=2026-11-19",
      origin: RecordOrigin? = nil
    ) throws -> (sheet: Sheet, altered: [String: Int]) {
      let scratch = try TemporaryFolder()
      let format = XLSX(columns: columns)
      var encoder = try format.encoding(withProvenance: origin != nil).makeEncoder()
      encoder.beginPartition(folder)
      var output = ByteBuffer()
      try encoder.begin(to: &output, scratch: Path(scratch.appending("w")))
      for record in records {
        try encoder.append(Array(record.utf8).span, from: origin, to: &output)
      }
      while try !encoder.finish(to: &output) {}
      #expect(try FileTree.read(scratch.path).isEmpty)
      let altered = encoder.takeAlteredFields().byKind
      return (
        try Sheet(output.bytes.copied()),
        Dictionary(uniqueKeysWithValues: altered.map { ($0, $1) })
      )
    }

    /// The field of a record `{"v": …}`.
    private func field(_ json: String) throws -> (text: String, altered: [String: Int]) {
      let (sheet, altered) = try encoded(["v"], [#"{"v":\#(json),"eventID":"e-1"}"#])
      return (sheet.rows[1].first?.text ?? "", altered)
    }

    @Test(
      "has every value as the text that it is",
      arguments: [
        (#""=HYPERLINK(\u0022x\u0022)""#, #"=HYPERLINK("x")"#), ("12", "12"), ("true", "true"),
        ("-1.50e3", "-1.50e3"), (#"{"a":[1,"=2"]}"#, #"{"a":[1,"=2"]}"#), ("null", ""),
        (#""""#, ""), (#""\ta\r\nb ""#, "\ta\r\nb "), (#""_x0041_""#, "_x0041_"),
        (#""2026-11-19T10:00:00Z""#, "2026-11-19T10:00:00Z"), (#""'x""#, "'x"),
      ])
    func texts(json: String, text: String) throws {
      let field = try field(json)
      #expect(field.text == text)
      #expect(field.altered.isEmpty)
    }

    @Test(
      "has U+FFFD for what XML forbids, counted",
      arguments: [
        (#""a\u0000b\u0001\u001f""#, "a\u{FFFD}b\u{FFFD}\u{FFFD}", ["forbiddenCharacters": 1]),
        (#""\ufffe\uffff""#, "\u{FFFD}\u{FFFD}", ["forbiddenCharacters": 1]),
        (#""\ud800x""#, "\u{FFFD}x", ["invalidUTF8": 1]), (#""\u007f""#, "\u{7F}", [:]),
        (#""\ufffd\u0085""#, "\u{FFFD}\u{85}", [:]),
      ] as [(String, String, [String: Int])])
    func forbidden(json: String, text: String, altered: [String: Int]) throws {
      let field = try field(json)
      #expect(field.text == text)
      #expect(field.altered == altered)
    }

    @Test(
      "cuts a text at 32,767 UTF-16 units, between characters, with a mark",
      arguments: [("😀", 16_383, false), ("😀", 16_500, true), ("_x0041_", 4_681, false)])
    func cuts(piece: String, count: Int, isCut: Bool) throws {
      let text = String(repeating: piece, count: count)
      let field = try field("\"\(text)\"")
      #expect(field.altered == (isCut ? ["cut": 1] : [:]))
      if isCut {
        #expect(field.text.utf16.count <= 32_767 && field.text.utf16.count > 32_760)
        #expect(field.text.hasPrefix("😀") && !field.text.contains("\u{FFFD}"))
        #expect(field.text.hasSuffix(" more characters: see eventID e-1]"))
      } else {
        #expect(field.text == text)
      }
    }

    @Test(
      "has event times as dates, as far as there are such dates",
      arguments: [
        ("2026-11-19T12:00:00Z", "46345.5"), ("2026-11-19T12:00:00+12:00", "46345"),
        ("1900-03-01T00:00:00Z", "61"), ("9999-12-31T23:59:59Z", "2958465.999988426"),
        ("2026-11-19T12:00:00.5Z", "46345.50000578703"), ("1900-02-28T23:59:59Z", nil),
        ("2026-11-19T12:00:00.0001Z", nil), ("2026-11-19T12:00:00.001000Z", "46345.50000001157"),
      ] as [(String, String?)])
    func times(time: String, days: String?) throws {
      let record = #"{"eventTime":"\#(time)"}"#
      let (sheet, altered) = try encoded(["eventTime as when"], [record])
      let field = try #require(sheet.rows[1].first)
      #expect(field.text == days ?? time)
      #expect(field.kind == (days == nil ? "inlineStr" : nil))
      #expect((field.style == nil) == (days == nil))
      #expect(altered == (days == nil ? ["timesAsText": 1] : [:]))
    }

    @Test("has derived columns, other fields, and where a record comes from")
    func columns() throws {
      let (sheet, _) = try encoded(
        ["eventName", "outcome", "otherFields"], [#"{"eventName":"A","errorCode":"No","x":1}"#],
        origin: RecordOrigin(path: "in/a.json", index: 7))
      #expect(
        sheet.rows.map { $0.map(\.text) } == [
          ["eventName", "outcome", "otherFields", "_source", "_index"],
          ["A", "No", #"{"errorCode":"No","x":1}"#, "in/a.json", "7"],
        ])
      #expect(sheet.rows[0].allSatisfy { $0.style == 1 }, "bold")
    }

    @Test(
      "names the sheet after the partition by Excel's rules",
      arguments: [
        ("xlsx/dt=2026-11-19", "2026-11-19"), ("insight/x/dt=2026-11-19/hour=07", "2026-11-19 07"),
        ("xlsx/account=1/month=2026-11", "1 2026-11"), ("xlsx", "CloudTrail"),
        (
          "xlsx/account=012345678910/region=us-east-1/dt=2026-11-19",
          "…345678910 us-east-1 2026-11-19"
        ),
        ("xlsx/region=HISTORY", "region HISTORY"),
        ("xlsx/account=000000000001", "account 000000000001"), ("x/year=2026", "year 2026"),
        ("xlsx/account=A1_b.c", "account A1_b.c"), ("xlsx/region=us-east-1", "us-east-1"),
        ("xlsx/region=%27%5B%3A%5D", "%27%5B%3A%5D"),
        ("xlsx/region=\u{FFFF}a", "\u{FFFD}a"),
        ("xlsx/region=😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "…😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀"),
        ("xlsx/region=1234567890123456789012345678901", "…234567890123456789012345678901"),
        ("xlsx/region=__HIVE_DEFAULT_PARTITION__", "…__HIVE_DEFAULT_PARTITION__"),
      ])
    func sheetNames(folder: String, name: String) throws {
      #expect(try encoded(["a"], ["{}"], folder: Path(folder)).sheet.name == name)
      #expect(name.utf16.count <= 31)
    }

    @Test(
      "refers to the sheet in quotes, without which LibreOffice drops the filter",
      arguments: ["account=000000000001", "year=2026", "region=us-east-1", "region=A1"])
    func quotedReference(folder: String) throws {
      let names = try encoded(["a"], ["{}"], folder: Path("xlsx/" + folder)).sheet.definedNames
      #expect(names.count == 1 && names.allSatisfy { $0.hasPrefix("'") }, "\(names)")
    }

    @Test("has a row for each record, if there is nothing in it too")
    func emptyRows() throws {
      let sheet = try encoded(["v"], ["{}", #"{"v":1}"#, "{}", #"{"v":""}"#]).sheet
      #expect(sheet.rows.map { $0.map(\.text) } == [["v"], [], ["1"], [], []])
    }

    @Test("begins a new file at so many rows, or bytes of a sheet")
    func files() throws {
      let folder = try TemporaryFolder()
      var output = OutputSpecification(XLSX(columns: ["v"]))
      for (maxRows, maxBytes, expected) in [(3, nil, [3, 3, 1]), (nil, 100_000, [4, 3])]
        as [(Int?, Int?, [Int])]
      {
        (output.maxRows, output.maxBytes) = (maxRows, maxBytes)
        let encoder = try output.format.encoding(withProvenance: false).makeEncoder()
        var writer = try PartitionWriter(encoder, PartOptions(output))
        let name = "\(maxRows ?? 0)"
        writer.begin(at: Path(folder.appending(name)), as: "xlsx/dt=2026-11-19")
        let text = String(repeating: "x", count: maxRows == nil ? 32_000 : 10)
        for second in 0..<7 {
          try writer.append(
            Array("{\"v\":\"\(text)\"}".utf8).span, at: EventTime(seconds: Int64(second)), from: nil
          )
        }
        let parts = try writer.finish().files.parts
        #expect(parts.map(\.recordCount) == expected)
        let files = try FileTree.read(folder.appending(name))
        #expect(files.map(\.path) == parts.map(\.name))
        for (file, part) in zip(files, parts) {
          #expect(try Sheet(file.bytes).rows.count == part.recordCount + 1)
        }
      }
    }

    @Test("fits Excel: at most its columns")
    func problems() {
      #expect(XLSX().problems.isEmpty)
      #expect(XLSX(columns: (0..<16_382).map { "a as c\($0)" }).problems.isEmpty)
      #expect(
        XLSX(columns: (0..<16_383).map { "a as c\($0)" }).problems
          == [FormatProblem("columns", "expected at most 16382, as Excel has")])
    }
  }
#endif
