import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing

@Suite("A dataset grown night by night")
struct NightlyTests {
  @Test("equals the one made at once: nasty files", arguments: seeds(6))
  func nastyTrees(_ seed: UInt64) throws {
    try expectLaw(seed, try NastyTree.files(seed: seed, count: 24))
  }

  @Test("equals the one made at once: an organization's trails", arguments: seeds(2))
  func sampleTrails(_ seed: UInt64) throws {
    let bench = try Workbench()
    _ = try SampleTrail.write(SameBytesTests.sample(seed: seed, events: 150), to: bench.input)
    try expectLaw(seed, try FileTree.read(bench.input))
  }

  @Test("writes nothing but a report when there is nothing new")
  func nothingNew() throws {
    let bench = try Workbench()
    try bench.deliver([log("a", id: "1")])
    try bench.run()
    let before = try FileTree.listing(of: bench.dataset())
    let report = try bench.run()
    #expect(report.ending == .complete)
    #expect(!report.isCommitted)
    #expect(report.counts.files.alreadyRead == 1)
    let added = try FileTree.listing(of: bench.dataset()).split(separator: "\n")
      .filter { !before.contains($0) }
    #expect(added.count == 1)
    #expect(added.allSatisfy { $0.contains("_trailmerge/runs/") })
  }

  @Test("takes a damaged file in once it is repaired")
  func repairedFile() throws {
    let bench = try Workbench()
    let whole = log("a", id: "1")
    try bench.deliver([TreeFile(path: whole.path, bytes: Array(whole.bytes.dropLast(5)))])
    #expect(try bench.run(into: "grown").ending == .incomplete)
    #expect(try bench.run(into: "grown").ending == .incomplete, "it is tried again")
    try bench.deliver([whole])
    #expect(try bench.run(into: "grown").ending == .complete)
    try bench.run(into: "at-once")
    try bench.expectEqual("grown", "at-once")
  }

  @Test("reports a file that changed, and takes what is new in it")
  func changedFile() throws {
    let bench = try Workbench()
    try bench.deliver([log("a", id: "1")])
    try bench.run()
    try bench.deliver([log("a", id: "22")])
    let report = try bench.run()
    #expect(report.changed == [Path(Workbench.source("a.json"))])
    #expect(report.counts.records.written == 1)
    #expect(report.datasetRecordCount == 2, "nothing is ever removed")
  }

  @Test("takes what a relative end left out once it has passed it")
  func relativeEnd() throws {
    let bench = try Workbench()
    // 2026-11-01T00:00:00Z, and the same file each night.
    let midnight: Int64 = 1_793_491_200
    func run(into name: String, _ end: String, at time: Int64) throws -> RunReport {
      try bench.run(into: name) {
        $0.select.to = TimeBound(text: end, secondsSince1970: time)
      }
    }
    let records = [3600, 90_000, 180_000].map { (second: Int64) in
      let time = EventTime(seconds: midnight + second).text
      return #"{"eventID":"\#(second)","eventTime":"\#(time)"}"#
    }
    try bench.deliver([
      TreeFile(path: "a.json", bytes: Array(records.joined(separator: "\n").utf8))
    ])
    for (night, taken) in [(1, 1), (2, 1), (3, 1)] as [(Int64, Int)] {
      let end = midnight + night * 86_400
      #expect(try run(into: "grown", "today", at: end).counts.records.written == taken)
      let again = try run(into: "grown", "today", at: end)
      #expect(again.counts.files.alreadyRead == 1, "nothing is due before the next night")
      _ = try run(into: "at-once-\(night)", "today", at: end)
      try bench.expectEqual("grown", "at-once-\(night)")
    }
    #expect(try run(into: "grown", "today", at: midnight + 40 * 86_400).counts.files.read == 0)
    _ = try run(into: "absolute", "2026-11-01", at: midnight)
    #expect(try run(into: "absolute", "2026-11-01", at: midnight).counts.files.read == 0)
  }

  /// A file with one record.
  private func log(_ name: String, id: String) -> TreeFile {
    let record = #"{"eventID":"\#(id)","eventTime":"2026-11-01T10:00:00Z"}"#
    return TreeFile(path: name + ".json", bytes: Array(record.utf8))
  }

  /// Splits files over random nights in random order; every night has its own threads and memory.
  private func expectLaw(_ seed: UInt64, _ files: [TreeFile]) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    let variant = random.pick(OutputVariant.allCases)
    let isSalvaging = random.oneIn(3)
    let nightCount = random.within(2...7)
    let nights = Dictionary(grouping: files) { _ in random.within(1...nightCount) }
    for night in 1...nightCount {
      try bench.deliver(nights[night] ?? [])
      let (threads, memory) = (random.within(1...3), random.pick([1, 16, 64]))
      let report = try bench.run(into: "grown") {
        $0.outputs = variant.outputs
        $0.salvage = isSalvaging
        $0.threads = threads
        $0.memory = memory << 20
      }
      #expect(report.counts.files.isBalanced && report.counts.records.isBalanced)
    }
    try bench.run(into: "at-once") {
      $0.outputs = variant.outputs
      $0.salvage = isSalvaging
    }
    try bench.expectEqual("grown", "at-once", "\(variant), \(nightCount) nights")
  }
}
