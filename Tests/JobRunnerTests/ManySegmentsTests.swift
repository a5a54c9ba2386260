import CloudTrail
import Dataset
import JobFiles
import JobRunner
import TestSupport
import Testing
import Writing

@Suite("A cell in more pieces than are merged at once")
struct ManySegmentsTests {
  /// Every file fills a batch and every second batch is spilled: 150 segments of one cell; of these
  /// 64 are merged at once.
  private static let fileCount = 300
  private static let eventCount = 2 * fileCount

  @Test("comes out in order, each event once, from the file that comes first")
  func manySegments() throws {
    let bench = try Workbench()
    try bench.deliver(Self.files)
    let report = try bench.run {
      $0.outputs = [OutputSpecification(NDJSON()), Self.origins]
      $0.threads = 1
      $0.memory = 256 << 10
    }
    #expect(report.ending == .complete)
    #expect(report.counts.records.written == Self.eventCount)
    #expect(report.counts.records.duplicates == Self.eventCount)
    let cell = "account=111111111111/region=us-east-1/dt=2026-11-19/part-00000"
    let files = try FileTree.read(bench.dataset())
    let written = files.first { $0.path == "ndjson/\(cell).ndjson" }
    let expected = Self.inOrder.map { Self.record($0) + "\n" }.joined()
    #expect(written?.bytes == Array(expected.utf8))
    let origins = files.first { $0.path == "csv/\(cell).csv" }
    let rows = Self.inOrder.map { "id-\($0),\(Self.firstPlace($0))\r\n" }.joined()
    #expect(origins?.bytes == Array(("eventID,_source,_index\r\n" + rows).utf8))
  }

  private static var origins: OutputSpecification {
    var origins = OutputSpecification(CSV(columns: ["eventID"]))
    origins.provenance = true
    return origins
  }

  /// Every file has two events of its own and two that another file, far away, has too.
  private static var files: [TreeFile] {
    (0..<fileCount).map { number in
      let own = 2 * number
      let other = (own + fileCount) % eventCount
      let records = [own, own + 1, other, other + 1].map(record)
      return TreeFile(
        path: name(number),
        bytes: Array("{\"Records\":[\(records.joined(separator: ","))]}".utf8))
    }
  }

  private static func name(_ file: Int) -> String { "\(1000 + file).json" }

  /// The first of the two files that have an event, and the place in it.
  private static func firstPlace(_ event: Int) -> String {
    let isOwn = event < fileCount
    let source = Workbench.source(name((isOwn ? event : event - fileCount) / 2))
    return "\(source),\(isOwn ? event % 2 : 2 + event % 2)"
  }

  /// Spread over the day: 7919 is prime, so that every event has a second of its own.
  private static func second(_ event: Int) -> Int { event * 7919 % eventCount }

  private static var inOrder: [Int] { (0..<eventCount).sorted { second($0) < second($1) } }

  private static func record(_ event: Int) -> String {
    let time = EventTime(seconds: 1_795_046_400 + Int64(second(event))).text
    let padding = String(repeating: "x", count: 5_000)
    return """
      {"eventTime":"\(time)","eventID":"id-\(event)","awsRegion":"us-east-1",\
      "recipientAccountId":"111111111111","userAgent":"\(padding)"}
      """
  }
}
