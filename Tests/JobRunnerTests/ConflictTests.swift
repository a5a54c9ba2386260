import Bytes
import CloudTrail
import Dataset
import JobFiles
import Segments
import TestSupport
import Testing

@testable import JobRunner

@Suite("Thousands of conflicts")
struct ConflictTests {
  private let bench: Workbench

  /// More than one group of identities has where memory is least.
  private static let count = 2500

  init() throws {
    bench = try Workbench()
  }

  private func deliver(_ name: String, agent: String, days: Int) throws {
    let records = (0..<Self.count).map { number in
      """
      {"eventID":"id-\(number)","eventTime":"2026-11-\(10 + number * days % 3)T05:00:00Z",\
      "awsRegion":"us-east-1","recipientAccountId":"100000000001","userAgent":"\(agent)"}
      """
    }
    try bench.deliver([
      TreeFile(path: name, bytes: Array(records.joined(separator: "\n").utf8))
    ])
  }

  @Test("are settled with hardly any memory as with much, in one run or two, and are missed")
  func memory() throws {
    try deliver("a.json", agent: "short", days: 1)
    let first = try bench.run(into: "nights") { $0.memory = 1 }
    #expect(first.counts.records.conflicts == 0)
    try deliver("b.json", agent: "a longer text", days: 2)
    for (name, memory) in [("small", 1), ("large", 256 << 20)] {
      let report = try bench.run(into: name) { $0.memory = memory }
      #expect(report.counts.records.conflicts == Self.count)
    }
    let second = try bench.run(into: "nights") { $0.memory = 1 }
    #expect(second.counts.records.replaced == Self.count)
    try bench.expectEqual("small", "large")
    try bench.expectEqual("small", "nights")
    try FileSystem.removeFile(Path(bench.input + "/a.json"))
    let rebuilt = try bench.run(into: "small") {
      $0.memory = 1
      $0.rebuild = true
    }
    #expect(rebuilt.counts.records.dropped == Self.count)
    #expect(rebuilt.ending == .integrity)
  }

  @Test("come in groups that fit the memory, each identity with all cells of its day")
  func groups() throws {
    let doubles = DoublesByDay(
      sorting: RowSorter(memory: 1) { Path(bench.folder.path).appending("rows") }, memory: 1)
    let cells = (0..<4).map { number in
      Cell(
        family: .events, account: PartitionValue("\(number)".utf8.span),
        region: PartitionValue("r".utf8.span), day: Day(daysSince1970: Int32(number / 2)))
    }
    for number in 0..<3000 {
      for cell in cells {
        try doubles.add(RecordIdentity(high: 0, low: UInt64(number * 7919 % 3000)), in: cell)
      }
    }
    var counts: [EventDay: Int] = [:]
    try doubles.forEachGroup { day, group in
      #expect(group.identities.count <= 1024)
      #expect(group.cells == Set(cells.filter { $0.eventDay == day }))
      #expect(group.identities.last.map { group.identities.has($0) } == true)
      counts[day, default: 0] += group.identities.count
    }
    #expect(counts.count == 2 && counts.values.allSatisfy { $0 == 3000 })
  }
}
