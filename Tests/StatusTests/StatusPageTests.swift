import Bytes
import CloudTrail
import Dataset
import Status
import Testing

struct StatusPageTests {
  private static let hostileNames = [
    "<script>alert(1)</script>", "\"onload=\"alert(1)", "'><img src=x>", "\u{1B}[31mred",
    "\u{202E}gnp.exe", "a&b",
  ]

  @Test("hostile names stay text, wherever they are", arguments: hostileNames)
  func hostile(name: String) throws {
    var dataset = try MadeUpDataset()
    for day in [Int32(0), 1, 3, 4] { dataset.add(name, name, day: day) }
    var failed = LedgerEntry(
      path: Path("\(name)/x.gz"), byteCount: 1, outcome: .failed)
    failed.reason = name
    dataset.add(failed, day: firstDay)
    var quoted = ByteBuffer()
    JSONText.appendQuoted(name, to: &quoted)
    try dataset.addRun(report.replacing("\"nightly\"", with: quoted.bytes.text()))
    var status = try dataset.status()
    var census = Census()
    census.recordCount = 1
    census.events = [name: 1]
    census.errors[value(name)] = Census.Errors(
      recordCount: 1, errorCount: 1, codes: [name: 1])
    status.take(census)
    let page = StatusPage(status).html
    #expect(!page.contains("<script"))
    #expect(!page.contains("<img"))
    #expect(!page.contains("\"onload"))
    #expect(!page.contains("\u{1B}"))
    #expect(!page.contains("\u{202E}"))
    #expect(!page.contains(" a&b"))
  }

  @Test("the page asks for nothing from elsewhere")
  func selfContained() throws {
    var dataset = try MadeUpDataset()
    dataset.add("012345678910", "us-east-1", day: 0)
    let page = StatusPage(try dataset.status()).html
    for word in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
      #expect(!page.contains(word), "\(word)")
    }
    #expect(page.contains("script-src &#39;none&#39;"))
    #expect(page.contains("prefers-color-scheme:dark"))
  }

  @Test("what is missing comes first on the page")
  func attention() throws {
    var dataset = try MadeUpDataset()
    for day in [Int32(0), 1, 3] { dataset.add("012345678910", "us-east-1", day: day) }
    let page = StatusPage(try dataset.status()).html
    #expect(page.contains("1 day without events between days with events"))
    #expect(page.contains("needs attention"))
    #expect(page.contains("<path class=\"s1\""))

    var whole = try MadeUpDataset()
    for day in Int32(0)...3 { whole.add("012345678910", "us-east-1", day: day) }
    try whole.addRun(report.replacing("\"exit\":3", with: "\"exit\":0"))
    #expect(StatusPage(try whole.status()).html.contains("all is well"))
  }

  /// Few for a large page, and enough for a row an account, a path a shade and crosses drawn as one.
  @Test("125 accounts and a quarter stay a page of moderate size")
  func large() throws {
    let accounts = (0..<125).map { String(100_000_000_000 + $0) }
    var dataset = try MadeUpDataset()
    for (number, account) in accounts.enumerated() {
      for day in Int32(0)..<90 where (Int(day) + number) % 7 != 0 {
        dataset.add(account, "us-east-1", day: day, records: 1)
      }
    }
    let page = StatusPage(try dataset.status()).html
    #expect(page.utf8.count < 320_000)
    #expect(page.contains("A row is an account with all its regions"))

    // The same with nothing but absent files by the digests.
    for account in accounts {
      for day in Int32(0)..<90 { dataset.add(.missing, account, "us-east-1", day: day) }
    }
    #expect(StatusPage(try dataset.status()).html.utf8.count < 730_000)
  }
}
