import Bytes
import Dataset
import JobFiles
import JobRunner
import Reading
import TestSupport
import Testing
import Writing

/// Damaged, cut off and too large files give the same dataset and the same failures, whatever the
/// memory and the threads.
struct SameFateTests {
  @Test(arguments: seeds(4))
  func `whatever the memory and the threads`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed &+ 100)
    let bench = try Workbench()
    try bench.deliver(try DamagedTree.files(seed: seed &+ 100, count: 12))
    let salvage = random.oneIn(2)
    let validate = random.oneIn(2)
    let maxInflated = random.pick([5_000, 70_000, 1 << 30])
    func change(_ job: inout Job) {
      job.salvage = salvage
      job.maxInflated = maxInflated
      job.outputs = [OutputSpecification(NDJSON())]
      job.validate = validate
    }
    let reference = try bench.run(into: "reference") {
      change(&$0)
      $0.memory = 1 << 30
      $0.threads = 1
    }
    #expect(reference.counts.records.isBalanced && reference.counts.files.isBalanced)
    for (threads, memory) in [(1, 16 << 20), (2, 1 << 30), (4, 16 << 20), (2, 256 << 10)] {
      let name = "\(threads)-\(memory)"
      let report = try bench.run(into: name) {
        change(&$0)
        $0.memory = memory
        $0.threads = threads
      }
      try bench.expectEqual("reference", name, "salvage: \(salvage), most: \(maxInflated)")
      #expect(report.failures == reference.failures)
      #expect(report.trailing == reference.trailing)
      let (counts, expected) = (report.counts, reference.counts)
      #expect(counts.files == expected.files && counts.records == expected.records)
      #expect(counts.strictReadersRefuse == expected.strictReadersRefuse)
      #expect(counts.bytes.inflated == expected.bytes.inflated)
    }
  }

  /// A record of `byteCount` bytes as it is in the input.
  private func record(_ id: String, byteCount: Int) -> String {
    let head = #"{"eventID":"\#(id)","eventTime":"2026-11-19T10:00:00Z","userAgent":""#
    return head + String(repeating: "a", count: byteCount - head.utf8.count - 2) + "\"}"
  }

  @Test(arguments: [(1, 16 << 20, ".json.gz"), (2, 1 << 30, ".json")])
  func `a record may have 16 MiB, exactly`(threads: Int, memory: Int, ending: String) throws {
    let bench = try Workbench()
    let limit = 16 << 20
    var files: [TreeFile] = []
    for (name, byteCount) in [("longest", limit), ("too-long", limit + 1)] {
      let records = [
        record("\(name)-1", byteCount: 200), record("\(name)-2", byteCount: byteCount),
        record("\(name)-3", byteCount: 200),
      ]
      let text = Array(#"{"Records":[\#(records.joined(separator: ","))]}"#.utf8)
      files.append(
        TreeFile(path: name + ending, bytes: ending == ".json" ? text : try gzipped(text)))
    }
    try bench.deliver(files)
    let report = try bench.run {
      $0.outputs = [OutputSpecification(NDJSON())]
      $0.threads = threads
      $0.memory = memory
    }
    #expect(report.counts.records.written == 3)
    #expect(report.failures.map(\.source.description) == ["input/too-long" + ending])
    #expect(report.failures.first?.reason.contains("16777216 bytes") == true)
    #expect(report.failures.first?.offset == 213, "where the record begins")
  }

  @Test func `salvage takes the whole records within the first bytes that are allowed`() throws {
    let records = (0..<100).map { record("id-\($0)", byteCount: 1_000) }
    let text = Array(records.joined(separator: "\n").utf8)
    let stored = try gzipped(text)
    for limit in [999, 1_000, 1_001, 2_000, 2_001, 50_049, 50_050] {
      let bench = try Workbench()
      try bench.deliver([
        TreeFile(path: "plain.json", bytes: text), TreeFile(path: "packed.json.gz", bytes: stored),
      ])
      let report = try bench.run {
        $0.salvage = true
        $0.maxInflated = limit
        $0.outputs = [OutputSpecification(NDJSON())]
      }
      #expect(report.counts.records.written == (limit + 1) / 1_001, "the first \(limit) bytes")
      #expect(report.failures.map(\.offset) == [limit, limit])
    }
  }
}
