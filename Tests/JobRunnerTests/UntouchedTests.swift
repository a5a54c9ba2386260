import Bytes
import Dataset
import Foundation
import JobFiles
import JobRunner
import TestSupport
import Testing
import Writing

/// Whoever copies a dataset onwards moves what has another inode, size or time: only that may change.
@Suite("Files whose bytes stay the same")
struct UntouchedTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  /// By what a file is known that was not touched.
  private struct Identity: Equatable {
    var inode: UInt64
    var modified: Int64
  }

  /// All files of the dataset but those of single runs.
  private func identities() throws -> [String: Identity] {
    var found: [String: Identity] = [:]
    for file in try FileTree.read(bench.dataset())
    where !["_trailmerge/runs/", "_trailmerge/seen/", "_trailmerge/lock"].contains(where: {
      file.path.hasPrefix($0)
    }) {
      let status = try FileSystem.status(Path(bench.dataset() + "/" + file.path))
      found[file.path] = Identity(inode: status.inode, modified: status.modified)
    }
    return found
  }

  /// The paths of files that are new or were touched since.
  private func touched(since before: [String: Identity]) throws -> [String] {
    try identities().filter { before[$0.key] != $0.value }.map(\.key).sorted()
  }

  private func file(_ name: String, _ records: [String]) -> TreeFile {
    TreeFile(path: name, bytes: Array(records.joined(separator: "\n").utf8))
  }

  private func event(_ number: Int, day: Int = 19) -> String {
    let second = number < 10 ? "0\(number)" : "\(number)"
    return """
      {"eventID":"\(number)-\(day)","eventTime":"2026-11-\(day)T05:00:\(second)Z",\
      "recipientAccountId":"100000000001","awsRegion":"eu-west-1"}
      """
  }

  @Test("are not touched by a rebuild that finds nothing else", arguments: OutputVariant.allCases)
  func rebuild(_ variant: OutputVariant) throws {
    try bench.deliver(try NastyTree.files(seed: 11, count: 24))
    try bench.run { $0.outputs = variant.outputs }
    let before = try identities()
    for rebuilds in [true, false] {
      let report = try bench.run {
        $0.outputs = variant.outputs
        $0.rebuild = rebuilds
        $0.incremental = rebuilds
      }
      #expect(report.isCommitted)
      #expect(report.counts.bytes.written == 0)
      #expect(try touched(since: before) == [])
    }
  }

  @Test("are not touched when other days get records")
  func otherDay() throws {
    try bench.deliver([file("a.json", [event(1), event(2, day: 20)])])
    try bench.run()
    let before = try identities()
    try bench.deliver([file("b.json", [event(3, day: 20)])])
    try bench.run()
    let touched = try touched(since: before).filter { !$0.hasPrefix("_trailmerge/") }
    #expect(touched.count == 2)
    #expect(touched.allSatisfy { $0.contains("dt=2026-11-20/") })
  }

  @Test("are not touched when a file brings records that another has brought")
  func copies() throws {
    try bench.deliver([file("b.json", [event(1)])])
    func run() throws -> RunReport {
      try bench.run {
        $0.outputs[0].provenance = true
      }
    }
    _ = try run()
    let before = try identities()
    // It comes first, so that the record's place is in it, and only what shows places changes.
    try bench.deliver([file("a.json", [event(1)])])
    #expect(try run().counts.records.duplicates == 1)
    let touched = try touched(since: before).filter { !$0.hasPrefix("_trailmerge/ledger/") }
    #expect(touched.count == 4)
    #expect(touched.contains("_trailmerge/manifest.json"))
    #expect(touched.contains { $0.hasPrefix("_trailmerge/partitions/") })
    #expect(touched.contains { $0.hasPrefix("_trailmerge/index/") })
    #expect(touched.contains { $0.hasPrefix("_trailmerge/provenance/") })
  }

  @Test("are not touched when a later part of their partition changes", arguments: [false, true])
  func parts(rebuilds: Bool) throws {
    try bench.deliver([file("a.json", (0..<10).map { event($0) })])
    func run(_ change: (inout Job) -> Void = { _ in }) throws {
      try bench.run {
        for output in $0.outputs.indices { $0.outputs[output].maxRows = 4 }
        change(&$0)
      }
    }
    try run()
    let before = try identities()
    try bench.deliver([file("b.json", [event(11)])])
    try run { $0.rebuild = rebuilds }
    let touched = try touched(since: before).filter { !$0.hasPrefix("_trailmerge/") }
    #expect(touched.count == 2)
    #expect(touched.allSatisfy { $0.contains("part-00002.") })
    try bench.run(into: "at-once") {
      for output in $0.outputs.indices { $0.outputs[output].maxRows = 4 }
    }
    try bench.expectEqual("dataset", "at-once")
  }

  @Test("are what a rebuild leaves alone, not what the manifest says of damaged ones")
  func damaged() throws {
    try bench.deliver([file("a.json", [event(1), event(2, day: 20)])])
    try bench.run()
    let before = try identities()
    let damaged = try FileTree.read(bench.dataset()).filter { $0.path.contains("dt=2026-11-20/") }
    #expect(damaged.count == 2)
    for file in damaged {
      // As many bytes as before, but others.
      try FileTree.write(file.bytes.dropLast() + [0x58], to: file.path, in: bench.dataset())
    }
    try bench.run { $0.rebuild = true }
    #expect(try touched(since: before) == damaged.map(\.path))
    try bench.run(into: "at-once")
    try bench.expectEqual("dataset", "at-once")
  }
}
