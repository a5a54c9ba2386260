import Bytes
import CloudTrail
import Listing
import Reading
import Segments
import TestSupport
import Testing

/// What is read of the files that there are, and in which order; `FolderSourceTests` is about which
/// there are.
struct DiscoverTests {
  /// A list of files, as another command may make one, each with its path as its name.
  private struct ListSource: InputSource {
    let paths: [String]

    func list(_ mapping: some ParallelMapping, _ take: (Listed) throws -> Void) throws {
      for path in paths.map({ Path($0) }) {
        let folder = ListedFolder(path: path.parent, source: path.parent, depth: 0)
        let file = ListedFile(name: path.lastComponent, byteCount: 2, modified: 0)
        try take(.files(ListedFiles(folder: folder, files: [file])))
      }
    }
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ paths: String...) throws {
    try FileTree.write(paths.map { TreeFile(path: $0, bytes: [0x7B, 0x7D]) }, in: folder.path)
  }

  private func find(_ input: String) throws -> ListedTree {
    try ListedTree(folder.appending(input))
  }

  @Test func `only folders below the input make a file another service's`() throws {
    try write(
      "AWSLogs/111122223333/Copies/exports/a.json", "AWSLogs/111122223333/Copies/b.json",
      "AWSLogs/111122223333/Copies/444455556666/Config/us-east-1/c.json")
    let copies = try find("AWSLogs/111122223333/Copies")
    #expect(copies.paths.count == 2)
    #expect(copies.discovery.skipped == ["Config": 1])
    let all = try find("AWSLogs")
    #expect(all.paths.isEmpty)
    #expect(all.discovery.skipped == ["Copies": 3])
  }

  @Test func `a list of files is read like folders`() throws {
    let folder = "bucket/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11"
    let digest =
      "111122223333_CloudTrail-Digest_eu-west-1_main_eu-west-1_20261119T080501Z.json.gz"
    let paths = [
      "./notes.json", "\(folder)/19/z.json", "\(folder)/20/a.json", "\(folder)/20/b.json",
    ]
    let found = try ListedTree(ListSource(paths: ["./" + digest] + paths))
    #expect(found.paths == paths)
    #expect(found.discovery.skipped == ["CloudTrail-Digest": 1])
    let facts = try #require(found.groups.dropFirst().first?.facts)
    #expect(facts.kind == .log(.events) && facts.delivery == Day("2026-11-19"))
  }

  @Test func `files are numbered in the order of their paths`() throws {
    try write("b/x.json", "a/y.json", "a.json", "b.json", "a/z.json")
    let found = try ListedTree(self.folder.path)
    #expect(found.paths == found.paths.sorted())
    #expect(found.groups.flatMap(\.files).map(\.number) == [0, 1, 2, 3, 4])
    for (number, path) in found.paths.enumerated() {
      #expect(try found.sources.path(UInt32(number)).description == path)
    }
  }

  @Test func `a group comes back from its row as it was`() throws {
    try write(
      "AWSLogs/o-ab12cd34ef/111122223333/CloudTrail/eu-west-1/2026/11/20/b.json.gz", "é.json", "x")
    for group in try ListedTree(self.folder.path).groups {
      var row = ByteBuffer()
      group.append(to: &row)
      var reader = RowReader(row.bytes)
      let read = FileGroup(&reader)
      #expect(reader.isAtEnd && read.facts == group.facts)
      #expect(read.folder.path == group.folder.path && read.folder.source == group.folder.source)
      #expect(read.files.map(\.name) == group.files.map(\.name))
      #expect(read.files.map(\.byteCount) == group.files.map(\.byteCount))
      #expect(read.files.map(\.modified) == group.files.map(\.modified))
      #expect(read.files.map(\.number) == group.files.map(\.number))
    }
  }
}
