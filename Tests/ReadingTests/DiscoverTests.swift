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

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func write(_ paths: String...) throws {
    try FileTree.write(paths.map { TreeFile(path: $0, bytes: [0x7B, 0x7D]) }, in: folder.path)
  }

  /// Makes a link at `path` to a place below the folder, or to wherever `target` leads.
  private func link(_ path: String, to target: String) throws {
    try FileSystem.createFolders(Path(folder.appending(path)).parent)
    try FileManager.default.createSymbolicLink(
      atPath: folder.appending(path), withDestinationPath: folder.appending(target))
  }

  private func find(
    _ inputs: String..., dataset: String? = nil, mapping: some ParallelMapping = SequentialMapping()
  ) throws -> Discovery {
    let roots = try inputs.map { input in
      InputRoot(
        path: try FileSystem.place(ofInput: Path(folder.appending(input))), source: Path(input))
    }
    return try discover(
      roots, families: [.events], dataset: dataset.map { Path(folder.appending($0)) },
      mapping: mapping)
  }

  private func sources(_ discovery: Discovery) -> [String] {
    discovery.list.files.map { discovery.list.source(of: $0).description }
  }

  @Test func `files come in the order of their paths, whoever lists the folders`() throws {
    // 300 folders on several levels, more than are listed at once.
    for account in 0..<10 {
      for day in 0..<29 {
        for part in 0..<(day % 3) { try write("in/a\(account)/d\(day)/\(part).json") }
        try write("in/a\(account)/d\(day)/x/deep.json")
      }
    }
    let one = try find("in")
    let other = try find("in", mapping: Backwards())
    #expect(sources(one) == sources(other))
    #expect(sources(one).first == "in/a0/d0/x/deep.json")
    #expect(Set(sources(one)).count == 10 * (28 + 29))
    #expect(one.skipped.isEmpty && one.failures.isEmpty)
  }

  @Test func `every path is a file of its own, whatever else has its bytes`() throws {
    try write("in/a.json")
    try FileManager.default.linkItem(
      atPath: folder.appending("in/a.json"), toPath: folder.appending("in/again.json"))
    let found = try find("in")
    #expect(sources(found) == ["in/a.json", "in/again.json"])
    #expect(found.skipped.isEmpty)
  }

  @Test func `a file that is an input has the path it is given, also as a link`() throws {
    try write("deep/stored-123")
    try link("a/events.json", to: "deep/stored-123")
    let found = try find("a/events.json", "deep/stored-123")
    #expect(sources(found) == ["a/events.json", "deep/stored-123"])
    #expect(found.list.path(of: found.list.files[0]).lastComponent == Array("events.json".utf8))
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

  // MARK: Links

  @Test func `links out of the inputs are followed, each as a path of its own`() throws {
    try write("in/a.json", "out/b.json", "out/sub/c.json", "far/d.json")
    try link("in/one", to: "out")
    try link("in/two", to: "out")
    try link("in/x.json", to: "out/b.json")
    try link("out/further", to: "far")
    let found = try find("in")
    #expect(
      sources(found) == [
        "in/a.json", "in/one/b.json", "in/one/further/d.json", "in/one/sub/c.json",
        "in/two/b.json", "in/two/further/d.json", "in/two/sub/c.json", "in/x.json",
      ])
    #expect(found.skipped.isEmpty)
  }

  @Test(
    "a link that leads nowhere, to what is found without it, or in a circle is skipped",
    arguments: [
      ("in/l", "none"), ("in/l", "in/l"), ("in/l", "in"), ("in/l.json", "in/a.json"),
      ("in/sub/l", "in/other"), ("in/l", ""), ("in/l", "second"), ("in/l", "second/deep"),
      ("in/l", "file.json"), ("in/l", "data"), ("in/l", "data/ndjson"), ("in/l", "x/_trailmerge/y"),
    ])
  func circles(link path: String, target: String) throws {
    try write(
      "in/a.json", "in/other/b.json", "second/deep/c.json", "file.json", "data/ndjson/d.json",
      "x/_trailmerge/y/e.json")
    try link(path, to: target)
    let found = try find("in", "second", "file.json", dataset: "data")
    #expect(
      sources(found).sorted() == [
        "file.json", "in/a.json", "in/other/b.json", "second/deep/c.json",
      ])
    #expect(found.skipped == ["link": 1])
  }

  @Test func `links outside the inputs that lead to one another come to an end`() throws {
    try write("in/a.json", "one/b.json", "two/c.json")
    try link("in/l", to: "one")
    try link("one/l", to: "two")
    try link("two/l", to: "one")
    try link("two/in", to: "in")
    let found = try find("in")
    #expect(sources(found) == ["in/a.json", "in/l/b.json", "in/l/l/c.json"])
    #expect(found.skipped == ["link": 2])
  }

  @Test func `many folders that link to one another come to an end too`() throws {
    let names = (0..<12).map { "out/\($0)" }
    for name in names {
      try write("\(name)/x.json")
      for other in names { try link("\(name)/\(other.dropFirst(4))", to: other) }
    }
    try link("in/l", to: "out/0")
    let found = try find("in")
    #expect(Set(found.list.files.map { found.list.path(of: $0).parent.lastComponent }).count >= 12)
    #expect(found.list.files.count < 12 * 41)
  }

  @Test func `what a link leads to is no input again, and a hidden link leads nowhere`() throws {
    try write("in/a.json", "store/b.json", "store/other/c.json")
    try link("in/l", to: "store")
    try link("in/.l", to: "store")
    let found = try find("in", "store/other")
    #expect(sources(found) == ["in/a.json", "in/l/b.json", "store/other/c.json"])
    #expect(found.skipped == ["link": 1, "hidden": 1])
  }

  // MARK: Datasets

  @Test func `the job's dataset and folders of the tool are left out, however they are reached`()
    throws
  {
    try write(
      "in/a.json", "in/other/ndjson/b.json", "in/other/_trailmerge/rejected.json",
      "store/data/ndjson/c.json", "store/data/_trailmerge/rejected.json", "store/d.json")
    try link("in/l", to: "store")
    let found = try find("in", dataset: "store/data")
    #expect(sources(found) == ["in/a.json", "in/l/d.json", "in/other/ndjson/b.json"])
    #expect(found.skipped == ["dataset": 1, "_trailmerge": 1])
  }
}
