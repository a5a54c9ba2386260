import Bytes
import Foundation
import TestSupport
import Testing

/// Datasets that somebody has prepared: a run touches nothing outside of them.
@Suite("A dataset with a link in it")
struct HostileDatasetTests {
  @Test(
    "makes no run, repair or rebuild touch what the link leads to",
    arguments: [
      "_trailmerge/runs", "_trailmerge/seen", "_trailmerge/lock", "_trailmerge/staging",
      "_trailmerge/temporary", "_trailmerge/ledger", "_trailmerge/partitions",
      "_trailmerge/manifest.json", "_trailmerge/index", "ndjson",
      "ndjson/account=123456789012", "csv",
    ])
  func links(_ path: String) throws {
    let folder = try TestSupport.TemporaryFolder()
    let data = folder.appending("data")
    func deliver(_ number: Int) throws {
      let record =
        #"{"eventTime":"2026-11-19T00:00:0\#(number)Z","eventID":"\#(number)","#
        + #""recipientAccountId":"123456789012","awsRegion":"us-east-1"}"#
      try FileTree.write(record, to: "in/\(number).json", in: folder.path)
    }
    func run(isRebuild: Bool = false, allowsLoss: Bool = false) throws -> CommandResult {
      try FileTree.write(
        "inputs: [in]\ndataset: data\nallowLoss: \(allowsLoss)\n", to: "job.yaml", in: folder.path)
      return try runJob(folder.appending("job.yaml"), into: data, isRebuild: isRebuild)
    }
    try deliver(1)
    #expect(try run().status == 0)
    // What was there is outside now, and a link is in its place.
    let outside = folder.appending("outside")
    let target = data + "/" + path
    if FileSystem.exists(Path(target)) {
      try FileManager.default.moveItem(atPath: target, toPath: outside)
    } else {
      try FileTree.write("keep", to: "outside/1", in: folder.path)
    }
    try FileManager.default.createSymbolicLink(atPath: target, withDestinationPath: outside)
    let before = try tree(outside)
    try deliver(2)
    for (isRebuild, allowsLoss) in [(false, false), (true, false), (true, true)] {
      let result = try run(isRebuild: isRebuild, allowsLoss: allowsLoss)
      let what: Comment = "rebuild: \(isRebuild), loss: \(allowsLoss): \(result.errors)"
      #expect([0, 1, 4].contains(result.status), what)
      #expect(try tree(outside) == before, what)
    }
    _ = try trailmerge("verify", "--repair", data)
    #expect(try tree(outside) == before)
  }

  /// The files at a path, be it a folder or one file.
  private func tree(_ path: String) throws -> [TreeFile] {
    if try FileSystem.status(Path(path)).kind == .folder { return try FileTree.read(path) }
    return [TreeFile(path: "file", bytes: try FileSystem.contents(of: Path(path)))]
  }
}
