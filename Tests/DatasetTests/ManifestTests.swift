import Bytes
import CloudTrail
import Dataset
import TestSupport
import Testing

struct ManifestTests {
  /// A manifest with odd texts and a file of every kind.
  private static func made() -> Manifest {
    var manifest = Manifest()
    manifest.job = ["name: \"night\"\n", "é: \\"]
    manifest.store = "ndjson"
    manifest.storeKeys = [.account, .region, .dt, .hour]
    (manifest.totals.recordCount, manifest.totals.conflictCount) = (1, 3)
    (manifest.totals.rejectedCount, manifest.totals.partitionCount) = (4, 5)
    manifest.totals.byteCount = 6
    let day = Day(daysSince1970: 20_776)
    let files: [DatasetFile] = [
      .partitions(Period(day)), .partitions(.all), .conflicts(day),
      .ofDelivery(.ledger, .day(day)), .ofDelivery(.rejected, .undated(7)),
      .index(EventDay(family: .events, day: day)),
    ]
    for file in files { manifest.files[file.path] = FileHash(of: file.path.bytes.span) }
    return manifest
  }

  @Test func `a manifest comes back as it was, and is written the same each time`() throws {
    let json = Self.made().json()
    let manifest = try Manifest(json: json, path: "manifest.json")
    #expect(manifest == Self.made())
    #expect(manifest.json() == json)
    let empty = try Manifest(json: Manifest().json(), path: "manifest.json")
    #expect(empty == Manifest())
  }

  @Test func `a manifest that is cut off anywhere, or has any bit flipped, is refused`() {
    let json = Self.made().json()
    #expect(
      faults("bytes", in: 0..<(json.count - 1)) { count in
        (try? Manifest(json: Array(json[..<count]), path: "manifest.json")) == nil ? nil : "passes"
      } == [])
    #expect(
      faults("place", in: 0..<(json.count - 1)) { place in
        var json = json
        json[place] ^= 1
        return (try? Manifest(json: json, path: "manifest.json")) == nil ? nil : "passes"
      } == [])
  }

  @Test func `a manifest with totals or files that no run wrote is refused, whatever its checksum`()
  {
    let totals: [(inout Manifest) -> Void] = [
      { $0.totals.recordCount = -5 }, { $0.totals.recordCount = .max },
      { $0.totals.conflictCount = -1 }, { $0.totals.rejectedCount = -1 },
      { $0.totals.partitionCount = .max }, { $0.totals.byteCount = .min },
    ]
    let paths: [Path] = [
      "_trailmerge/lock", "_trailmerge/journal.ndjson", "_trailmerge/manifest.json",
      "ndjson/part-00000.ndjson", "_trailmerge/other", "../f",
    ]
    let files = paths.map { path in
      { (manifest: inout Manifest) in manifest.files[path] = FileHash(of: path.bytes.span) }
    }
    for (number, change) in (totals + files).enumerated() {
      var manifest = Self.made()
      change(&manifest)
      #expect(throws: DatasetError.self, "\(number)") {
        try Manifest(json: manifest.json(), path: "manifest.json")
      }
    }
  }

  @Test func `a manifest of another version is refused as that`() throws {
    for version in [1, 2, 4, 99] {
      let json = Array("{\"version\":\(version)}".utf8)
      #expect {
        try Manifest(json: json, path: "manifest.json")
      } throws: { error in
        if case DatasetError.otherVersion(_, version) = error { true } else { false }
      }
    }
  }
}

struct PartitionListTests {
  private static func time(_ seconds: Int64) -> EventTime {
    EventTime(seconds: seconds, nanoseconds: 500_000_000)
  }

  /// A list with odd names, several parts, and times before 1970.
  private static func made() -> PartitionList {
    var list = PartitionList()
    for (number, account) in ["012345678910", "a\"b", "__HIVE_DEFAULT_PARTITION__"].enumerated() {
      let value = PartitionValue(alreadyEncoded: Array(account.utf8))
      let cell = Cell(
        family: .aggregated, account: value, region: value,
        day: Day(daysSince1970: Int32(number) - 1))
      list.cells[cell] = CellSummary(
        recordCount: number + 1, firstTime: time(-5), lastTime: time(Int64(number)))
      list.partitions[Path(bytes: Array("ndjson/\(account)/é".utf8) + [0xFF])] = (0...number)
        .map { part in
          OutputPart(
            name: "part-0000\(part).ndjson", byteCount: part, recordCount: part,
            hash: SHA256Digest(of: [UInt8(part)].span), firstTime: time(0), lastTime: time(1))
        }
    }
    return list
  }

  @Test func `a list comes back as it was, and is written the same each time`() throws {
    let text = Self.made().text()
    let list = try PartitionList(text, path: "list")
    #expect(list == Self.made())
    #expect(list.text() == text)
  }

  @Test(arguments: [
    (#""records":2"#, #""records":"2""#), (#""family":"aggregated""#, #""family":"others""#),
    (#""dt":"1969-12-31""#, #""dt":"1969-12-32""#), (#""sha256":""#, #""sha256":"x"#),
    (#""name":"part-00000.ndjson""#, #""name":0"#), (#""folder":""#, #""files":""#),
    (#""first":"1970"#, #""first":"197""#), (#""parts":["#, #""parts":[0,"#),
    (#""folder":"ndjson/"#, #""folder":"../"#), (#""folder":"ndjson/"#, #""folder":"/"#),
    (#""folder":"ndjson/"#, #""folder":"_trailmerge/runs/"#),
    (#""name":"part-00000.ndjson""#, #""name":"../part-00000.ndjson""#),
    (#""name":"part-00000.ndjson""#, #""name":"part-00000.x/../../ndjson""#),
  ])
  func `a line that cannot be understood, or leads out of the dataset, is an error`(
    old: String, new: String
  ) throws {
    let text = String(decoding: Self.made().text(), as: UTF8.self)
    let place = try #require(text.firstRange(of: old))
    let changed = String(text[..<place.lowerBound]) + new + String(text[place.upperBound...])
    #expect(throws: DatasetError.self) { try PartitionList(Array(changed.utf8), path: "list") }
  }
}

struct PeriodTests {
  @Test(arguments: [
    ("ndjson/account=1/region=r/dt=2026-11-19", "2026-11-19"),
    ("ndjson/account=1/region=r/dt=2026-11-19/hour=07", "2026-11-19"),
    ("insight/csv/year=2026/month=2026-11", "2026-11"), ("csv/year=2026", "2026"),
    ("csv", "all"), ("csv/account=dt", "all"),
    ("_trailmerge/store/account=1/region=r/dt=2026-11-19", "2026-11-19"),
  ])
  func `a partition is listed by its finest time`(folder: Path, period: String) {
    #expect(Period(folder: folder).text == period)
    #expect(Period(period)?.text == period)
  }
}
