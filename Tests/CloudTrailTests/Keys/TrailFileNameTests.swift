import Bytes
import CloudTrail
import TestSupport
import Testing

/// The parts of a file's name.
struct TrailFileNameTests {
  private func read(_ text: String) -> TrailFileName? { TrailFileName(Array(text.utf8)[...]) }

  private static func log(_ time: String) -> String {
    "012345678910_CloudTrail_eu-west-1_\(time)_AbCdEfGh01234567.json.gz"
  }

  @Test func `a name says service, account and region without another text`() throws {
    let name = try #require(read(Self.log("20261119T0805Z")))
    #expect(name.service == .log(.events))
    #expect(Array(name.account) == Array("012345678910".utf8))
    #expect(Array(name.region) == Array("eu-west-1".utf8))
    #expect(name.ending == .whole && !name.isPartial)
    // A slice of a path is read where it is.
    let path = Array(("folder/" + Self.log("20261119T0805Z")).utf8)
    #expect(TrailFileName(path[7...])?.delivery == name.delivery)
    #expect(TrailFileName(path[7...])?.account.elementsEqual(name.account) == true)
  }

  @Test(
    "a log's time is read to the minute, where there is one",
    arguments: [
      ("20261119T0805Z", 485), ("20261119T0000Z", 0), ("20261119T2359Z", 1439),
      ("20261119T2400Z", nil), ("20261119T0860Z", nil), ("20261119Tx805Z", nil),
    ])
  func times(time: String, minute: Int?) throws {
    let delivery = try #require(read(Self.log(time))).delivery
    #expect(delivery.day == Day("2026-11-19"))
    #expect(delivery.minuteOfDay == minute)
    let span = delivery.seconds
    let midnight = delivery.day.secondsSince1970
    #expect(span.lowerBound == midnight + Int64(minute ?? 0) * 60)
    #expect(span.count == (minute == nil ? 86_400 : 60))
  }

  @Test(arguments: [
    "main", "my_trail", "_a__b_", "a.b-c", "eu-west-1", "backfill", "20200101T000000Z",
  ])
  func `a digest's name has the trail and its home`(trail: String) throws {
    for (ending, isBackfill) in [("", false), ("_backfill", true)] {
      for packing in [".json.gz", ".json", ""] {
        let text =
          "emulated_CloudTrail-Digest_eu-west-1_\(trail)_us-east-1_20261119T080501Z"
          + ending + packing
        let name = try #require(read(text), "\(text)")
        #expect(name.service == .digest && name.delivery.minuteOfDay == 485)
        let digest = try #require(DigestName(name), "\(text)")
        #expect(digest.trail == trail && digest.homeRegion == "us-east-1", "\(text)")
        #expect(digest.isBackfill == isBackfill, "\(text)")
      }
    }
  }

  @Test func `a digest's name that lacks a part, or a log's, has none of these`() throws {
    for text in [
      "012345678910_CloudTrail-Digest_eu-west-1_main_20261119T080501Z.json.gz",
      Self.log("20261119T0805Z"),
    ] {
      #expect(DigestName(try #require(read(text))) == nil, "\(text)")
    }
  }

  @Test func `names of other services need an account's id, and a time`() {
    #expect(read("012345678910_Config_eu-west-1_Snapshot_20261119T000000Z_1.json.gz") != nil)
    #expect(read("emulated_Config_eu-west-1_Snapshot_20261119T000000Z_1.json.gz") == nil)
    #expect(read("012345678910_Config_eu-west-1_Snapshot_1.json.gz") == nil)
  }

  @Test func `a copy is unfinished by its name if the file is CloudTrail's`() {
    for kind in ["CloudTrail", "CloudTrail-Digest", "CloudTrail-Later", "Config"] {
      let text = "012345678910_\(kind)_eu-west-1_20261119T0805Z_x.json.gz.3aFb12cd"
      #expect(read(text)?.isPartial == (kind != "Config"), "\(kind)")
    }
  }

  @Test func `what a name or a folder claims needs no more than a word`() {
    func claimed(_ text: String) -> TrailService? {
      .claimed(byFileName: Array(text.utf8)[...])
    }
    #expect(claimed("_CloudTrail-Digest_x") == .digest)
    #expect(claimed("me_CloudTrail-Insight_") == .log(.insight))
    #expect(claimed("me_CloudTrail") == nil && claimed("me_CloudTrails_x") == nil)
    #expect(TrailService.claimed(byFolder: "/CloudTrail/a/CloudTrail-Digest/b") == .digest)
    #expect(TrailService.claimed(byFolder: "/MyCloudTrail/a") == nil)
  }
}
