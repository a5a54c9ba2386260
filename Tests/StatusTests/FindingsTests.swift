import Bytes
import CloudTrail
import Status
import Testing

struct FindingsTests {
  /// Events of one account and region on these days.
  private func findings(_ days: [Int32], others: [Int32] = []) throws -> Findings {
    var dataset = try MadeUpDataset()
    for day in days { dataset.add("012345678910", "us-east-1", day: day) }
    for day in others { dataset.add("999999999999", "us-east-1", day: day) }
    return try dataset.status().findings
  }

  @Test("a day without events between days with events is a hole")
  func hole() throws {
    let holes = try findings([0, 1, 3, 4, 7]).holes
    #expect(holes.map(\.days) == [day(2)...day(2), day(5)...day(6)])
    #expect(holes.allSatisfy { $0.account == value("012345678910") })
  }

  @Test(
    "an unbroken row, and one that is too irregular, have no holes",
    arguments: [
      ([0, 1, 2, 3] as [Int32], 0), ([0, 9], 1), ([0, 5, 9], 1), ([4], 0),
    ])
  func noHoles(days: [Int32], irregular: Int) throws {
    let findings = try findings(days)
    #expect(findings.holes.isEmpty)
    #expect(findings.unjudged.count == irregular)
  }

  @Test("an account that had events every day and has none for two days fell silent")
  func silence() throws {
    let silences = try findings([0, 1, 2, 3], others: Array(0...9)).silences
    #expect(silences.map(\.account) == [value("012345678910")])
    #expect(silences.map(\.dayCount) == [6])
    #expect(silences.map(\.region) == [nil])
    #expect(try findings([0, 1, 2, 3], others: Array(0...4)).silences.isEmpty)
  }

  @Test("a region that stops while its account goes on is named")
  func silentRegion() throws {
    var dataset = try MadeUpDataset()
    for day in Int32(0)...9 { dataset.add("012345678910", "us-east-1", day: day) }
    for day in Int32(0)...4 { dataset.add("012345678910", "eu-west-1", day: day) }
    #expect(try dataset.status().findings.silences.map(\.region) == [value("eu-west-1")])
  }

  @Test("one event from the future silences nobody")
  func future() throws {
    var dataset = try MadeUpDataset()
    for day in Int32(0)...9 { dataset.add("012345678910", "us-east-1", day: day) }
    dataset.add("999999999999", "us-east-1", day: 4000)
    try dataset.addRun(report)
    #expect(try dataset.status().findings.silences.isEmpty)
  }

  @Test("the longest gap is the longest time that no file covers")
  func longestGap() throws {
    var dataset = try MadeUpDataset()
    for day in [Int32(0), 1, 4] { dataset.add("012345678910", "us-east-1", day: day) }
    let gap = try #require(try dataset.status().matrix.rows.first?.longestGap)
    #expect(gap.from.text == "2026-11-02T23:53:20Z")
    #expect(gap.to.text == "2026-11-05T00:00:00Z")
  }
}

/// Days without events, judged by those around them.
struct NeighbourhoodTests {
  private func findings(_ days: [Int32]) throws -> Findings {
    var dataset = try MadeUpDataset()
    for day in days { dataset.add("012345678910", "us-east-1", day: day) }
    return try dataset.status().findings
  }

  @Test(
    "a stray event long before or after hides no hole", arguments: [-20_000, -300, 400] as [Int32])
  func stray(day stray: Int32) throws {
    let days = (Int32(0)...14).filter { $0 != 7 }
    let findings = try findings((days + [stray]).sorted())
    #expect(findings.holes.map(\.days) == [day(7)...day(7)])
    #expect(findings.unjudged.count == 1, "and the time up to it is not judged")
  }

  @Test("weekends without events are no holes, and a missing working day is one")
  func weekends() throws {
    let days = (Int32(0)..<42).filter { $0 % 7 < 5 && $0 != 17 }
    #expect(try findings(days).holes.map(\.days) == [day(17)...day(17)])
  }

  @Test("a row with few events has no weekly pause: days that no digest covers are one hole")
  func sparse() throws {
    var dataset = try MadeUpDataset()
    for number in [0, 10, 20] as [Int32] {
      dataset.add("012345678910", "us-east-1", day: number)
    }
    for hour in 0..<(21 * 24 + 1) where !(11 * 24...16 * 24).contains(hour) {
      dataset.add(digestOf: hour, "012345678910", "us-east-1", day: 0, isSigned: true)
    }
    let holes = try dataset.status().findings.holes.map(\.days)
    #expect(holes.count == 1 && holes[0].count >= 5, "\(holes)")
  }

  @Test("a day that digests cover from midnight to midnight is quiet", arguments: [true, false])
  func quiet(isSigned: Bool) throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...4 where number != 2 {
      dataset.add("012345678910", "us-east-1", day: number)
    }
    for hour in 0..<121 {
      dataset.add(
        digestOf: hour, "012345678910", "us-east-1", day: 0, isSigned: isSigned)
    }
    let status = try dataset.status()
    #expect(status.findings.holes.isEmpty)
    let text = StatusText(status, width: 80, hasColor: false, showsAll: false).text
    #expect(text.contains(isSigned ? "▓▓=▓▓" : "▓▓-▓▓"))
    #expect(
      csv(status).contains(
        "2026-11-03,0,0,,,false,\(isSigned ? "quiet" : "covered"),"))
    #expect(StatusPage(status).html.contains(isSigned ? "class=\"s6\"" : "class=\"s7\""))
  }

  @Test("a trail vouches for no day of another trail")
  func trails() throws {
    var dataset = try MadeUpDataset()
    for number in Int32(0)...4 where number != 2 {
      dataset.add("012345678910", "us-east-1", day: number)
    }
    for hour in 0..<121 where !(40..<72).contains(hour) {
      dataset.add(digestOf: hour, "012345678910", "us-east-1", day: 0, isSigned: true)
    }
    for hour in 0..<121 {
      dataset.add(
        digestOf: hour, "012345678910", "us-east-1", day: 0, isSigned: true, trail: "other")
    }
    let holes = try dataset.status().findings.holes.map(\.days)
    #expect(holes == [day(2)...day(2)])
  }

  @Test("a day whose digests are missing is named for that, and is no hole besides")
  func missingDigests() throws {
    var dataset = try MadeUpDataset()
    // The first of the missing digests covers the end of the third day.
    for number in Int32(0)...9 where number != 3 && number != 4 && number != 7 {
      dataset.add("012345678910", "us-east-1", day: number)
    }
    dataset.add(digest: .missing, "012345678910", "us-east-1", day: 4, count: 24)
    let status = try dataset.status()
    #expect(status.findings.holes.map(\.days) == [day(7)...day(7)])
    #expect(status.digests.total.counts.digestsMissing == 24)
  }

  @Test("every output tells the four kinds of empty day apart")
  func kinds() throws {
    var dataset = try MadeUpDataset()
    let kinds = ["us-east-1": "hole", "us-east-2": "quiet", "us-west-1": "covered"]
      .merging(["us-west-2": "uncovered"]) { kind, _ in kind }
    let account = "012345678910"
    for region in kinds.keys.sorted() {
      let days = kinds[region] == "hole" ? (Int32(0)...9).filter { $0 != 4 } : [0, 9]
      for number in days { dataset.add(account, region, day: number) }
      guard let kind = kinds[region], ["quiet", "covered"].contains(kind) else { continue }
      for hour in 0..<241 {
        dataset.add(digestOf: hour, account, region, day: 0, isSigned: kind == "quiet")
      }
    }
    let status = try dataset.status()
    let counts = ["hole": 1, "quiet": 8, "covered": 8, "uncovered": 8]
    let text = StatusText(status, width: 80, hasColor: false, showsAll: false).text
    for strip in ["▓▓▓▓!▓▓▓▓▓", "▓========▓", "▓--------▓", "▓········▓"] {
      #expect(text.contains(strip))
    }
    let json = try JSONObject(StatusData.json(status).span)
    let lines = csv(status).split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let metrics = StatusMetrics.text(status)
    let page = StatusPage(status).html
    for (kind, count) in counts {
      #expect(json.object("emptyDays")?.integer(kind) == count)
      #expect(lines.count { kinds[$0[2]] == kind && $0[9] == kind } == count)
      #expect(metrics.contains("kind=\"\(kind)\"} \(count)\n"))
    }
    #expect(
      metrics.contains("trailmerge_status_unjudged_dates{job_name=") && metrics.contains("\"} 8"))
    for row in try #require(json.array("matrix")) {
      let row = try JSONObject(row.span)
      let kind = try #require(row.string("region").flatMap { kinds[$0] })
      #expect(row.strings(kind + "Days")?.count == counts[kind])
    }
    for tip in [
      ": 0 events, a hole", ", vouched for by", ", digests do not", ": 0 events, no digest",
    ] {
      #expect(page.contains(tip))
    }
  }
}
