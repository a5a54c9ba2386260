import Bytes
import Foundation
import TestSupport
import Testing

/// A second file system that everybody may write to; nearly every Linux has one in memory.
private let elsewhere = temporaryRoot == "/tmp" ? "/dev/shm" : "/tmp"

private let isOtherFileSystem: Bool = {
  let mounts = [elsewhere, temporaryRoot].map { try? FileSystem.mount(of: Path($0)) }
  return mounts[0] != nil && mounts[0] != mounts[1]
    && FileManager.default.isWritableFile(atPath: elsewhere)
}()

@Suite(
  "A dataset with a folder on another file system",
  .enabled(if: isOtherFileSystem, "\(elsewhere) is no other file system"))
struct OtherMountTests {
  private let folder: TestSupport.TemporaryFolder
  private let other: String

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    other = elsewhere + "/" + URL(filePath: folder.path).lastPathComponent
    try FileTree.write("inputs: [in]\ndataset: out\n", to: "job.yaml", in: folder.path)
  }

  private func deliver(_ number: Int) throws {
    try FileTree.write(
      #"{"eventTime":"2026-11-19T00:00:00Z","eventID":"\#(number)"}"#, to: "in/\(number).json",
      in: folder.path)
  }

  private func run() throws -> CommandResult {
    try runJob(folder.appending("job.yaml"), into: folder.appending("out"))
  }

  @Test(
    "is refused before anything changes, and works again once the folder is back",
    arguments: [
      "csv", "csv/account=__HIVE_DEFAULT_PARTITION__", "_trailmerge/ledger", "_trailmerge/index",
    ])
  func refused(moved: String) throws {
    try deliver(1)
    #expect(try run().status == 0)
    let files = FileManager.default
    let path = folder.appending("out/" + moved)
    try files.moveItem(atPath: path, toPath: other)
    defer { try? files.removeItem(atPath: other) }
    try files.createSymbolicLink(atPath: path, withDestinationPath: other)
    let before = try FileTree.read(folder.appending("out"))
    try deliver(2)
    for _ in 1...2 {
      let result = try run()
      #expect(result.status == 1)
      #expect(result.errors.contains("\(path) is on another file system or mount"))
      let after = try FileTree.read(folder.appending("out"))
      #expect(FileTree.firstDifference(before, after) == nil)
    }
    try files.removeItem(atPath: path)
    try files.moveItem(atPath: other, toPath: path)
    #expect(try run().status == 0)
    #expect(try trailmerge("verify", folder.appending("out")).status == 0)
  }
}
