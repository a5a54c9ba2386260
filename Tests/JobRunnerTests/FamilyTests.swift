import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import TestSupport
import Testing
import Verification
import Writing

/// Families of log files, each with its own tree, ids and times.
struct FamilyTests {
  private func file(_ path: String, _ text: String) -> TreeFile {
    TreeFile(path: path, bytes: Array(text.utf8))
  }

  private func path(_ kind: String, _ name: String = "a") -> String {
    "AWSLogs/111111111111/\(kind)/eu-west-1/2026/11/19/\(name).json"
  }

  private func event(_ id: String, _ more: String = "") -> String {
    #"{"eventID":"\#(id)","eventTime":"2026-11-19T08:00:00Z"\#(more)}"#
  }

  private func aggregated(
    _ id: String, at start: String = "2026-11-19T08:05:00Z", more: String = ""
  ) -> String {
    #"{"eventVersion":"1.0","accountId":"012345678910","eventId":"\#(id)","awsRegion":"us-east-1","#
      + #""eventCategory":"Aggregated","timeWindow":{"windowStart":"\#(start)"}\#(more)}"#
  }

  /// The paths and lines of everything written, without the ledger and the like.
  private func lines(_ bench: Workbench, _ name: String = "dataset") throws -> [String: [String]] {
    let files = try FileTree.read(bench.dataset(name)).filter {
      $0.path.hasSuffix(".ndjson") && !$0.path.hasPrefix("_trailmerge")
    }
    return Dictionary(
      uniqueKeysWithValues: files.map { file in
        let text = String(decoding: file.bytes, as: UTF8.self)
        return (file.path, text.split(separator: "\n").map(String.init))
      })
  }

  @discardableResult
  private func run(
    _ bench: Workbench, into name: String = "dataset", _ families: [Family] = Family.allCases
  ) throws -> RunReport {
    try bench.run(into: name) {
      $0.families = families
      $0.outputs = [OutputSpecification(NDJSON())]
    }
  }

  private let place = "ndjson/account=111111111111/region=eu-west-1/dt=2026-11-19/part-00000.ndjson"

  @Test func `one id in three families is three records, each in its own tree`() throws {
    let bench = try Workbench()
    let log = { (text: String) in #"{"Records":[\#(text)]}"# }
    try bench.deliver([
      file(path("CloudTrail"), log(event("1", #","x":1"#))),
      file(path("CloudTrail-Insight"), log(event("1", #","x":2"#) + "," + event("1", #","x":33"#))),
      file(path("CloudTrail-NetworkActivity"), log(event("1", #","x":1"#))),
    ])
    let report = try run(bench)
    #expect(
      try lines(bench) == [
        place: [event("1", #","x":1"#)], "insight/" + place: [event("1", #","x":33"#)],
        "network-activity/" + place: [event("1", #","x":1"#)],
      ])
    #expect(report.counts.records.written == 3 && report.counts.records.conflicts == 1)
    #expect(report.counts.records.isBalanced)
    let conflicts = try FileTree.read(bench.dataset() + "/_trailmerge/conflicts")
    #expect(conflicts.map(\.path) == ["2026-11-19.ndjson"])
    #expect(
      String(decoding: conflicts[0].bytes, as: UTF8.self).contains(
        #""family":"insight","source":"#))
  }

  @Test func `families that nobody asked for are skipped by name`() throws {
    let bench = try Workbench()
    try bench.deliver([
      file(path("CloudTrail"), #"{"Records":[]}"#),
      file(path("CloudTrail-Insight"), #"{"Records":[]}"#),
      file("111111111111_CloudTrail-NetworkActivity_eu-west-1_20261119T0805Z_a1b2.json", "[]"),
      file("loose.json", event("1", #","eventCategory":"Insight""#) + event("2")),
    ])
    let report = try run(bench, [.events])
    #expect(
      report.counts.files.skipped == ["CloudTrail-Insight": 1, "CloudTrail-NetworkActivity": 1])
    #expect(report.counts.filteredBy == ["family: insight": 1])
    #expect(report.counts.records.written == 1)
  }

  @Test func `records of loose files go to the family that they name`() throws {
    let bench = try Workbench()
    let loose = [
      event("1", #","eventCategory":"Insight""#),
      event("2", #","eventCategory":"NetworkActivity""#),
      event("3", #","eventCategory":"Management""#), aggregated("4"),
    ]
    try bench.deliver([file("loose.json", loose.joined())])
    try run(bench)
    #expect(
      Set(try lines(bench).keys.map { $0.split(separator: "/")[0] }) == [
        "insight", "network-activity", "ndjson", "aggregated",
      ])
  }

  @Test(
    arguments: [
      #"{"Records":[A,B,A]}"#, "[A,B,A]", #"{"Records":[[A],[B,[],[A]]]}"#, "[[A,B],[],A]",
    ])
  func `aggregated events have an id and a time of their own, in any shape`(_ shape: String) throws
  {
    let bench = try Workbench()
    let early = aggregated("z", at: "2026-11-19 08:00:00")
    let late = aggregated("a")
    let text = shape.replacing("A", with: late).replacing("B", with: early)
    try bench.deliver([file(path("CloudTrail-Aggregated"), text)])
    let report = try run(bench)
    #expect(
      try lines(bench) == [
        "aggregated/ndjson/account=012345678910/region=us-east-1/dt=2026-11-19/part-00000.ndjson":
          [early, late]
      ])
    #expect(report.counts.records.duplicates == 1 && report.counts.records.isBalanced)
  }

  @Test func `aggregated files of a single event and without any are distinguished`() throws {
    let bench = try Workbench()
    try bench.deliver([
      file(path("CloudTrail-Aggregated", "one"), aggregated("1")),
      file(path("CloudTrail-Aggregated", "none"), #"{"something":"else"}"#),
      file(path("CloudTrail-Aggregated", "two"), aggregated("1") + aggregated("2")),
    ])
    let report = try run(bench)
    #expect(report.counts.files.read == 1 && report.counts.files.failed == 1)
    #expect(report.counts.files.skipped == ["no record": 1])
    #expect(report.counts.records.written == 1)
  }

  @Test func `an aggregated event without a time is rejected with a reason of its own`() throws {
    let bench = try Workbench()
    try bench.deliver([
      file(path("CloudTrail-Aggregated"), "[\(aggregated("1", at: "noon")),\(aggregated("2"))]")
    ])
    let report = try run(bench)
    #expect(report.counts.records.rejected == 1)
    let rejected = try FileTree.read(bench.dataset() + "/_trailmerge/rejected")
    #expect(rejected.map(\.path) == ["2026-11-19.ndjson"])
    #expect(
      String(decoding: rejected[0].bytes, as: UTF8.self).hasPrefix(
        #"{"reason":"timeWindow has no windowStart that is a time","eventID":"1","#
          + #""family":"aggregated","#))
  }

  @Test func `families grown in steps are those built at once`() throws {
    let bench = try Workbench()
    let kinds = ["CloudTrail", "CloudTrail-Insight", "CloudTrail-Aggregated"]
    for step in 0..<3 {
      for kind in kinds {
        let records = (0..<6).map { number in
          kind == "CloudTrail-Aggregated"
            ? aggregated("\(number)", more: #","s":\#(step / 2)"#)
            : event("\(number)", #","s":\#(step)"#)
        }
        let text = #"{"Records":[\#(records.joined(separator: ","))]}"#
        try bench.deliver([file(path(kind, "\(step)"), text)])
      }
      try run(bench, into: "grown")
    }
    let report = try run(bench, into: "once")
    #expect(report.counts.records.written == 18 && report.counts.records.conflicts == 30)
    try bench.expectEqual("grown", "once")
    #expect(try verify(Path(bench.dataset("grown"))).problems.map(\.what) == [])
  }
}
