import Bytes
import Dataset
import Foundation
import JobRunner
import TestSupport
import Testing

@Suite("What a merge takes over without reading it")
struct LastCommitTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    for (number, id) in ["1", "2"].enumerated() {
      try bench.runShard(number, of: [LastCommitTests.file(id)])
    }
  }

  private static func file(_ id: String) -> TreeFile {
    let record = #"{"eventID":"\#(id)","eventTime":"2026-11-01T10:00:00Z","awsRegion":"r\#(id)"}"#
    return TreeFile(path: "\(id).json", bytes: Array(record.utf8))
  }

  /// Flips a bit in the midst of a file of a dataset, in place, and gives it back its modification time.
  private func damage(_ prefix: String, in name: String) throws {
    let file = try #require(
      try FileTree.read(bench.dataset(name)).first { $0.path.hasPrefix(prefix) })
    let path = bench.dataset(name) + "/" + file.path
    let time = try FileManager.default.attributesOfItem(atPath: path)[.modificationDate]
    let place = file.bytes.count / 2
    try OpenFile(Path(path), .updating).write([file.bytes[place] ^ 1].span, at: place)
    try FileManager.default.setAttributes(
      [.modificationDate: try #require(time)], ofItemAtPath: path)
  }

  private func expectDamage(sourceLocation: SourceLocation = #_sourceLocation) throws {
    let error = try #require(
      #expect(throws: (any Error).self, sourceLocation: sourceLocation) {
        try bench.merge(["shard-0", "shard-1"], into: "merged")
      })
    #expect(
      Dataset.ExitStatus(error) == .integrity, "\(error)", sourceLocation: sourceLocation)
    #expect("\(error)".contains("shard-1"), "\(error)", sourceLocation: sourceLocation)
  }

  private static let files = [
    "ndjson/", "csv/", "_trailmerge/index/", "_trailmerge/ledger/", "_trailmerge/partitions/",
  ]

  @Test("is no file that was written to, though its time was set back", arguments: files)
  func changedInPlace(_ prefix: String) throws {
    try damage(prefix, in: "shard-1")
    try expectDamage()
  }

  @Test("is no file of a copy, though the manifest was copied last", arguments: files)
  func copied(_ prefix: String) throws {
    let files = try FileTree.read(bench.dataset("shard-1"))
    try FileSystem.removeTree(Path(bench.dataset("shard-1")))
    let manifest = "_trailmerge/manifest.json"
    try FileTree.write(files.filter { $0.path != manifest }, in: bench.dataset("shard-1"))
    try damage(prefix, in: "shard-1")
    try FileTree.write(files.filter { $0.path == manifest }, in: bench.dataset("shard-1"))
    try expectDamage()
  }

  @Test("is no file of an earlier commit")
  func changedBetweenCommits() throws {
    try damage("ndjson/", in: "shard-1")
    let files = ["2", "3"].map { LastCommitTests.file($0) }
    #expect(try bench.runShard(1, of: files).isCommitted)
    try expectDamage()
  }

  @Test("is no file that a merge has linked since, and the result is the same")
  func mergedTwice() throws {
    try bench.merge(["shard-0", "shard-1"], into: "first")
    try bench.merge(["shard-0", "shard-1"], into: "second")
    try bench.expectEqual("first", "second")
    try damage("ndjson/", in: "shard-1")
    try expectDamage()
  }

  @Test("is a file that the last commit put there: it is believed")
  func believed() throws {
    try damage("ndjson/", in: "shard-1")
    // As if the damage had been done by the commit.
    let layout = DatasetLayout(Path(bench.dataset("shard-1")))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: layout.manifest.description)
    LastCommit.note(layout, began: 0)
    #expect(try bench.merge(["shard-0", "shard-1"], into: "merged").isCommitted)
  }
}
