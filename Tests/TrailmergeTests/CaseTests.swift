import Foundation
import TestSupport
import Testing

/// Every folder of `Cases` is a case: `job.yaml`, `input/`, and `expected/`, which holds the files of
/// the dataset that hold records, and `exit`, the exit status.
///
/// To add one no Swift is needed. `TRAILMERGE_ACCEPT=1 swift test --filter CaseTests` writes what
/// comes out to `expected/`: read it before you keep it.
@Suite("Cases")
struct CaseTests {
  static let folder = repository.appending(path: "Tests/TrailmergeTests/Cases")
  static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
    .filter { !$0.hasPrefix(".") }.sorted()

  @Test("give what is expected of them", arguments: names)
  func expected(_ name: String) throws {
    let original = CaseTests.folder.appending(path: name)
    let scratch = try TestSupport.TemporaryFolder()
    let copy = URL(filePath: scratch.appending(name))
    try FileManager.default.copyItem(at: original, to: copy)
    let result = try trailmerge("run", "job.yaml", in: copy)
    var found = try FileTree.read(copy.appending(path: "output").path).filter(holdsRecords)
    found.append(TreeFile(path: "exit", bytes: Array("\(result.status)\n".utf8)))
    found.sort { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }

    let expected = original.appending(path: "expected").path
    if ProcessInfo.processInfo.environment["TRAILMERGE_ACCEPT"] != nil {
      try? FileManager.default.removeItem(atPath: expected)
      try FileTree.write(found, in: expected)
    }
    let difference = FileTree.firstDifference(found, try FileTree.read(expected))
    #expect(difference == nil, "\(result.errors)")
  }

  @Test("are there")
  func areThere() {
    #expect(CaseTests.names.count > 5)
  }

  /// Whether a file is an output or a side file, rather than what depends on times and sizes.
  private func holdsRecords(_ file: TreeFile) -> Bool {
    !file.path.hasPrefix("_trailmerge/")
      || ["_trailmerge/conflicts/", "_trailmerge/rejected/"].contains { file.path.hasPrefix($0) }
  }
}
