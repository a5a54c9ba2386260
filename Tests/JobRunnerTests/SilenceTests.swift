import Bytes
import CloudTrail
import Dataset
import Foundation
import JobFiles
import JobRunner
import SampleTrails
import Status
import TestSupport
import Testing

/// Days without events: quiet where digests say so, and what is wrong shown as what it is.
@Suite("A dataset with digests and quiet days")
struct SilenceTests {
  private let bench: Workbench
  private let files: [TreeFile]

  init() throws {
    bench = try Workbench()
    var options = SampleTrailOptions()
    options.events = 20
    options.accounts = 1
    options.regions = 1
    options.days = 7
    options.duplicateShare = 0
    options.lateShare = 0
    options.eventsPerFile = 4
    files = try bench.takeSample(options)
  }

  private func status(_ files: [TreeFile], into name: String) throws -> Status {
    try run(files, into: name)
    return try Status(Path(bench.dataset(name)))
  }

  @discardableResult
  private func run(
    _ files: [TreeFile], into name: String, _ change: (inout Job) -> Void = { _ in }
  ) throws -> RunReport {
    try? FileSystem.removeTree(Path(bench.input))
    try bench.deliver(files)
    return try bench.run(into: name) { job in
      job.validate = true
      job.publicKeys = [bench.folder.appending("tree/public-keys.json")]
      job.signatures = bench.folder.appending("tree/signatures.json")
      change(&job)
    }
  }

  private func text(_ status: Status) -> String {
    StatusText(status, width: 100, hasColor: false, showsAll: true).text
  }

  @Test("asks for no attention, and of what is removed or altered for just that")
  func attention() throws {
    let whole = try status(files, into: "whole")
    #expect(whole.findings.holes.isEmpty && whole.findings.unjudged.isEmpty)
    #expect(StatusPage(whole).html.contains("all is well"))
    #expect(!text(whole).contains("!") || text(whole).contains("have something: !"))
    let quiet = whole.matrix.rows.flatMap { row in
      whole.findings.holes.filter { $0.accountRegion == row.accountRegion }
    }
    #expect(quiet.isEmpty)

    let log = try #require(
      files.first { $0.path.contains("/CloudTrail/") && !$0.path.contains("/o-") })
    let missing = try status(files.filter { $0.path != log.path }, into: "missing")
    #expect(missing.digests.total.counts.missing == 1 && missing.digests.total.counts.mismatch == 0)
    #expect(
      missing.digests.total.counts.digestsInvalid + missing.digests.total.counts.digestsMissing == 0
    )

    let altered = files.map { file in
      file.path == log.path
        ? TreeFile(path: file.path, bytes: Array(#"{"Records":[]}"#.utf8)) : file
    }
    let mismatch = try status(altered, into: "altered")
    #expect(
      mismatch.digests.total.counts.mismatch == 1 && mismatch.digests.total.counts.missing == 0)

    let digests = files.filter {
      $0.path.contains("_main_") && $0.path.contains("/CloudTrail-Digest/")
        && $0.path.contains(log.path.split(separator: "/")[1])
        && !$0.path.contains("backfill")
    }
    let one = try status(files.filter { $0.path != digests[40].path }, into: "digest")
    #expect(
      one.digests.total.counts.digestsMissing == 1 && one.digests.total.counts.digestsInvalid == 0)
    #expect(one.digests.total.counts.missing + one.digests.total.counts.mismatch == 0)

    let day = Set(digests[72..<96].map(\.path))
    let many = try status(files.filter { !day.contains($0.path) }, into: "day")
    #expect(
      many.digests.total.counts.digestsMissing == 24
        && many.digests.total.counts.digestsInvalid == 0)
    #expect(many.digests.total.counts.missing + many.digests.total.counts.mismatch == 0)
  }

  @Test("tells no more of what was before a start that was raised since")
  func raisedStart() throws {
    let paths = files.map(\.path).filter { $0.contains("/CloudTrail-Digest/") }
    let (third, fifth) = (try #require(Day("2026-11-03")), "2026-11-05")
    let rest = files.filter { file in
      !(paths.contains(file.path) && TrailKey(Path(file.path)).delivery == third)
    }
    let before = try run(rest, into: "raised")
    #expect(try #require(before.validation).recordedProblemCount > 0)
    #expect(try Status(Path(bench.dataset("raised"))).digests.total.counts.digestsMissing > 0)
    let start = try #require(Day(fifth)).secondsSince1970
    let after = try run(rest, into: "raised") { job in
      job.select.from = TimeBound(text: fifth, secondsSince1970: start)
      job.allowLoss = true
    }
    #expect(after.counts.records.isBalanced && after.counts.records.dropped > 0)
    #expect(after.validation?.recordedProblemCount == 0)
    let status = try Status(Path(bench.dataset("raised")))
    #expect(!status.digests.total.counts.isInvalid && status.findings.holes.isEmpty)
    #expect(status.matrix.rows.flatMap(\.days).allSatisfy { $0.day.description >= fifth })
    #expect(!text(status).contains("2026-11-03"))
  }

  @Test("shows the days that digests cover apart from those that none does")
  func kinds() throws {
    let whole = try status(files, into: "whole")
    let json = String(decoding: StatusData.json(whole), as: UTF8.self)
    let hasQuietDays = whole.matrix.rows.contains { row in
      row.days.filter { $0.recordCount > 0 }.count < 7
    }
    #expect(json.contains("\"quietDays\":") == hasQuietDays)
    let without = try status(
      files.filter { !$0.path.contains("/CloudTrail-Digest/") }, into: "without")
    #expect(!String(decoding: StatusData.json(without), as: UTF8.self).contains("quietDays"))
    #expect(
      StatusMetrics.text(whole).contains("status_empty_dates{job_name=\"test\",kind=\"hole\"} 0"))
  }
}
