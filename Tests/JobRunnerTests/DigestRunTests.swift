import Bytes
import Dataset
import Foundation
import JobFiles
import JobRunner
import Reading
import SampleTrails
import TestSupport
import Testing

@Suite("A run that validates")
struct DigestRunTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    var options = SampleTrailOptions()
    options.events = 120
    options.accounts = 1
    options.regions = 1
    options.days = 1
    options.lateShare = 0
    options.eventsPerFile = 12
    try FileTree.write(try SampleFiles.of(options), in: bench.input)
  }

  @discardableResult
  private func run(into name: String = "dataset") throws -> RunReport {
    try bench.run(into: name) { job in
      job.validate = true
      job.publicKeys = [bench.input + "/public-keys.json"]
      job.signatures = bench.input + "/signatures.json"
    }
  }

  /// A log file of the account's own trail, relative to the input.
  private func log() throws -> String {
    let paths = try FileTree.read(bench.input).map(\.path)
    return try #require(paths.first { $0.contains("/CloudTrail/") && !$0.contains("/o-") })
  }

  @Test("finds an untouched mirror in order, and makes the same data as one that does not")
  func valid() throws {
    let report = try run()
    let validation = try #require(report.validation)
    #expect(validation.isValid && validation.hasKeys && validation.problems.isEmpty)
    #expect(Set(validation.digests.keys) == ["valid"])
    #expect(Set(validation.logs.keys) == ["verified"])
    #expect(validation.logs["verified"] == report.counts.files.read)
    #expect(report.ending == .complete)
    try bench.run(into: "plain")
    try bench.expectEqual(
      "dataset", "plain",
      ignoring: [
        "_trailmerge/digests/", "_trailmerge/public-keys.json", "_trailmerge/ledger/",
        "_trailmerge/manifest.json",
      ])
    var manifests = try ["dataset", "plain"].map {
      try Manifest(of: DatasetLayout(Path(bench.dataset($0))))
    }
    #expect(manifests[0].job.contains("validate: true"))
    manifests[0].job = manifests[1].job
    for number in manifests.indices {
      manifests[number].files = manifests[number].files.filter { file in
        !["/digests/", "/public-keys", "/ledger/"].contains { "\(file.key)".contains($0) }
      }
    }
    #expect(manifests[0] == manifests[1])
  }

  @Test("commits, ends with 4 and names the file when a log is altered: a hash that reading made")
  func altered() throws {
    let path = try log()
    // Still a whole log file, with no record in it.
    try FileTree.write(Array(#"{"Records":[]}"#.utf8), to: path, in: bench.input)
    let report = try run()
    #expect(report.ending == .integrity)
    #expect(report.isCommitted)
    #expect(report.counts.files.failed == 0)
    #expect(report.validation?.logs["mismatch"] == 1)
    let problem = try #require(report.validation?.problems.first)
    #expect(problem.contains(path) && problem.contains("hash value doesn't match"))
  }

  @Test("ends with 4 when bytes follow a log's gzip data")
  func appended() throws {
    let path = try log()
    let stored = try FileSystem.contents(of: Path(bench.input).appending(path))
    try FileTree.write(stored + [0x21], to: path, in: bench.input)
    let report = try run()
    #expect(report.ending == .integrity)
    #expect(report.validation?.problems.count == 1)
    #expect(report.trailing.map(\.description) == [Workbench.source(path)])
  }

  @Test("calls nothing missing that was read, and finds what is altered later")
  func removedLater() throws {
    #expect(try run().ending == .complete)
    let path = try log()
    try FileSystem.removeFile(Path(bench.input).appending(path))
    let report = try run()
    #expect(!report.isCommitted && report.ending == .complete)
    #expect(report.validation?.logs["listed but missing"] == nil)
    try FileTree.write(Array(#"{"Records":[]}"#.utf8), to: path, in: bench.input)
    #expect(try run().validation?.logs["mismatch"] == 1)
  }

  @Test("finds the logs that reading finds by a link, and nothing of its own dataset")
  func links() throws {
    let inside = "dataset"
    let log = try log()
    let end = try #require(log.range(of: "/CloudTrail/")).upperBound
    let logs = bench.input + "/" + log[..<end].dropLast()
    let elsewhere = bench.folder.appending("elsewhere")
    try FileManager.default.moveItem(atPath: logs, toPath: elsewhere)
    try FileManager.default.createSymbolicLink(atPath: logs, withDestinationPath: elsewhere)
    try FileManager.default.createSymbolicLink(
      atPath: bench.input + "/out", withDestinationPath: bench.dataset(inside))
    for _ in 0..<2 {
      let report = try run(into: inside)
      #expect(report.ending == .complete)
      #expect(report.validation?.problems == [])
      #expect(report.validation.map { Array($0.logs.keys) } == ["verified"])
    }
  }

  @Test("outweighs a failed file: 4, not 3")
  func outweighs() throws {
    let path = try log()
    try FileTree.write([0x1F, 0x8B, 0x08], to: path, in: bench.input)
    let report = try run()
    #expect(report.counts.files.failed == 1)
    #expect(report.ending == .integrity)
  }

  @Test("misses no logs of another part of the files, and those of its own")
  func parts() throws {
    func shard(_ number: Int) throws -> RunReport {
      try bench.run(into: "shard-\(number)") { job in
        job.validate = true
        job.publicKeys = [bench.input + "/public-keys.json"]
        job.shard = Shard("\(number)/2")
      }
    }
    for number in 1...2 { #expect(try shard(number).ending == .complete) }
    let merged = try bench.merge(["shard-1", "shard-2"], into: "merged", isByJob: false)
    #expect(merged.ending == .complete && merged.validation?.isValid == true)
    let one = try bench.merge(["shard-2"], into: "one", isByJob: false)
    #expect(one.ending == .incomplete)
    try FileSystem.removeFile(Path(bench.input).appending(try log()))
    try FileSystem.removeTree(Path(bench.dataset("shard-1")))
    try FileSystem.removeTree(Path(bench.dataset("shard-2")))
    let endings = try (1...2).map { try shard($0).ending }
    #expect(endings.count { $0 == .integrity } == 1, "\(endings)")
  }

  @Test("splits into pieces, of which one may be without digests")
  func pieces() throws {
    try run()
    let pieces = try bench.split(into: "pieces", .pieces(1))
    for piece in pieces {
      let name = String(piece.path.description.dropFirst(bench.dataset("").utf8.count))
      let report = try bench.merge([name], into: "of-\(piece.part.numbers)", isByJob: false)
      #expect(report.ending == .incomplete, "\(report.validation?.lines ?? [])")
    }
  }

  @Test("ends with 4 when there is no digest to check with: silence would mislead")
  func withoutDigests() throws {
    for file in try FileTree.read(bench.input) where file.path.contains("CloudTrail-Digest") {
      try FileSystem.removeFile(Path(bench.input).appending(file.path))
    }
    let report = try run()
    #expect(report.validation?.hasDigests == false)
    #expect(report.ending == .integrity)
    #expect(report.isCommitted)
  }

  @Test("reads no input when a file of keys is not one")
  func wrongKeys() throws {
    #expect(throws: RunError.self) {
      try bench.run { job in
        job.validate = true
        job.publicKeys = [bench.input + "/signatures.json"]
      }
    }
    #expect(!FileSystem.exists(Path(bench.dataset() + "/_trailmerge/manifest.json")))
  }

  @Test("has the counts in its stored report")
  func stored() throws {
    try run()
    let runs = try FileTree.read(bench.dataset() + "/_trailmerge/runs")
    let json = try JSONSerialization.jsonObject(with: Data(#require(runs.first).bytes))
    let validation = try #require((json as? [String: Any])?["validation"] as? [String: Any])
    #expect(validation["valid"] as? Bool == true)
    #expect(validation["keys"] as? Bool == true)
    #expect((validation["problems"] as? [String]) == [])
  }
}
