import Bytes
import CloudTrail
import Reading
import TestSupport
import Testing

/// CloudTrail's keys: what the place and the name of a file say (the User Guide, "Finding your
/// CloudTrail log files").
struct PathFactsTests {
  private static let account = "012345678910"
  private static let region = "eu-west-1"
  private static let organization = "o-ab12cd34ef"
  /// 2026-11-19.
  private static let day = Day(daysSince1970: 20_776)

  private static let families: [(folder: String, family: Family)] = [
    ("CloudTrail", .events), ("CloudTrail-Insight", .insight),
    ("CloudTrail-NetworkActivity", .networkActivity), ("CloudTrail-Aggregated", .aggregated),
  ]

  /// What may be before `<account>/<kind>/…`, and the organization that it names.
  private static let tops: [(path: String, organization: String?)] = [
    ("AWSLogs", nil), ("prefix/AWSLogs", nil), ("any/prefix/of/parts/AWSLogs", nil),
    ("AWSLogs/\(organization)", organization), ("prefix/AWSLogs/\(organization)", organization),
    ("\(organization)/AWSLogs", organization),
    ("\(organization)/AWSLogs/\(organization)", organization),
    ("AWSLogs/backup/AWSLogs/\(organization)", organization),
  ]

  private static func name(
    _ kind: String, account: String = account, region: String = region, separator: String = "_"
  ) -> String {
    "\(account)_\(kind)_\(region)_20261119T0805Z\(separator)AbCdEfGh01234567.json.gz"
  }

  private static func key(
    _ top: String, _ kind: String, account: String = account, region: String = region
  ) -> String {
    "\(top)/\(account)/\(kind)/\(region)/2026/11/19/"
      + name(kind, account: account, region: region)
  }

  private func facts(_ path: String) -> PathFacts { PathFacts(ofFileAt: Path(path)) }

  /// How the facts of a path differ from those of a log file; nil if they do not.
  private func fault(
    _ path: String, family: Family = .events, account: String? = account,
    region: String? = region, day: Day? = day
  ) -> String? {
    let facts = facts(path)
    let found = (
      kind: facts.kind, account: facts.account?.encoded.span.text(),
      region: facts.region?.encoded.span.text(), day: facts.delivery
    )
    if found.kind != .log(family) { return "is \(found.kind), expected a log of \(family)" }
    if found.account != account { return "account is \(found.account ?? "nil")" }
    if found.region != region { return "region is \(found.region ?? "nil")" }
    return found.day == day ? nil : "day is \(found.day.map(\.description) ?? "nil")"
  }

  // MARK: Layouts

  @Test func `every layout of every family says account, region, day and organization`() {
    for (folder, family) in Self.families {
      #expect(
        faults("top", in: Self.tops) { top in
          let key = Self.key(top.path, folder)
          if let fault = fault(key, family: family) { return "\(key) \(fault)" }
          let organization = facts(key).organization
          return organization == top.organization
            ? nil : "\(key): organization is \(organization ?? "nil")"
        } == [])
    }
  }

  @Test func `a mirror may be rooted at any level of the tree`() {
    for (folder, family) in Self.families {
      let segments = Self.key("prefix/AWSLogs/\(Self.organization)", folder)
        .split(separator: "/").map(String.init)
      #expect(
        faults("without the first", in: 0..<segments.count) { count in
          for root in ["", "/", "/data/my mirror/", "/2026/11/19/"] {
            let path = root + segments[count...].joined(separator: "/")
            if let fault = fault(path, family: family) { return "\(path) \(fault)" }
          }
          return nil
        } == [])
    }
  }

  @Test(arguments: [
    "us-east-1", "ap-southeast-7", "us-gov-west-1", "cn-northwest-1", "eusc-de-east-1",
    "us-iso-east-1", "us-isob-east-1", "mx-central-1", "il-central-1",
  ])
  func `regions of every partition are regions`(region: String) {
    let key = Self.key("AWSLogs", "CloudTrail", region: region)
    #expect(fault(key, region: region) == nil)
    #expect(fault(Self.name("CloudTrail", region: region), region: region) == nil)
  }

  @Test(arguments: ["012345678910", "000000000000", "999999999999", "emulated"])
  func `an account is text, with all its digits, and need not be digits`(account: String) {
    #expect(fault(Self.key("AWSLogs", "CloudTrail", account: account), account: account) == nil)
    #expect(fault(Self.name("CloudTrail", account: account), account: account) == nil)
  }

  // MARK: Names

  @Test func `a name alone says all, with or without the second underscore, packed or not`() {
    for (kind, family) in Self.families {
      for separator in ["_", ""] {
        let name = Self.name(kind, separator: separator)
        for path in [name, "loose/\(name)", "/a/b/\(name.dropLast(3))"] {
          #expect(fault(path, family: family) == nil, "\(path)")
        }
      }
    }
  }

  @Test(arguments: [
    // The date, or the mark of the time, is none.
    "012345678910_CloudTrail_eu-west-1_20261131T0805Z_AbCdEfGh01234567.json.gz",
    "012345678910_CloudTrail_eu-west-1_20261319T0805Z_AbCdEfGh01234567.json.gz",
    "012345678910_CloudTrail_eu-west-1_2026111T90805Z_AbCdEfGh01234567.json.gz",
    "012345678910_CloudTrail_eu-west-1_20261119-0805Z_AbCdEfGh01234567.json.gz",
    "012345678910_CloudTrail_eu-west-1_20261119T0805_AbCdEfGh01234567.json.gz",
    "012345678910_CloudTrail_eu-west-1_.json.gz", "012345678910_CloudTrail_eu-west-1",
    // The kind or the region is none.
    "012345678910_CloudTrails_eu-west-1_20261119T0805Z_AbCdEfGh01234567.txt",
    "012345678910_cloudtrail_eu-west-1_20261119T0805Z_AbCdEfGh01234567.txt",
    "012345678910_CloudTrail_europe_20261119T0805Z_AbCdEfGh01234567.json.gz",
    "012345678910_CloudTrail_EU-WEST-1_20261119T0805Z_AbCdEfGh01234567.json.gz",
    "012345678910-CloudTrail-eu-west-1-20261119T0805Z-AbCdEfGh01234567.json.gz",
    "CloudTrail.json.gz", "_CloudTrail_.json", "___", "",
  ])
  func `a name that is only like a log file's is none`(name: String) {
    let kind = facts(name).kind
    #expect(!Family.allCases.contains { kind == .log($0) })
  }

  // MARK: What is beside the logs

  @Test(arguments: ["CloudTrail-Digest", "Config", "GuardDuty", "vpcflowlogs"])
  func `files of other kinds are skipped by name, by folder and by file name`(kind: String) {
    for (top, _) in Self.tops {
      #expect(facts(Self.key(top, kind)).kind == .skipped(kind), "\(top)")
    }
    #expect(facts(Self.name(kind)).kind == .skipped(kind))
  }

  @Test func `digests keep account, region and day, whatever the trail is called`() {
    for trail in ["main", "my_trail_1", "a-b.c", "T20200101T000000Z"] {
      for ending in ["Z.json.gz", "Z_backfill.json.gz", "Z.json"] {
        let name =
          "\(Self.account)_CloudTrail-Digest_\(Self.region)_\(trail)_us-east-1_20261119T080501"
          + ending
        for path in [name, "AWSLogs/\(Self.account)/CloudTrail-Digest/x/\(name)"] {
          let facts = facts(path)
          #expect(facts.kind == .skipped("CloudTrail-Digest"), "\(path)")
          #expect(facts.account?.encoded.span.text() == Self.account, "\(path)")
          #expect(facts.delivery == Self.day, "\(path)")
        }
        #expect(facts(name).region?.encoded.span.text() == Self.region, "\(name)")
      }
    }
  }

  @Test func `whole segments are compared`() {
    for folder in [
      "CloudTrail2", "MyCloudTrail", "cloudtrail", "CloudTrail-", "CloudTrail-Insights",
    ] {
      let path = "AWSLogs/\(Self.account)/\(folder)/\(Self.region)/2026/11/19/events.json.gz"
      #expect(facts(path).kind == .skipped(folder))
      let alone = "\(folder)/\(Self.region)/2026/11/19/events.json"
      #expect(facts(alone).kind == .loose)
    }
    #expect(facts("MyAWSLogs/notes.json").kind == .loose)
  }

  @Test(arguments: [
    "events.json", "export/2026/11/19/08/events.json", "AWSLogs.json", "a/CloudTrail.json",
    "CloudTrail/notes.json", "CloudTrail/eu-west-1/2026/13/19/events.json",
  ])
  func `any other place says nothing`(path: String) {
    let facts = facts(path)
    #expect(facts.kind == .loose)
    #expect(facts.account == nil && facts.region == nil && facts.delivery == nil)
  }

  @Test func `a date that does not exist is none`() {
    for date in ["2026/02/29", "2026/00/10", "2026/13/01", "26/11/19", "2026/11/9", "2026/11/1a"] {
      let path = "AWSLogs/\(Self.account)/CloudTrail/\(Self.region)/\(date)/events.json"
      #expect(fault(path, day: nil) == nil, "\(date)")
    }
  }
}
