import TestSupport
import Testing
import Validation

/// The names of digests: account and region are read from the left, time and home region from the
/// right, and the trail is what is between.
struct ChainIDTests {
  private static let day = "AWSLogs/012345678910/CloudTrail-Digest/eu-west-1/2026/11/19/"

  private func chain(_ key: String) -> ChainID { ChainID(key: Array(key.utf8)) }

  private static func name(_ trail: String, _ ending: String = ".json.gz") -> String {
    "012345678910_CloudTrail-Digest_eu-west-1_\(trail)_us-east-1_20261119T080501Z\(ending)"
  }

  @Test(arguments: [
    "main", "my_trail", "_a__b_", "a.b-c", "eu-west-1", "CloudTrail-Digest", "backfill",
    "x_backfill", "20200101T000000Z", "a_us-east-1_20200101T000000Z",
  ])
  func `each part of a name is found, whatever the trail is called`(trail: String) {
    let chain = chain(Self.day + Self.name(trail))
    #expect(chain.account == "012345678910")
    #expect(chain.region == "eu-west-1")
    #expect(chain.trail == trail)
    #expect(chain.homeRegion == "us-east-1")
    #expect(!chain.isBackfill && chain.organization == nil)
  }

  @Test func `digests of one chain are of one chain whenever they are from and however packed`() {
    let first = chain(Self.day + Self.name("main"))
    let later = Self.name("main", ".json").replacing("20261119T080501Z", with: "20270101T090501Z")
    #expect(chain(Self.day.replacing("2026/11/19", with: "2027/01/01") + later) == first)
    #expect(chain(later) == first)
  }

  @Test func `what comes late is a chain of its own`() {
    let chain = chain(Self.day + Self.name("main", "_backfill.json.gz"))
    #expect(chain.isBackfill && chain.trail == "main" && chain.homeRegion == "us-east-1")
  }

  @Test func `chains that differ in one part are not taken for one another`() {
    let name = Self.name("main")
    let keys = [
      Self.day + name, Self.day + Self.name("other"),
      Self.day + Self.name("main", "_backfill.json"),
      name.replacing("012345678910", with: "012345678911"),
      name.replacing("eu-west-1", with: "eu-west-2"),
      name.replacing("us-east-1", with: "us-east-2"),
      "AWSLogs/o-ab12cd34ef/012345678910/CloudTrail-Digest/\(name)",
      "AWSLogs/o-ab12cd34eg/012345678910/CloudTrail-Digest/\(name)",
    ]
    let chains = keys.map(chain)
    #expect(Set(chains).count == keys.count)
    let sorted = chains.sorted()
    #expect(
      faults("chain", in: sorted.indices.dropLast()) { place in
        sorted[place] < sorted[place + 1] && !(sorted[place + 1] < sorted[place])
          ? nil : "\(sorted[place]) has no place before \(sorted[place + 1])"
      } == [])
  }

  @Test(arguments: [
    "AWSLogs/o-ab12cd34ef/012345678910", "prefix/AWSLogs/o-ab12cd34ef/012345678910",
    "o-ab12cd34ef/AWSLogs/o-ab12cd34ef/012345678910",
  ])
  func `an organization's trail is known by its folder`(top: String) {
    let chain = chain("\(top)/CloudTrail-Digest/eu-west-1/2026/11/19/" + Self.name("main"))
    #expect(chain.organization == "o-ab12cd34ef")
  }

  @Test(arguments: [
    "notes.json", "", "a/b/", "012345678910_CloudTrail_eu-west-1_20261119T0805Z_x.json.gz",
    "012345678910_CloudTrail-Digest_eu-west-1_main_20261119T080501Z.json.gz",
    "012345678910_CloudTrail-Digests_eu-west-1_main_us-east-1_20261119T080501Z.json.gz",
  ])
  func `a file with another name is a chain of that name`(key: String) {
    let chain = chain(key)
    #expect(chain.account.isEmpty && chain.region.isEmpty && chain.homeRegion.isEmpty)
    #expect(key.contains(chain.trail))
  }
}
