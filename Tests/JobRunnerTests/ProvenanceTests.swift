import Bytes
import CloudTrail
import Dataset
import Foundation
import JobFiles
import JobRunner
import TestSupport
import Testing
import Writing

@Suite("Provenance")
struct ProvenanceTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  /// The folder in the input, and what provenance calls it.
  private static let folder = "AWSLogs/111111111111/CloudTrail/us-east-1/2026/11"
  private static let trail = Workbench.source(folder)

  private static func record(_ id: String, _ time: String, account: String = "111111111111")
    -> String
  {
    #"{"eventVersion":"1.08","eventTime":"2026-11-\#(time)Z","awsRegion":"us-east-1","#
      + #""eventID":"\#(id)","recipientAccountId":"\#(account)"}"#
  }

  private static func file(_ name: String, day: Int = 19, _ records: String...) -> TreeFile {
    TreeFile(
      path: "\(folder)/\(day)/\(name).json",
      bytes: Array(#"{"Records":[\#(records.joined(separator: ","))]}"#.utf8))
  }

  private static let firstNight = [
    file("b", record("2", "19T02:00:00"), record("1", "19T01:00:00")),
    file("c", record("3", "19T03:00:00")),
  ]
  /// A copy that arrives later in a file whose path comes first, and a late record.
  private static let secondNight = [
    file("a", record("0", "19T00:00:00"), record("3", "19T03:00:00"))
  ]

  private func ndjson(
    by keys: [PartitionKey], _ change: (inout OutputSpecification) -> Void = { _ in }
  )
    -> [OutputSpecification]
  {
    var output = OutputSpecification(NDJSON())
    output.partitionBy = keys
    output.provenance = true
    change(&output)
    return [output]
  }

  private func text(_ path: String, in name: String = "dataset") throws -> String {
    String(
      decoding: try FileSystem.contents(of: Path(bench.dataset(name)).appending(path)),
      as: UTF8.self)
  }

  @Test("of NDJSON is a CSV out of sight with a row for each line, in the same order")
  func sidecar() throws {
    try bench.deliver(Self.firstNight)
    try bench.run { $0.outputs = ndjson(by: [.dt]) }
    #expect(
      try text("_trailmerge/provenance/ndjson/dt=2026-11-19/_part-00000.csv") == """
        eventID,_source,_index\r
        1,\(Self.trail)/19/b.json,1\r
        2,\(Self.trail)/19/b.json,0\r
        3,\(Self.trail)/19/c.json,0\r

        """)
    // The records themselves stay as CloudTrail wrote them.
    #expect(try !text("ndjson/dt=2026-11-19/part-00000.ndjson").contains("_source"))
    #expect(
      try text("_trailmerge/partitions/2026-11-19.ndjson")
        .contains("_trailmerge/provenance/ndjson/dt=2026-11-19"))
  }

  @Test("of CSV is two more columns, and none that later digests would change")
  func columns() throws {
    try bench.deliver(Self.firstNight)
    try bench.run { job in
      var output = OutputSpecification(CSV(columns: ["eventID"]))
      output.partitionBy = [.dt]
      output.provenance = true
      job.outputs = [output]
    }
    let lines = try text("csv/dt=2026-11-19/part-00000.csv").split(separator: "\r\n")
    #expect(lines.first == "eventID,_source,_index")
    #expect(lines.last == "3,\(Self.trail)/19/c.json,0")
    #expect(!FileSystem.exists(Path(bench.dataset() + "/_trailmerge/provenance")))
  }

  @Test(
    "is the same in two nights as in one, within cells and across",
    arguments: [[PartitionKey.account, .region, .dt], [.dt], [.account, .region, .dt, .hour]])
  func nights(keys: [PartitionKey]) throws {
    try bench.deliver(Self.firstNight)
    try bench.run { $0.outputs = ndjson(by: keys) }
    try bench.deliver(Self.secondNight)
    try bench.run { $0.outputs = ndjson(by: keys) }
    try bench.run(into: "once") { $0.outputs = ndjson(by: keys) }
    try bench.expectEqual("dataset", "once")
    let rows = try FileTree.read(bench.dataset() + "/_trailmerge/provenance")
      .flatMap { String(decoding: $0.bytes, as: UTF8.self).split(separator: "\r\n") }
    // The copy whose file comes first in byte order counts, though it came last.
    #expect(rows.contains("3,\(Self.trail)/19/a.json,1"))
    #expect(rows.count { !$0.hasPrefix("eventID,") } == 4)
  }

  @Test("is split and compressed as the output is")
  func parts() throws {
    try bench.deliver(Self.firstNight)
    try bench.run {
      $0.outputs = ndjson(by: [.account, .region, .dt]) { output in
        output.maxRows = 2
        output.compression = .gzip(level: 6)
      }
    }
    let folder = "account=111111111111/region=us-east-1/dt=2026-11-19"
    for place in ["ndjson/\(folder)", "_trailmerge/provenance/ndjson/\(folder)"] {
      let names = try FileTree.read(bench.dataset() + "/" + place).map(\.path)
      #expect(
        names.map { $0.trimmingPrefix("_").prefix(10) } == ["part-00000", "part-00001"], "\(place)")
    }
  }

  @Test("leaves the records in NDJSON, in whatever order the outputs are")
  func order() throws {
    try bench.deliver(Self.firstNight)
    let outputs = [OutputSpecification(CSV())] + ndjson(by: [.account, .region, .dt])
    try bench.run { $0.outputs = outputs }
    try bench.deliver(Self.secondNight)
    let report = try bench.run { $0.outputs = outputs }
    #expect(report.ending == .complete)
    #expect(report.datasetRecordCount == 4)
    try bench.run(into: "once") { $0.outputs = outputs }
    try bench.expectEqual("dataset", "once")
  }
}
