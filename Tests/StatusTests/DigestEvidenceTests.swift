import Bytes
import CloudTrail
import Dataset
import Status
import TestSupport
import Testing

@Suite("What the digests say, in the status")
struct DigestEvidenceTests {
  private let account = "012345678910"

  /// Four days with events: on the second a file is absent and one altered, on the third digests are
  /// missing, and on the last day files are in no digest.
  private func dataset() throws -> MadeUpDataset {
    var dataset = try MadeUpDataset()
    for day in Int32(0)...3 {
      dataset.add(account, "us-east-1", day: day)
      dataset.add("999999999999", "us-east-1", day: day)
      dataset.add(.verified, account, "us-east-1", day: day)
      dataset.add(.verified, "999999999999", "us-east-1", day: day)
    }
    dataset.add(.missing, account, "us-east-1", day: 1)
    dataset.add(.mismatch, account, "us-east-1", day: 1)
    dataset.add(.hashOK, account, "us-east-1", day: 1)
    dataset.add(digest: .missing, account, "us-east-1", day: 2, count: 3)
    dataset.add(digest: .altered, account, "us-east-1", day: 2)
    dataset.add(.noDigest, account, "us-east-1", day: 3, coverage: .covered)
    dataset.add(.noDigest, account, "us-east-1", day: 3, coverage: .pending)
    try dataset.addRun(report.replacing("\"exit\":3", with: "\"exit\":0"))
    return dataset
  }

  private func text(_ status: Status) -> String {
    StatusText(status, width: 80, hasColor: false, showsAll: false).text
  }

  @Test("one line sums them up, and each day that does not agree has a line and a cross")
  func lines() throws {
    let text = text(try dataset().status())
    #expect(
      text.contains(
        "\ndigests   1 invalid, up to 3 missing\nlogs      8 verified, 1 with an unchecked signature, "
          + "1 absent, 1 altered or unreadable, 1 with no digest though digests cover their time, "
          + "1 with no digest yet\n"))
    #expect(
      text.contains(
        """
        2 delivery days with files or digests absent or altered:
        012345678910 us-east-1 2026-11-02: 1 listed file absent, 1 file altered or unreadable
        012345678910 us-east-1 2026-11-03: up to 3 digests missing, 1 digest invalid (trail main)
        altered or unreadable: AWSLogs/012345678910/CloudTrail/us-east-1/x-10.json.gz: x
        absent: s3://b/AWSLogs/012345678910/CloudTrail/us-east-1/x-9.json.gz
        digest altered: main.json.gz: main
        digest missing: 012345678910 us-east-1 main: up to 3, 2026-11-03 00:00 to 04:00 UTC

        """))
    let strip = try #require(text.split(separator: "\n").first { $0.hasPrefix("012345678910") })
    #expect(strip.hasSuffix("▓××▓"))
    #expect(text.contains("absent or altered: ×\n"))
  }

  @Test("what is wrong with a digest is said in words", arguments: DigestVerdict.allCases)
  func words(verdict: DigestVerdict) throws {
    guard verdict.isInvalid else { return }
    var dataset = try dataset()
    dataset.add(digest: verdict, account, "us-east-1", day: 2)
    let status = try dataset.status()
    for code in ["invalidFormat", "keyNotFound", "unvouched"] {
      #expect(!text(status).contains(code) && !StatusPage(status).html.contains(code))
    }
  }

  @Test("what is altered is named, however much is absent")
  func crowd() throws {
    var dataset = try dataset()
    for _ in 0..<1100 { dataset.add(.missing, account, "us-east-1", day: 1) }
    let status = try dataset.status()
    #expect(
      text(status).contains(
        "\naltered or unreadable: AWSLogs/012345678910/CloudTrail/us-east-1/x-10.json"))
    #expect(
      text(status).contains("\n… and more: trailmerge status --format json names 1,000 of each\n"))
    let page = StatusPage(status).html
    #expect(page.contains("<strong>altered or unreadable</strong> <code>AWSLogs/012345678910/"))
    #expect(page.contains("and 1,002 more"))
    let names = try #require(try JSONObject(StatusData.json(status).span).array("invalidLogs"))
    #expect(names.count == 1001)
  }

  @Test("a file whose digest nothing vouches for is not called verified")
  func uncheckedSignatures() throws {
    var dataset = try MadeUpDataset()
    dataset.add(account, "us-east-1", day: 0)
    dataset.add(.hashOK, account, "us-east-1", day: 0)
    let page = StatusPage(try dataset.status()).html
    #expect(page.contains("<b>0</b><span>verified</span>"))
    #expect(page.contains("<b>1</b><span>hash ok</span><small>signature unchecked</small>"))
  }

  @Test("a dataset that was never validated looks as if there were no such thing")
  func neverValidated() throws {
    var dataset = try MadeUpDataset()
    dataset.add(account, "us-east-1", day: 0)
    try dataset.addRun(report)
    let status = try dataset.status()
    #expect(!text(status).contains("digest"))
    #expect(!String(decoding: StatusData.json(status), as: UTF8.self).contains("digest"))
    #expect(csv(status).split(separator: "\r\n")[1].hasSuffix(",false,events,,,,,,,,,,,"))
    #expect(!StatusPage(status).html.contains("<h2>Digests"))
  }

  @Test("an account whose files are all absent is in the picture all the same")
  func everythingAbsent() throws {
    var dataset = try dataset()
    dataset.add(.missing, "555555555555", "eu-west-1", day: 2)
    let status = try dataset.status()
    #expect(text(status).contains("555555555555 eu-west-1        0  ··×·"))
    #expect(
      csv(status).contains("events,555555555555,eu-west-1,2026-11-03,0,0,,,false,uncovered,1,"))
    #expect(
      StatusPage(status).html.contains("555555555555 eu-west-1, 2026-11-03: 1 listed file absent"))
  }

  @Test("listed files that were read when nobody kept their hashes are counted")
  func unchecked() throws {
    var dataset = try dataset()
    for day in Int32(0)...3 { dataset.add(.notChecked, account, "us-east-1", day: day) }
    #expect(text(try dataset.status()).contains(", 4 not checked\n"))
  }

  @Test("JSON and CSV have the counts of each account, region and day")
  func data() throws {
    let status = try dataset().status()
    let object = try JSONObject(StatusData.json(status).span)
    let total = try #require(object.object("digests"))
    #expect(total.integer("listed") == 11)
    #expect(total.integer("verified") == 8)
    #expect(total.integer("noDigest") == 2 && total.integer("noDigestCovered") == 1)
    #expect(total.integer("digestsMissing") == 3)
    #expect(object.array("invalidLogs")?.count == 2)
    #expect(object.array("invalidDigests")?.count == 2)
    let first = try #require(object.array("matrix")?.first)
    let row = try JSONObject(first.span)
    let second = try #require(row.array("days")?[1])
    let day = try JSONObject(second.span)
    #expect(day.object("digests")?.integer("mismatch") == 1)

    let lines = csv(status).split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let names = lines[0].map(String.init)
    let cells = lines[2]
    func cell(_ name: String) -> Substring? { names.firstIndex(of: name).map { cells[$0] } }
    #expect(cell("dt") == "2026-11-02" && cell("listed") == "4" && cell("missing") == "1")
    #expect(cell("mismatch") == "1" && cell("hashOK") == "1" && cell("unchecked") == "0")
  }

  @Test("the page puts them first, marks the days by a shape, and names the files")
  func page() throws {
    let page = StatusPage(try dataset().status()).html
    let findings = try #require(page.firstRange(of: "<ol class=\"findings\">"))
    #expect(
      page[findings.upperBound...].hasPrefix("<li class=\"bad\"><strong>1 log file is not what"))
    #expect(page.ranges(of: "<g><path class=\"halo\"").count == 2)
    #expect(
      page.contains(
        "012345678910 us-east-1, 2026-11-02: 1 listed file absent, 1 file altered or unreadable"))
    #expect(page.contains("<strong>absent</strong> <code>s3://b/AWSLogs/012345678910/"))
    #expect(page.contains("<strong>altered or unreadable</strong> <code>AWSLogs/012345678910/"))
    #expect(page.contains("up to 3 missing"))
    #expect(page.contains("<strong>Up to 3 digests are missing</strong>"))
    #expect(page.contains("<td>missing</td><td class=\"n\">up to 3</td>"))
    #expect(page.contains("012345678910 us-east-1 main, 2026-11-03 00:00 to 04:00 UTC (up to 3)"))
    #expect(page.contains("altered: 012345678910 us-east-1 main, 2026-11-03 00:00 to 02:00 UTC"))
    #expect(page.contains("needs attention"))
  }

  @Test("missing digests are spread over the days that they were to cover")
  func longGap() throws {
    var dataset = try dataset()
    dataset.add(digest: .missing, "999999999999", "us-east-1", day: 0, count: 71)
    let rows = try dataset.status().matrix.rows.filter { $0.account == value("999999999999") }
    #expect(rows.first?.days.map { $0.digests?.digestsMissing } == [23, 24, 24, 0])
  }

  @Test("digests from made-up times neither hang nor spoil the picture")
  func absurdTimes() throws {
    var dataset = try dataset()
    dataset.add(digest: .missing, account, "us-east-1", day: 0, count: 1 << 40)
    dataset.add(.missing, account, "us-east-1", day: 100_000)
    let text = text(try dataset.status())
    #expect(text.contains("2026-11-01 to 2026-11-04, a day a step"))
    #expect(text.contains("us-east-1 2300-08-17: 1 listed file absent"))
  }

  @Test("damaged evidence is named, and the rest is shown")
  func damaged() throws {
    var dataset = try MadeUpDataset()
    for hour in 0..<48 { dataset.add(digestOf: hour, account, "us-east-1", day: 0, isSigned: true) }
    let whole = text(try dataset.status())
    #expect(whole.contains("\ndigests   47 verified, 1 newest (nothing signs it yet)\n"))
    #expect(!whole.contains("no public keys"), "they were there when the digests were read")
    try FileTree.write(
      Array("{\"path\":\"a\"".utf8), to: "_trailmerge/digests/2026-11-02.ndjson",
      in: dataset.folder.path)
    let status = try Status(Path(dataset.folder.path))
    #expect(
      text(status).contains("2026-11-02.ndjson has other bytes than were committed"))
    #expect(StatusPage(status).html.contains("Damaged evidence"))
  }

  @Test(
    "names from digests stay text",
    arguments: ["<script>alert(1)</script>", "'><img src=x>", "\u{1B}[31mred", "\u{202E}gnp.exe"])
  func hostile(name: String) throws {
    var dataset = try dataset()
    dataset.add(.missing, name, name, day: 1, name: name)
    dataset.add(.mismatch, name, name, day: 1, name: name)
    dataset.add(digest: .altered, name, name, day: 1, name: name)
    dataset.add(digest: .missing, name, name, day: 1, count: 2, name: name)
    let status = try dataset.status()
    for output in [text(status), csv(status, isForTerminal: true), StatusPage(status).html] {
      #expect(!output.contains("\u{1B}") && !output.contains("\u{202E}"))
    }
    let page = StatusPage(status).html
    #expect(!page.contains("<script") && !page.contains("<img"))
    #expect(!String(decoding: StatusData.json(status), as: UTF8.self).contains("\u{1B}"))
  }
}
