import Bytes
import CloudTrail
import Foundation
import Reading
import TestSupport
import Testing

/// Which files are found, and in which order, whoever lists the folders.
struct DiscoverTests {
  /// Lists folders in the wrong order, as threads may.
  private struct Backwards: ParallelMapping {
    let count = 1

    func forEach<Tools>(
      _ pieceCount: Int, with makeTools: @Sendable (Int) throws -> Tools,
      _ body: @Sendable (Int, Tools) throws -> Void
    ) throws {
      let tools = try makeTools(0)
      for piece in (0..<pieceCount).reversed() { try body(piece, tools) }
    }
  }

  /// 300 folders on several levels, more than are listed at once.
  private func makeTree() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var files: [TreeFile] = []
    for account in 0..<10 {
      for day in 0..<29 {
        for part in 0..<(day % 3) {
          files.append(TreeFile(path: "a\(account)/d\(day)/\(part).json", bytes: [0x7B, 0x7D]))
        }
        files.append(TreeFile(path: "a\(account)/d\(day)/x/deep.json", bytes: [0x7B, 0x7D]))
      }
    }
    try FileTree.write(files, in: folder.path)
    return folder
  }

  private func sources(_ discovery: Discovery) -> [String] {
    discovery.list.files.map { discovery.list.source(of: $0).description }
  }

  @Test func `files come in the order of their paths, whoever lists the folders`() throws {
    let folder = try makeTree()
    defer { withExtendedLifetime(folder) {} }
    let root = InputRoot(path: try FileSystem.resolved(Path(folder.path)), sourcePrefix: "")
    let one = try discover([root], families: [.events])
    let other = try discover([root], families: [.events], mapping: Backwards())
    #expect(sources(one) == sources(other))
    #expect(Set(sources(one)).count == 10 * (28 + 29))
    #expect(one.skipped.isEmpty && one.failures.isEmpty)
  }

  @Test func `of two names of one file the first counts, whoever lists the folders`() throws {
    let folder = try makeTree()
    defer { withExtendedLifetime(folder) {} }
    let root = Path(folder.path)
    try FileManager.default.linkItem(
      atPath: folder.path + "/a9/d1/0.json", toPath: folder.path + "/a0/d0/again.json")
    let input = InputRoot(path: try FileSystem.resolved(root), sourcePrefix: "")
    let one = try discover([input], families: [.events])
    let other = try discover([input], families: [.events], mapping: Backwards())
    #expect(sources(one) == sources(other))
    #expect(sources(one).contains("a0/d0/again.json"))
    #expect(!sources(one).contains("a9/d1/0.json"))
    #expect(one.skipped == ["same file": 1])
  }
}
