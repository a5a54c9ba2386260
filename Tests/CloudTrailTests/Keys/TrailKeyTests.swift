import Bytes
import CloudTrail
import Testing

/// What folder and name say together; `PathFactsTests` goes through the layouts.
struct TrailKeyTests {
  private static let folder = "AWSLogs/o-ab12/444455556666/CloudTrail/eu-west-1/2026/11/20/"
  private static let name =
    "111122223333_CloudTrail-Insight_us-east-1_20261119T1005Z_aB3dEfGh1jKlMn0p.json.gz"

  private func text(_ value: PartitionValue?) -> String? { value?.encoded.span.text() }

  @Test func `the name decides what the file is, the folder says the rest`() {
    let key = TrailKey(Path(Self.folder + Self.name))
    #expect(key.service == .log(.insight))
    #expect(text(key.account) == "444455556666" && text(key.region) == "eu-west-1")
    #expect(key.delivery == Day("2026-11-20") && key.organization == "o-ab12")
    // To the minute, which no folder says.
    #expect(key.deliveryTime?.day == Day("2026-11-19"))
    #expect(key.deliveryTime?.minuteOfDay == 605)
  }

  @Test func `a folder of another service says the organization only`() {
    let folder = Self.folder.replacing("CloudTrail", with: "Config")
    let key = TrailKey(Path(folder + Self.name))
    #expect(text(key.account) == "111122223333" && text(key.region) == "us-east-1")
    #expect(key.delivery == Day("2026-11-19") && key.organization == "o-ab12")
  }

  @Test func `the name fills in what the folder leaves open`() {
    let key = TrailKey(Path("AWSLogs/444455556666/CloudTrail/archive/" + Self.name))
    #expect(text(key.account) == "444455556666" && text(key.region) == "us-east-1")
    #expect(key.delivery == Day("2026-11-19"))
    let renamed = TrailKey(Path(Self.folder + "renamed.json"))
    #expect(renamed.service == .log(.events) && renamed.deliveryTime?.minuteOfDay == nil)
    #expect(renamed.delivery == Day("2026-11-20"))
  }

  @Test func `without either there is nothing`() {
    let key = TrailKey("exports/2026/notes.json")
    #expect(key.service == nil && key.account == nil && key.region == nil)
    #expect(key.delivery == nil && key.deliveryTime == nil && key.organization == nil)
  }
}
