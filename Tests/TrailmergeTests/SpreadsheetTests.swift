import Foundation
import TestSupport
import Testing

@Suite("Workbooks of the command")
struct SpreadsheetTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
  }

  private func consolidate(
    _ name: String, _ flags: [String], environment: [String: String] = [:]
  ) throws -> CommandResult {
    try trailmerge(
      ["consolidate", folder.appending("in"), "-o", folder.appending(name)] + flags,
      environment: environment)
  }

  @Test(
    "refuse what only CSV can have, and what only text files can",
    arguments: ["profile: excel", "formulas: keep", "compression: gzip", "compression: none"])
  func refusedKeys(key: String) throws {
    let job = """
      inputs: [\(folder.appending("in"))]
      dataset: \(folder.appending("out"))
      outputs: [{ format: xlsx, \(key) }]
      """
    try FileTree.write(job, to: "job.yaml", in: folder.path)
    let result = try trailmerge("check", folder.appending("job.yaml"))
    #expect(result.status == 64)
    #expect(result.errors.contains("outputs[0].\(key.split(separator: ":")[0]): "))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  #if XLSX
    /// Values that readers and spreadsheets misread: as JSON strings.
    private static let hostile: [String] =
      [
        "=1+1", "=HYPERLINK(\\\"http://x\\\",\\\"y\\\")", "+1", "-1", "@SUM(A1)", "＝1", "\\t=1",
        "'=1", "'",
        "012345678910", "1E5", "1.0", "0x1F", "MAR1", "1-2", "12:30 PM", "2 3/4", "1%", "$5", "(5)",
        "TRUE", "true", "#N/A", "#REF!", "#DIV/0!", "NaN", "inf", "null", "http://example.com",
        "mailto:a@b.c", " lead", "trail ", " ", "\\n", "a\\nb", "a\\r\\nb", "a\\rb", "\\r", "a\\tb",
        "\\u000b",
        "a\\u0000b", "\\u001f", "\\u007f", "\\u0085", "\\u2028", "\\ufffe", "\\uffff", "\\ufffd",
        "\\ud800",
        "\\udc00x", "\\ud83d\\ude00", "_x0041_", "_x005F_", "_x005F_x0041_", "_x000D_", "__x0041__",
        "_x0041_x0042_", "_xZZZZ_", "_X0041_", "<b>&amp;</b>", "]]>", "<!--", "&#65;", "\\\"",
        "\\\\",
        "{\\\"a\\\":\\\"=1\\\"}", "{=1+1}", "é", "e\\u0301", "\\u202eabc", "\\ufeffx", "2026-11-19",
        "2026-11-19T10:00:00Z",
      ] + [32_767, 32_768, 33_000].map { String(repeating: "x", count: $0) }
      + [16_383, 16_384, 16_500].map { String(repeating: "😀", count: $0) }
      + [String(repeating: "_x0041_", count: 6_000), String(repeating: "é\\u0001", count: 20_000)]

    private static let times = [
      "2026-11-19T00:00:00Z", "2026-11-19 23:59:59", "2026-11-19T12:00:00.123Z",
      "2026-11-19T12:00:00.9999Z", "2026-11-19T02:00:00+01:00", "1900-02-28T23:59:59Z",
      "1900-03-01T00:00:00Z", "1899-12-31T00:00:00Z", "9999-12-31T23:59:59.999Z",
      "0001-01-01T00:00:00Z",
    ]

    /// Reads both outputs of each day and compares them field by field.
    private static let comparison = #"""
      import csv, datetime, glob, io, json, re, sys, openpyxl
      root = sys.argv[1]
      csv.field_size_limit(sys.maxsize)
      forbidden = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
      mark = re.compile("…\\[cut, (\\d+) more characters(: see eventID [!-~]+)?\\]$")
      units = lambda text: len(text.encode("utf-16-le")) // 2
      fields = {"date": 0, "text": 0, "cut": 0, "timesAsText": 0}
      for path in sorted(glob.glob(root + "/csv/*/part-00000.csv")):
          with open(path, encoding="utf-8", newline="") as file:
              expected = list(csv.reader(file))
          book = openpyxl.load_workbook(path.replace("csv", "xlsx"))
          assert len(book.worksheets) == 1, path
          sheet = book.active
          found = list(sheet.iter_rows())
          assert [c.value for c in found[0]] == expected[0], path
          assert len(found) == len(expected), (path, len(found), len(expected))
          for row, wanted in zip(found[1:], expected[1:]):
              for name, cell, text in zip(expected[0], row, wanted):
                  place = (path, cell.coordinate, text[:80], str(cell.value)[:80])
                  if text == "":
                      assert cell.value is None, place
                  elif cell.is_date:
                      assert name == "eventTime", place
                      time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
                      if time.tzinfo: time = time.astimezone(datetime.timezone.utc).replace(tzinfo=None)
                      assert cell.value == time, place
                      fields["date"] += 1
                  else:
                      assert cell.data_type == "s" and isinstance(cell.value, str), place
                      fields["timesAsText"] += name == "eventTime"
                      text = forbidden.sub("\ufffd", text)
                      if units(text) <= 32767:
                          assert cell.value == text, place
                          fields["text"] += 1
                      else:
                          cut = mark.search(cell.value)
                          assert cut and units(cell.value) <= 32767, place
                          kept = cell.value[:cut.start()]
                          assert text.startswith(kept), place
                          assert units(text) - units(kept) == int(cut.group(1)), place
                          fields["cut"] += 1
      print(json.dumps(fields))
      """#

    @Test("are read by openpyxl as the CSV is, field by field", .needs(.openpyxl))
    func everyField() throws {
      var records = Self.hostile.enumerated().map { number, text in
        """
        {"eventID":"h-\(number)","eventTime":"2026-11-19T10:00:00Z","eventName":"\(text)",\
        "requestParameters":{"\(text)":["\(text)"]},"errorMessage":"\(text)","readOnly":true,\
        "awsRegion":1.50e3,"userAgent":null}
        """
      }
      records += Self.times.enumerated().map { #"{"eventID":"t-\#($0)","eventTime":"\#($1)"}"# }
      try FileTree.write(records.joined(separator: "\n"), to: "in/a.ndjson", in: folder.path)
      try FileTree.write(try NastyTree.files(seed: 3, count: 60), in: folder.appending("in"))
      let result = try consolidate(
        "out",
        ["--format", "csv,xlsx", "--partition-by", "dt", "--formulas", "keep", "--report", "json"])
      #expect([0, 3, 4].contains(result.status), "\(result.errors)")
      let compared = try bash(
        "exec python3 -c \"$0\" \"$1\"", [Self.comparison, folder.appending("out")])
      #expect(compared.status == 0, "\(compared.errors.suffix(2_000))")
      let fields = try #require(
        try JSONSerialization.jsonObject(with: Data(compared.output.utf8)) as? [String: Int])
      #expect(fields["date", default: 0] >= 100 && fields["text", default: 0] >= 500, "\(fields)")
      let report = try #require(
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
      let altered = try #require(report["alteredCells"] as? [String: Int])
      #expect(altered["cut"] == fields["cut"])
      #expect(altered["timesAsText"] == fields["timesAsText"])
      #expect(altered["forbiddenCharacters", default: 0] > 0)
    }

    private func workbooks(_ dataset: String) throws -> [TreeFile] {
      try FileTree.read(folder.path).filter { $0.path.hasPrefix(dataset + "/xlsx/") }.map {
        TreeFile(path: String($0.path.dropFirst(dataset.count)), bytes: $0.bytes)
      }
    }

    @Test("are written at the end of a full disk or not at all", .timeLimit(.minutes(1)))
    func fullDisk() throws {
      var random = SeededGenerator(seed: 5)
      // More than stays in memory.
      let records = (0..<1_200).map { number in
        let agent = String(random.next() as UInt64, radix: 36)
        return
          #"{"eventID":"\#(number)","eventTime":"2026-11-19T10:00:00Z","userAgent":"\#(agent)"}"#
      }
      try FileTree.write(records.joined(separator: "\n"), to: "in/a.ndjson", in: folder.path)
      let flags = ["--format", "xlsx", "--threads", "1"]
      #expect(try consolidate("whole", flags).status == 0)
      let whole = try workbooks("whole")
      var point = 1
      var failures = 0
      while true {
        let name = "full-\(point)"
        let result = try consolidate(name, flags, environment: ["TRAILMERGE_FULL_AT": "\(point)"])
        if result.status == 0 { break }
        failures += 1
        let written = try workbooks(name)
        // After the commit only the report is missing.
        #expect(result.status == (written.isEmpty ? 1 : 3), "\(point): \(result.errors)")
        #expect(written.isEmpty || written == whole, "\(point)")
        #expect((result.errors + result.output).contains("No space left on device"), "\(point)")
        point *= 2
      }
      #expect(failures > 5)
    }
  #endif
}
