import Bytes
import CloudTrail
import Testing

/// What a folder says, and the folder that a trail writes to.
struct TrailFolderTests {
  /// The service, the account, the region, the day and the organization.
  private func text(_ path: String, inputDepth: Int = 0) -> String? {
    let segments = Path(path).bytes.split(separator: UInt8(ascii: "/"))
    guard let folder = TrailFolder(segments, inputDepth: inputDepth) else { return nil }
    return [
      folder.service.name, folder.account?.encoded.span.text(),
      folder.region?.encoded.span.text(), folder.delivery?.description, folder.organization,
    ].map { $0 ?? "-" }.joined(separator: " ")
  }

  @Test(arguments: [
    (
      "AWSLogs/012345678910/CloudTrail/eu-west-1/2026/11/19",
      "CloudTrail 012345678910 eu-west-1 2026-11-19 -"
    ),
    (
      "o-ab12/AWSLogs/012345678910/CloudTrail-Digest/eu-west-1/2026/11/19",
      "CloudTrail-Digest 012345678910 eu-west-1 2026-11-19 o-ab12"
    ),
    (
      "AWSLogs/o-ab12/ou-1/012345678910/CloudTrail-Insight/eu-west-1",
      "CloudTrail-Insight 012345678910 eu-west-1 - o-ab12"
    ),
    ("AWSLogs/012345678910/Config", "Config 012345678910 - - -"),
    ("CloudTrail/eu-west-1/2026/11/19", "CloudTrail - eu-west-1 2026-11-19 -"),
  ])
  func `a folder says service, account, region, day and organization`(path: String, said: String) {
    #expect(text(path) == said)
  }

  @Test(arguments: [
    "", "AWSLogs", "AWSLogs/012345678910", "AWSLogs/o-ab12/exports", "CloudTrail/eu-west-1",
    "CloudTrail-Digest/eu-west-1/2026/11/19", "AWSLogs/12/CloudTrail",
  ])
  func `any other folder is none`(path: String) {
    #expect(text(path) == nil)
  }

  @Test func `folders that the user named do not make files another service's`() {
    #expect(text("AWSLogs/012345678910/Copies/x") == "Copies 012345678910 - - -")
    #expect(text("AWSLogs/012345678910/Copies/x", inputDepth: 3) == nil)
    // But they make files CloudTrail's.
    #expect(text("AWSLogs/012345678910/CloudTrail/x", inputDepth: 4) != nil)
  }

  @Test(arguments: [
    ("/data/mirror/AWSLogs/012345678910/CloudTrail/x.json", "/data/mirror/AWSLogs"),
    ("mirror/AWSLogs/o-ab12/012345678910/CloudTrail/x.json", "mirror/AWSLogs/o-ab12"),
    ("o-ab12/AWSLogs/012345678910/x.json", "o-ab12/AWSLogs"),
    ("AWSLogs/o-old logs/x.json", "AWSLogs"), ("a//AWSLogs//o-ab12/x", "a//AWSLogs//o-ab12"),
    ("AWSLogs/backup/AWSLogs/o-ab12/x", "AWSLogs/backup/AWSLogs/o-ab12"), ("x/y.json", nil),
  ])
  func `a trail's folder ends with its root and its organization`(path: String, trail: String?) {
    #expect(TrailRoot.trail(of: Path(path)) == trail.map { Path($0) })
  }
}
