import Bytes
import Dataset
import Status
import Testing

struct StatusTextTests {
  /// 90 days with a hole, under the widest names that are usual.
  private func status() throws -> Status {
    var dataset = try MadeUpDataset()
    for day in Int32(0)...89 where day != 40 {
      dataset.add("012345678910", "ap-southeast-2", day: day)
    }
    try dataset.addRun(report)
    return try dataset.status()
  }

  @Test("every line of the matrix fits the terminal", arguments: [60, 80, 200])
  func fits(width: Int) throws {
    let text = StatusText(try status(), width: width, hasColor: false, showsAll: false).text
    let strip = try #require(text.split(separator: "\n").first { $0.hasPrefix("012345678910") })
    #expect(strip.count <= width)
    #expect(strip.contains("!"))
  }

  @Test("a hole has a line of its own, and the balance closes before the reader's eyes")
  func lines() throws {
    let text = StatusText(try status(), width: 80, hasColor: false, showsAll: false).text
    #expect(text.contains("\n012345678910 ap-southeast-2 2026-12-11\n"))
    #expect(text.contains("9 found = 5 read + 2 already read + 1 skipped: hidden + 1 failed\n"))
    #expect(text.contains("50 in = 40 written + 10 duplicates\n"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test("colours are used only when they are wanted")
  func colors() throws {
    let text = StatusText(try status(), width: 80, hasColor: true, showsAll: false).text
    #expect(text.contains("\u{1B}[31m!"))
  }

  @Test("of many rows those with a hole are shown")
  func manyRows() throws {
    var dataset = try MadeUpDataset()
    for account in 0..<100 {
      for day in Int32(0)...3 where account != 77 || day != 2 {
        dataset.add(String(100_000_000_000 + account), "us-east-1", day: day, records: 1)
      }
    }
    let status = try dataset.status()
    let short = StatusText(status, width: 80, hasColor: false, showsAll: false).text
    #expect(short.contains("100000000077 us-east-1"))
    #expect(short.contains("… and 60 more: --all shows them"))
    let long = StatusText(status, width: 80, hasColor: false, showsAll: true).text
    #expect(long.contains("100000000099 us-east-1"))
  }

  @Test("terminal escapes in names are shown, not sent")
  func escapes() throws {
    var dataset = try MadeUpDataset()
    dataset.add("\u{1B}[31mred", "\u{202E}side", day: 0)
    let text = StatusText(try dataset.status(), width: 80, hasColor: false, showsAll: false).text
    #expect(text.contains(#"\x1b[31mred \xe2\x80\xaeside"#))
  }

  @Test("the JSON is one object whose rows and holes a program can count")
  func json() throws {
    let object = try JSONObject(StatusData.json(try status()).span)
    #expect(object.integer("records") == 890)
    let first = try #require(object.array("matrix")?.first)
    let row = try JSONObject(first.span)
    #expect(row.array("days")?.count == 89)
    #expect(row.object("longestGap")?.string("to") == "2026-12-12T00:00:00Z")
    #expect(object.array("holes")?.count == 1)
    #expect(object.object("lastRun")?.object("files")?.integer("failed") == 1)
  }

  @Test("the CSV has a row for every day, holes too, and no formula")
  func everyDay() throws {
    var dataset = try MadeUpDataset()
    for day in [Int32(0), 1, 3] { dataset.add("=1+1", "a,\"b\"", day: day) }
    let lines = csv(try dataset.status()).split(separator: "\r\n")
    #expect(lines.count == 5)
    #expect(lines[1].hasPrefix("events,'=1+1,\"a,\"\"b\"\"\",2026-11-01,1,10,2026-11-01T00:00:00Z"))
    #expect(lines[3] == "events,'=1+1,\"a,\"\"b\"\"\",2026-11-03,0,0,,,true,hole,,,,,,,,,,,")
  }

  @Test(
    "the CSV defuses formulas by the rule of every other CSV",
    arguments: [
      (" =1+1", "' =1+1"), ("\u{3000}@x", "'\u{3000}@x"), ("＝1", "'＝1"), ("\t=1", "' =1"),
      ("a=1", "a=1"), ("\u{202E}=1", "' =1"), ("a\u{2066}b\u{200B}", "a b "), ("é\u{E0041}", "é "),
      ("- ,", #""'- ,""#), ("a;=1", #""a;'=1""#), ("a\r\nb\u{1B}[31m", "a b [31m"),
      ("\u{85}b", " b"),
    ])
  func formulas(region: String, cell: String) throws {
    var dataset = try MadeUpDataset()
    dataset.add("012345678910", region, day: 0)
    #expect(csv(try dataset.status()).contains("\r\nevents,012345678910,\(cell),2026"))
  }

  @Test("on a terminal names in the CSV are shown, not obeyed")
  func terminal() throws {
    var dataset = try MadeUpDataset()
    dataset.add("\u{1B}[31mred", "\u{202E}side", day: 0)
    let text = csv(try dataset.status(), isForTerminal: true)
    #expect(
      text.contains(
        #"\r\nevents,\x1b[31mred,\xe2\x80\xaeside,2026"#.replacing(#"\r\n"#, with: "\r\n")))
  }

  @Test("the last run is the last one, even of many in one second, and its notes are shown")
  func lastRun() throws {
    var dataset = try MadeUpDataset()
    dataset.add("012345678910", "us-east-1", day: 0)
    for copy in 1...11 {
      let run = report.replacing("\"notes\":[]", with: "\"notes\":[\"run \(copy)\"]")
      try dataset.addRun(run, name: "2026-11-20T020003Z" + (copy == 1 ? "" : "-\(copy)"))
    }
    let status = try dataset.status()
    let text = StatusText(status, width: 80, hasColor: false, showsAll: false).text
    #expect(text.contains("\nnote      run 11\n") && !text.contains("run 10"))
    #expect(StatusPage(status).html.ranges(of: "2026-11-20 02:00:03 UTC</td>").count == 11)
  }

  @Test("files that gave no records are not among those that the records are from")
  func filesOfRecords() throws {
    var dataset = try MadeUpDataset()
    dataset.add("012345678910", "us-east-1", day: 0)
    for outcome in [LedgerEntry.Outcome.noRecord, .failed] {
      dataset.add(
        LedgerEntry(path: Path("\(outcome).json"), byteCount: 1, outcome: outcome),
        day: firstDay)
    }
    let status = try dataset.status()
    #expect(
      StatusText(status, width: 80, hasColor: false, showsAll: false).text
        .contains("records from 1 file, 1 account"))
  }
}
