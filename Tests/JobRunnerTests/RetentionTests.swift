import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing

/// What is before a raised `select.from` leaves.
@Suite("A raised start of the selection")
struct RetentionTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  private func bound(_ text: String) throws -> TimeBound {
    let full = text.count == 10 ? text + "T00:00:00Z" : text
    let time = EventTime(full.utf8.span)
    return TimeBound(text: text, secondsSince1970: try #require(time).seconds)
  }

  /// Six days of an organization's trails, some records late, some with two texts.
  private func deliverSample() throws -> [TreeFile] {
    var options = SameBytesTests.sample(seed: 5, events: 80)
    (options.firstDay, options.days) = ("2026-10-29", 6)
    (options.conflicts, options.damagedFiles) = (8, 0)
    _ = try SampleTrail.write(options, to: bench.folder.appending("sample"))
    return try FileTree.read(bench.folder.appending("sample"))
  }

  @Test(
    "leaves what a dataset made at once from there on has, but for the ledger",
    arguments: zip(
      OutputVariant.allCases,
      [
        "2026-10-31", "2026-11-01T10:20:30Z", "2026-10-30T12:00:00Z", "2026-11-02T18:00:01Z",
        "2026-10-30T23:59:59Z",
      ]))
  func law(_ variant: OutputVariant, _ start: String) throws {
    let files = try deliverSample()
    for night in 0..<3 {
      try bench.deliver(files.enumerated().filter { $0.offset % 4 == night }.map(\.element))
      try bench.run(into: "grown") { $0.outputs = variant.outputs }
    }
    let before = try StoredDataset(DatasetLayout(Path(bench.dataset("grown"))))
    // The last night comes with the new start.
    try bench.deliver(files)
    let start = try bound(start)
    func select(_ job: inout Job) {
      job.outputs = variant.outputs
      job.select.from = start
      job.allowLoss = true
    }
    let foretold = try DryRun(bench.job(into: "grown", select)).droppedCount
    let report = try bench.run(into: "grown", select)
    #expect(report.ending == .complete)
    #expect(report.counts.files.isBalanced && report.counts.records.isBalanced)
    try bench.run(into: "at-once", select)
    try bench.expectEqual(
      "grown", "at-once", ignoring: ["_trailmerge/ledger/", "_trailmerge/manifest.json"])
    let after = try StoredDataset(DatasetLayout(Path(bench.dataset("grown")))).manifest
    let atOnce = try StoredDataset(DatasetLayout(Path(bench.dataset("at-once")))).manifest
    #expect(after.totals == atOnce.totals && after.newest == atOnce.newest)
    #expect(report.counts.records.dropped == foretold)
    let counts = report.counts.records
    #expect(
      before.manifest.totals.recordCount + before.manifest.totals.conflictCount
        + counts.written + counts.conflicts - foretold
        == after.totals.recordCount + after.totals.conflictCount)
    #expect(foretold > 0 && report.notes.contains { $0.contains("leave, with") })
    // Nothing is read again, and nothing is left to be done.
    let next = try bench.run(into: "grown") {
      select(&$0)
      $0.allowLoss = false
    }
    #expect(!next.isCommitted && next.counts.files.read == 0)
  }

  @Test("is the only change that a dataset takes, and needs leave")
  func refusals() throws {
    try bench.deliver(try deliverSample())
    let first = try bound("2026-10-30")
    try bench.run { $0.select.from = first }
    let changes: [(String, (inout Job) throws -> Void)] = [
      ("without leave", { $0.select.from = try bound("2026-10-31") }),
      (
        "lowered",
        {
          $0.select.from = try bound("2026-10-29")
          $0.allowLoss = true
        }
      ),
      (
        "relative",
        {
          $0.select.from = TimeBound(text: "7d", secondsSince1970: 1_795_163_415)
          $0.allowLoss = true
        }
      ),
      (
        "with another change",
        {
          $0.select.from = try bound("2026-10-31")
          $0.select.regions = ["eu-*"]
          $0.allowLoss = true
        }
      ),
    ]
    for (name, change) in changes {
      var job = bench.job()
      try change(&job)
      #expect(throws: RunError.self, "\(name)") { try JobRunner.run(job) }
      #expect(throws: RunError.self, "\(name)") { try DryRun(job) }
    }
  }
}
