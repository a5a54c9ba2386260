import Bytes
import CloudTrail
import Listing
import Reading
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

  private func find(_ inputs: String...) throws -> Discovery {
    let roots = try inputs.map { input in
      InputRoot(
        path: try FileSystem.place(ofInput: Path(folder.appending(input))), source: Path(input))
    }
    return try discover(roots, families: [.events])
  }

  private func sources(_ discovery: Discovery) -> [String] {
    discovery.list.files.map { discovery.list.source(of: $0).description }
  }

  @Test func `only folders below the input make a file another service's`() throws {
    try write(
      "AWSLogs/111122223333/Copies/exports/a.json", "AWSLogs/111122223333/Copies/b.json",
      "AWSLogs/111122223333/Copies/444455556666/Config/us-east-1/c.json")
    let copies = try find("AWSLogs/111122223333/Copies")
    #expect(copies.list.files.count == 2)
    #expect(copies.skipped == ["Config": 1])
    let all = try find("AWSLogs")
    #expect(all.list.files.isEmpty)
    #expect(all.skipped == ["Copies": 3])
  }

  @Test func `files of one account and region come together, then by day, then by path`() throws {
    let top = "in/AWSLogs/o-ab12cd34ef"
    let days = [
      "111122223333/CloudTrail/eu-west-1/2026/11/20",
      "111122223333/CloudTrail/us-east-1/2026/11/19",
      "444455556666/CloudTrail/eu-west-1/2026/11/19",
    ]
    for day in days.reversed() {
      try write("\(top)/\(day)/b.json", "\(top)/\(day)/a.json", "in/AWSLogs/\(day)/c.json")
    }
    try write("in/aside.json")
    let expected = days.flatMap { day in
      ["in/AWSLogs/\(day)/c.json", "\(top)/\(day)/a.json", "\(top)/\(day)/b.json"]
    }
    #expect(sources(try find("in")) == expected + ["in/aside.json"])
  }

  @Test func `a list of files is read like folders, in whatever order it is`() throws {
    let folder = "bucket/AWSLogs/111122223333/CloudTrail/eu-west-1/2026/11"
    let digest =
      "111122223333_CloudTrail-Digest_eu-west-1_main_eu-west-1_20261119T080501Z.json.gz"
    let paths = ["\(folder)/20/b.json", "notes.json", digest, "\(folder)/19/z.json"]
    let listed = [paths[3], "\(folder)/20/a.json", paths[0], paths[1]]
    for order in [paths + [listed[1]], [listed[1]] + paths.reversed()] {
      let found = try discover(in: ListSource(paths: order), families: [.events])
      #expect(sources(found) == listed.map { $0.contains("/") ? $0 : "./\($0)" })
      #expect(found.skipped == ["CloudTrail-Digest": 1])
      let facts = found.list.facts(of: found.list.files[0])
      #expect(facts.kind == .log(.events) && facts.delivery == Day("2026-11-19"))
    }
  }
}
