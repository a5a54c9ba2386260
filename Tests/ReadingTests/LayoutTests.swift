import Bytes
import CloudTrail
import Reading
import Testing

/// What the place and the name of a file say of it.
struct LayoutTests {
  private static let name =
    "111122223333_CloudTrail_us-east-1_20261119T1005Z_aB3dEfGh1jKlMn0p.json.gz"
  private static let digest =
    "111122223333_CloudTrail-Digest_us-east-1_my_trail_us-east-1_20261119T110000Z.json.gz"

  /// The kind, the account, the region, the delivery date and the organization.
  private func facts(_ path: String) -> String {
    let facts = PathFacts(ofFileAt: Path(path))
    let kind =
      switch facts.kind {
      case .log(let family): family.rawValue
      case .loose: "loose"
      case .unnamed: "unnamed"
      case .skipped(let name): "skipped: \(name)"
      }
    let known = [
      facts.account?.encoded.span.text(), facts.region?.encoded.span.text(),
      facts.delivery?.description, facts.organization,
    ].compactMap { $0 }
    return ([kind] + known).joined(separator: " ")
  }

  private func isPartial(_ name: String) -> Bool {
    TrailFileName(Array(name.utf8)[...])?.isPartial == true
  }

  @Test(
    "a folder of CloudTrail's is one at any level, with any folders around the account",
    arguments: [
      ("AWSLogs/444455556666/CloudTrail/eu-west-1/2026/11/20", ""),
      ("AWSLogs/prod/444455556666/CloudTrail/eu-west-1/2026/11/20", ""),
      ("AWSLogs/a/b/c/444455556666/CloudTrail/eu-west-1/2026/11/20", ""),
      ("AWSLogs/o-ab12cd34ef/444455556666/CloudTrail/eu-west-1/2026/11/20", " o-ab12cd34ef"),
      ("AWSLogs/o-ab12cd34ef/ou-1/444455556666/CloudTrail/eu-west-1/2026/11/20", " o-ab12cd34ef"),
      ("o-ab12cd34ef/AWSLogs/444455556666/CloudTrail/eu-west-1/2026/11/20", " o-ab12cd34ef"),
      ("AWSLogs/backup/AWSLogs/444455556666/CloudTrail/eu-west-1/2026/11/20", ""),
      ("AWSLogs/111122223333/444455556666/CloudTrail/eu-west-1/2026/11/20", ""),
      ("AWSLogs/111122223333/Copies/444455556666/CloudTrail/eu-west-1/2026/11/20", ""),
      ("444455556666/CloudTrail/eu-west-1/2026/11/20", ""),
      ("AWSLogs/444455556666/CloudTrail/eu-west-1/2026/11/20/AWSLogs/more", ""),
    ])
  func folders(folder: String, organization: String) {
    for name in ["renamed.json", Self.name] {
      #expect(
        facts("/data/\(folder)/\(name)")
          == "events 444455556666 eu-west-1 2026-11-20\(organization)")
    }
  }

  @Test(
    "the name of a log file decides, whatever the folders say",
    arguments: [
      "", "AWSLogs/prod", "AWSLogs/111122223333/Config/eu-west-1/2026/1/9",
      "AWSLogs/444455556666/x",
      "AWSLogs/444455556666/CloudTrail-Digest/eu-west-1/2026/11/20", "CloudTrails", "XAWSLogs/y",
    ])
  func nameDecides(folder: String) {
    #expect(facts("/\(folder)/\(Self.name)") == "events 111122223333 us-east-1 2026-11-19")
    let insight = Self.name.replacing("_CloudTrail_", with: "_CloudTrail-Insight_")
    #expect(facts("/\(folder)/\(insight)") == "insight 111122223333 us-east-1 2026-11-19")
  }

  @Test("a name says more than the folder's family, and no more than its account")
  func nameInFolder() {
    let folder = "/AWSLogs/444455556666/CloudTrail-Insight/eu-west-1/2026/11/20"
    #expect(facts("\(folder)/\(Self.name)") == "events 444455556666 eu-west-1 2026-11-20")
    #expect(facts("\(folder)/x.json") == "insight 444455556666 eu-west-1 2026-11-20")
    // What is no region does not become one.
    #expect(
      facts("/AWSLogs/444455556666/CloudTrail/archive/\(Self.name)")
        == "events 444455556666 us-east-1 2026-11-19")
  }

  @Test(
    "other families and services are skipped by name, be it the folder's or their own",
    arguments: [
      ("AWSLogs/444455556666/Config/us-east-1/2026/1/9/x.json", "Config"),
      ("AWSLogs/prod/444455556666/vpcflowlogs/us-east-1/2026/11/19/x.json.gz", "vpcflowlogs"),
      (
        "AWSLogs/444455556666/CloudTrail-Lake/Query/2026/11/19/id/result_sign.json",
        "CloudTrail-Lake"
      ),
      ("AWSLogs/444455556666/Config/us-east-1/123456789012/deep/x.json", "Config"),
      ("AWSLogs/444455556666/CloudTrail-Digest/us-east-1/2026/11/19/x.json", "CloudTrail-Digest"),
      ("AWSLogs/444455556666/CloudTrail/us-east-1/2026/11/19/\(digest)", "CloudTrail-Digest"),
      ("flat/\(digest)", "CloudTrail-Digest"),
      ("444455556666_Config_us-east-1_ConfigHistory_X_20261119T000000Z_1.json.gz", "Config"),
    ])
  func skipped(path: String, service: String) {
    #expect(facts("/" + path).hasPrefix("skipped: \(service) "))
  }

  @Test(
    "what is no folder or name of CloudTrail's is loose",
    arguments: [
      ("AWSLogs/x.json", "loose"), ("AWSLogs/prod/exports/x.json", "loose"),
      ("AWSLogs/o-ab12cd34ef/ou-1/x.ndjson.gz", "loose"), ("CloudTrail/x.jsonl", "loose"),
      ("CloudTrail/prod/x.json", "loose"), ("XCloudTrail/us-east-1/2026/11/19/x.json", "loose"),
      ("111122223333_export_us-east-1_part.json", "loose"), ("x.log.gz", "unnamed"),
      ("x", "unnamed"), ("AWSLogs/prod/000000.gz", "unnamed"), (".json", "unnamed"),
    ])
  func loose(path: String, kind: String) {
    #expect(facts("/" + path) == kind)
  }

  @Test("a file that does not promise JSON keeps what its place says")
  func unnamed() {
    let folder = "/AWSLogs/444455556666/CloudTrail/eu-west-1/2026/11/20"
    #expect(facts("\(folder)/events.log.gz") == "unnamed 444455556666 eu-west-1 2026-11-20")
    let packed = Self.name.replacing(".gz", with: ".zst")
    #expect(facts("/\(packed)") == "unnamed 111122223333 us-east-1 2026-11-19")
  }

  @Test(
    "a name that continues a file's of CloudTrail is a partial download",
    arguments: [
      ".3aFb12cd", ".partial", ".a1b2c3d4.partial", ".part", "~", "-part", ".tmp", ".crdownload",
    ])
  func partial(ending: String) {
    for name in [Self.name, Self.digest] {
      #expect(isPartial(name + ending))
      #expect(!isPartial(name))
      #expect(facts("/AWSLogs/\(name)\(ending)").hasPrefix("skipped: partial download "))
    }
    #expect(!isPartial("events.json.gz\(ending)"))
  }

  @Test(
    "a copy under another name is no partial download", arguments: ["ip", "-1.json", ".gz.json"])
  func copies(ending: String) {
    let name = Self.name.replacing(".json.gz", with: ".json.gz\(ending)")
    #expect(!isPartial(name))
    #expect(isPartial("\(Self.name.dropLast(3)).partial"))
    #expect(!isPartial("\(Self.name.dropLast(3)).20261119"))
  }
}
