import Bytes
import CloudTrail
import Dataset
import Status
import Testing

@Suite("What the status says, and what it does not")
struct StatusWordsTests {
  private let account = "012345678910"

  private func text(_ status: Status) -> String {
    StatusText(status, width: 100, hasColor: false, showsAll: true).text
  }

  private func line(_ start: String, of status: Status) -> String? {
    text(status).split(separator: "\n").map(String.init).first { $0.hasPrefix(start) }
  }

  // MARK: Days that the job leaves out

  /// Ten days with events of which the digests of the third are missing, and a trail that brought a row of
  /// the first two days only.
  private func grown(selecting job: [String]) throws -> MadeUpDataset {
    var dataset = try MadeUpDataset()
    dataset.job = job
    let first = job.isEmpty ? Int32(0) : 5
    for number in Int32(0)...9 {
      dataset.add(account, "us-east-1", day: number, records: number < first ? 0 : 10)
    }
    dataset.add("999999999999", "us-east-1", day: 1, records: job.isEmpty ? 10 : 0)
    for hour in 0..<241 where !(48..<72).contains(hour) {
      dataset.add(
        digestOf: hour, account, "us-east-1", day: 0, isSigned: false, namesMissing: true)
    }
    return dataset
  }

  @Test("days before a raised start are neither judged nor shown, and their files do not count")
  func raisedStart() throws {
    let before = try grown(selecting: []).status()
    #expect(before.digests.total.counts.digestsMissing == 24)
    let after = try grown(selecting: ["select.from: 2026-11-06"]).status()
    #expect(after.digests.total.counts.digestsMissing == 0)
    #expect(line("holds", of: after)?.contains("from 5 files, 1 account, 1 region") == true)
    #expect(text(after).contains("  2026-11-06 to 2026-11-10, a day a step\n"))
    #expect(!text(after).contains("2026-11-03") && !StatusPage(after).html.contains("2026-11-03"))
    let days = csv(after).split(separator: "\r\n").dropFirst().compactMap {
      $0.split(separator: ",").dropFirst(3).first
    }
    #expect(days == ["2026-11-06", "2026-11-07", "2026-11-08", "2026-11-09", "2026-11-10"])
    let json = try JSONObject(StatusData.json(after).span)
    #expect(json.integer("accounts") == 1 && json.integer("files") == 5)
    #expect(json.object("emptyDays")?.integer("uncovered") == 0)
  }

  @Test("of a stretch of missing digests the part that is selected is told")
  func partOfStretch() throws {
    let status = try grown(selecting: ["select.from: 2026-11-03T12:00:00Z"]).status()
    #expect(status.digests.total.counts.digestsMissing == 24, "the day is selected in part")
    var dataset = try MadeUpDataset()
    dataset.job = ["select.from: 2026-11-04"]
    for number in Int32(3)...6 { dataset.add(account, "us-east-1", day: number) }
    for hour in 0..<168 where !(48..<96).contains(hour) {
      dataset.add(
        digestOf: hour, account, "us-east-1", day: 0, isSigned: false, namesMissing: true)
    }
    let missing = try dataset.status().digests
    #expect((23...25).contains(missing.total.counts.digestsMissing))
    #expect(missing.digests.allSatisfy { $0.start.map { $0.text >= "2026-11-04" } ?? true })
  }

  @Test(
    "a start that moves with the clock leaves nothing out, since the dataset keeps what it took")
  func relativeStart() throws {
    let status = try grown(selecting: ["select.from: 7d"]).status()
    #expect(status.digests.total.counts.digestsMissing == 24)
  }

  @Test("days from the end of the selection on are no days without events")
  func end() throws {
    var dataset = try MadeUpDataset()
    dataset.job = ["select.to: 2026-11-06"]
    for number in Int32(0)...4 { dataset.add(account, "us-east-1", day: number) }
    var late = LedgerEntry(path: "mirror/late.json.gz", byteCount: 1, outcome: .read)
    (late.account, late.region) = (value(account), value("us-east-1"))
    dataset.add(late, day: day(6))
    let lines = csv(try dataset.status()).split(separator: "\r\n")
    #expect(
      lines.last?.hasPrefix("events,012345678910,us-east-1,2026-11-07,1,0,,,false,not selected")
        == true)
  }

  // MARK: Rows and kinds

  @Test("every line of the CSV has a kind, and JSON the same days")
  func everyKind() throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...9 { dataset.add(account, "us-east-1", day: number) }
    for number in Int32(0)...3 { dataset.add("999999999999", "us-east-1", day: number) }
    for hour in 0..<400 {
      dataset.add(digestOf: hour, account, "us-east-1", day: 0, isSigned: true)
    }
    var late = LedgerEntry(path: "mirror/late.json.gz", byteCount: 1, outcome: .read)
    (late.account, late.region) = (value(account), value("us-east-1"))
    dataset.add(late, day: day(12))
    let status = try dataset.status()
    let kinds = csv(status).split(separator: "\r\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false)[9]
    }
    #expect(Set(kinds) == ["events", "uncovered", "quiet"])
    #expect(kinds.count { $0 == "quiet" } == 1 && kinds.count { $0 == "uncovered" } == 6)
    let counts = try #require(try JSONObject(StatusData.json(status).span).object("emptyDays"))
    #expect(counts.integer("quiet") == 1 && counts.integer("uncovered") == 6)
  }

  @Test("rows without records are in every output, and accounts are counted alike")
  func emptyRow() throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...3 { dataset.add(account, "us-east-1", day: number) }
    var entry = LedgerEntry(path: "mirror/x.json.gz", byteCount: 1, outcome: .read)
    (entry.account, entry.region) = (value("999999999999"), value("eu-west-1"))
    dataset.add(entry, day: day(2))
    let status = try dataset.status()
    #expect(line("999999999999 eu-west-1", of: status)?.hasSuffix("        0  ····") == true)
    #expect(line("holds", of: status)?.contains("from 4 files, 2 accounts, 2 regions") == true)
    #expect(csv(status).contains("\r\nevents,999999999999,eu-west-1,"))
    let json = try JSONObject(StatusData.json(status).span)
    #expect(json.integer("accounts") == 2 && json.array("matrix")?.count == 2)
    let page = StatusPage(status).html
    #expect(page.contains("<title>999999999999 eu-west-1: 0 events, 1 file</title>"))
    #expect(page.contains("<b>2</b><span>accounts</span>"))
  }

  // MARK: Nothing to judge by

  @Test("a dataset without records has no holes and no silence to tell of, and is not called well")
  func empty() throws {
    let dataset = try MadeUpDataset()
    try dataset.addRun(report)
    let status = try dataset.status()
    #expect(text(status).contains("\nno events: nothing to judge holes by\n"))
    #expect(!text(status).contains("no holes"))
    let page = StatusPage(status).html
    #expect(page.contains("there is nothing to judge by") && !page.contains("all is well"))
  }

  @Test("days around two events are not judged, nor is the time after them")
  func twoEvents() throws {
    var dataset = try MadeUpDataset()
    for number in [0, 2] as [Int32] { dataset.add("999999999999", "us-east-1", day: number) }
    for number in Int32(0)...9 { dataset.add(account, "us-east-1", day: number) }
    try dataset.addRun(report)
    let status = try dataset.status()
    #expect(status.findings.holes.isEmpty && status.findings.silences.isEmpty)
    let words = "\n999999999999 us-east-1: 8 empty days from 2026-11-02 to 2026-11-10 not judged: "
    #expect(text(status).contains(words + "too few days with events\n"))
    #expect(text(status).contains("\nno holes where there is enough to judge by\n"))
    #expect(StatusPage(status).html.contains("Of 1 account and region there is too little to say."))
  }

  // MARK: Words

  @Test("two trails of an account and region are told apart by their names")
  func trails() throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...3 { dataset.add(account, "us-east-1", day: number) }
    for trail in ["main", "second"] {
      dataset.add(digest: .missing, account, "us-east-1", day: 1, count: 5, name: trail)
    }
    let status = try dataset.status()
    #expect(text(status).contains(": up to 10 digests missing (trails main, second)\n"))
    let page = StatusPage(status).html
    for trail in ["main", "second"] {
      #expect(page.contains("us-east-1 \(trail), 2026-11-02 00:00 to 06:00 UTC (up to 5)"))
    }
    let trails = try #require(try JSONObject(StatusData.json(status).span).array("invalidDigests"))
      .map { try JSONObject($0.span).string("trail") }
    #expect(trails == ["main", "second"])
  }

  @Test("what is exact is not called the most that it may be")
  func exact() throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...3 { dataset.add(account, "us-east-1", day: number) }
    for number in [1, 2] as [Int32] {
      dataset.add(digest: .missing, account, "us-east-1", day: number)
    }
    let status = try dataset.status()
    #expect(line("digests", of: status) == "digests   2 missing")
    #expect(StatusPage(status).html.contains("<strong>2 digests are missing</strong>"))
  }

  @Test("a time that nobody knows is null in JSON, and no key is left out")
  func unknownTimes() throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...3 { dataset.add(account, "us-east-1", day: number) }
    for hour in [0, 1, 5, 6] {
      dataset.add(digestOf: hour, account, "us-east-1", day: 0, isSigned: false, namesMissing: true)
    }
    let digests = try #require(
      try JSONObject(StatusData.json(try dataset.status()).span).array("invalidDigests"))
    #expect(digests.count == 2)
    for digest in digests {
      let digest = try JSONObject(digest.span)
      #expect(digest.keys.contains("start") && digest.keys.contains("end"))
      #expect(digest.integer("count") != nil && digest.string("trail") == "main")
      #expect(digest.boolean("named") == (digest.raw("start") == nil))
    }
  }

  @Test("one thing is not called by its plural")
  func plurals() throws {
    var dataset = try MadeUpDataset()
    dataset.add(account, "us-east-1", day: 0, records: 1)
    dataset.add(digest: .missing, account, "us-east-1", day: 0)
    dataset.add(.missing, account, "us-east-1", day: 0)
    try dataset.addRun(report)
    let status = try dataset.status()
    for output in [text(status), StatusPage(status).html] {
      let wrong = output.matches(
        of:
          /\b1( |<\/b><span>)(records|files|accounts|regions|days|events|digests|holes|logs|conflicts)\b/
      )
      #expect(wrong.isEmpty, "\(wrong.map(\.0))")
    }
  }

  @Test("the legend has the signs that are drawn, and no other")
  func legend() throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...9 { dataset.add(account, "us-east-1", day: number) }
    let plain = try dataset.status()
    #expect(line("events:", of: plain) == "events: as usual: ▓")
    #expect(line("no events:", of: plain) == nil)
    let page = StatusPage(plain).html
    #expect(page.contains(" as usual</span>") && !page.contains(" far more</span>"))
    #expect(!page.contains(" a hole: none"))
    for number in Int32(0)...9 where number != 4 {
      dataset.add("999999999999", "us-east-1", day: number)
    }
    #expect(line("no events:", of: try dataset.status()) == "no events: a hole: !")
  }

  @Test("text and page tell one time of the last run, by one word")
  func time() throws {
    var dataset = try MadeUpDataset()
    dataset.add(account, "us-east-1", day: 0)
    try dataset.addRun(report)
    let status = try dataset.status()
    #expect(
      line("last run", of: status)?.contains("started 2026-11-20T02:00:03Z, took 12.3 s,") == true)
    #expect(StatusPage(status).html.contains("started 2026-11-20 02:00:03 UTC, took 12.3 s,"))
  }

  @Test("digests are counted by what was checked of them", arguments: [true, false])
  func digestCounts(isSigned: Bool) throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...3 { dataset.add(account, "us-east-1", day: number) }
    for hour in 0..<48 {
      dataset.add(digestOf: hour, account, "us-east-1", day: 0, isSigned: isSigned)
    }
    let status = try dataset.status()
    let total = try #require(try JSONObject(StatusData.json(status).span).object("digests"))
    #expect(total.integer("digestsVerified") == (isSigned ? 47 : 0))
    #expect(total.integer("digestsLinked") == (isSigned ? 0 : 47))
    #expect(total.integer("digestsNewest") == 1)
    let name = isSigned ? "digestsVerified" : "digestsLinked"
    #expect(StatusMetrics.text(status).contains("status=\"\(name)\"} 47\n"))
    #expect(text(status).contains("verified") == isSigned)
    #expect(text(status).contains("no public keys: no signature was checked") != isSigned)
    let page = StatusPage(status).html
    #expect(page.contains("<td>verified</td><td class=\"n\">47</td>") == isSigned)
    #expect(
      page.contains("(the next digest names the hash)</td><td class=\"n\">47</td>") != isSigned)
  }
}
