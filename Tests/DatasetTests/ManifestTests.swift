import Bytes
import CloudTrail
import Dataset
import TestSupport
import Testing

struct ManifestTests {
  private static func time(_ seconds: Int64) -> EventTime {
    EventTime(seconds: seconds, nanoseconds: 500_000_000)
  }

  /// A manifest with odd names, several parts, and times before 1970.
  private static func made() -> Manifest {
    var manifest = Manifest()
    manifest.job = ["name: \"night\"\n", "é: \\"]
    manifest.store = "ndjson"
    manifest.storeKeys = [.account, .region, .dt, .hour]
    (manifest.conflictCount, manifest.rejectedCount) = (3, 4)
    for (number, account) in ["012345678910", "a\"b", "__HIVE_DEFAULT_PARTITION__"].enumerated() {
      let value = PartitionValue(alreadyEncoded: Array(account.utf8))
      let cell = Cell(
        family: .aggregated, account: value, region: value,
        day: Day(daysSince1970: Int32(number) - 1))
      manifest.cells[cell] = Manifest.CellSummary(
        recordCount: number, firstTime: time(-5), lastTime: time(Int64(number)))
      manifest.partitions[Path(bytes: Array("ndjson/\(account)/é".utf8) + [0xFF])] = (0..<number)
        .map { part in
          OutputPart(
            name: "part-0000\(part).ndjson", byteCount: part, recordCount: part,
            hash: SHA256Digest(of: [UInt8(part)].span), firstTime: time(0), lastTime: time(1))
        }
    }
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

  @Test func `a manifest that is cut off anywhere is refused`() {
    let json = Self.made().json()
    #expect(
      faults("bytes", in: 0..<(json.count - 1)) { count in
        (try? Manifest(json: Array(json[..<count]), path: "manifest.json")) == nil ? nil : "passes"
      } == [])
  }

  @Test(arguments: [
    (#""records":2"#, #""records":"2""#), (#""family":"aggregated""#, #""family":"others""#),
    (#""dt":"1969-12-31""#, #""dt":"1969-12-32""#), (#""sha256":""#, #""sha256":"x"#),
    (#""name":"part-00000.ndjson""#, #""name":0"#), (#""folder":""#, #""files":""#),
    (#""first":"1970"#, #""first":"197""#), (#""version":"#, #""version":99"#),
    (#""parts":["#, #""parts":[0,"#), (#""cells":["#, #""cells":[0,"#),
  ])
  func `a part that cannot be understood is an error, not left out`(old: String, new: String) throws
  {
    let json = String(decoding: Self.made().json(), as: UTF8.self)
    let place = try #require(json.firstRange(of: old))
    let changed = json.replacingCharacters(place, with: new)
    #expect(throws: (any Error).self) {
      try Manifest(json: Array(changed.utf8), path: "manifest.json")
    }
  }

  @Test func `the folders of a cell's records are those that are there, by hour`() {
    var manifest = Self.made()
    let cell = Cell(
      family: .events, account: PartitionValue("1".utf8.span),
      region: PartitionValue("r".utf8.span), day: Day(daysSince1970: 0))
    let folder = "ndjson/account=1/region=r/dt=1970-01-01"
    for hour in ["07", "23"] { manifest.partitions[Path("\(folder)/hour=\(hour)")] = [] }
    #expect(
      manifest.storeFolders(of: cell).map(\.description)
        == ["\(folder)/hour=07", "\(folder)/hour=23"])
    manifest.storeKeys = [.account, .region, .dt]
    #expect(manifest.storeFolders(of: cell).map(\.description) == [folder])
  }
}

extension String {
  fileprivate func replacingCharacters(_ range: Range<Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
