import Bytes
import Foundation
import Listing
import TestSupport
import Testing

/// Which files there are below folders, and in which order, whoever lists the folders.
struct FolderSourceTests {
  /// Has the folders listed by threads that are ahead of the walk, or behind it.
  private struct Helpers: ParallelMapping {
    let count = 4

    func forEach<Tools>(
      _ pieceCount: Int, with makeTools: @Sendable (Int) throws -> Tools,
      _ body: @Sendable (Int, Tools) throws -> Void
    ) throws {
      try SequentialMapping().forEach(pieceCount, with: makeTools, body)
    }

    func run<Result>(
      helpedBy help: @Sendable () -> Void, _ body: () throws -> Result
    ) rethrows -> Result {
      try withoutActuallyEscaping(help) { help in
        let others = DispatchGroup()
        for number in 1..<count {
          DispatchQueue(label: "helper \(number)").async(group: others) { help() }
        }
        defer { others.wait() }
        return try body()
      }
    }
  }

  /// All that a source handed over, in its order.
  private struct Found {
    var sources: [String] = []
    var paths: [Path] = []
    var skipped: [String: Int] = [:]
    var failures: [Path] = []
    /// The folders of files that were handed over together.
    var groups: [Path] = []
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
    _ inputs: String..., dataset: String? = nil, wanting wanted: WantedNames? = nil,
    mapping: some ParallelMapping = SequentialMapping()
  ) throws -> Found {
    let roots = try inputs.map { input in
      InputRoot(
        path: try FileSystem.place(ofInput: Path(folder.appending(input))), source: Path(input))
    }
    let source = FolderSource(
      roots, dataset: dataset.map { Path(folder.appending($0)) }, wanting: wanted)
    var found = Found()
    try source.list(mapping) { listed in
      switch listed {
      case .files(let files):
        found.groups.append(files.folder.source)
        for file in files.files {
          found.sources.append(files.folder.source.appending(file.name).description)
          found.paths.append(files.folder.path.appending(file.name))
        }
      case .skipped(let reason, _): found.skipped[reason.rawValue, default: 0] += 1
      case .failed(_, let source, _): found.failures.append(source)
      }
    }
    return found
  }

  // MARK: Order

  @Test func `files come in the order of their paths, whoever lists the folders`() throws {
    // 300 folders on several levels, more than are listed at once.
    for account in 0..<10 {
      for day in 0..<29 {
        for part in 0..<(day % 3) { try write("in/a\(account)/d\(day)/\(part).json") }
        try write("in/a\(account)/d\(day)/x/deep.json")
      }
    }
    let one = try find("in")
    let other = try find("in", mapping: Helpers())
    #expect(one.sources == other.sources)
    #expect(one.sources.first == "in/a0/d0/x/deep.json")
    #expect(Set(one.sources).count == 10 * (28 + 29))
    #expect(one.skipped == [:] && one.failures == [])
  }

  @Test func `files and folders of one folder come in the order of whole paths`() throws {
    try write(
      "in/a/x.json", "in/a/y.json", "in/a-b.json", "in/a.d/z.json", "in/a.json", "in/a0.json",
      "in/ab/w.json", "in/b.json", "in/b/v.json", "in.d/u.json")
    try link("in/a!", to: "in.d")
    let found = try find("in")
    let bytes = found.sources.map { Array($0.utf8) }
    #expect(
      faults("file", in: bytes.indices.dropLast()) { place in
        bytes[place].lexicographicallyPrecedes(bytes[place + 1])
          ? nil : "\(found.sources[place]) comes before \(found.sources[place + 1])"
      } == [])
    #expect(found.sources.count == 10)
  }

  @Test func `inputs come in the order of their names, however they are given`() throws {
    try write("b/x.json", "a/y.json", "a.json", "a0/z.json")
    let sources = ["a.json", "a/y.json", "a0/z.json", "b/x.json"]
    #expect(try find("b", "a0", "a.json", "a").sources == sources)
    #expect(try find("a", "a.json", "a0", "b").sources == sources)
  }

  @Test func `files of a folder are handed over together, unless another folder is between them`()
    throws
  {
    try write(
      "in/d/1.json", "in/d/2.json", "in/e/3.json", "in/f.json", "in/f/4.json", "in/g.json",
      "in/h.json")
    let found = try find("in")
    #expect(found.groups == ["in/d", "in/e", "in", "in/f", "in"])
    #expect(
      found.sources.map { $0.dropFirst(3) } == [
        "d/1.json", "d/2.json", "e/3.json", "f.json", "f/4.json", "g.json", "h.json",
      ])
  }

  @Test func `every path is a file of its own, whatever else has its bytes`() throws {
    try write("in/a.json")
    try FileManager.default.linkItem(
      atPath: folder.appending("in/a.json"), toPath: folder.appending("in/again.json"))
    let found = try find("in")
    #expect(found.sources == ["in/a.json", "in/again.json"])
    #expect(found.skipped == [:])
  }

  @Test func `a file that is an input has the path it is given, also as a link`() throws {
    try write("deep/stored-123")
    try link("a/events.json", to: "deep/stored-123")
    let found = try find("a/events.json", "deep/stored-123")
    #expect(found.sources == ["a/events.json", "deep/stored-123"])
    #expect(found.paths[0].lastComponent == Array("events.json".utf8))
  }

  @Test func `unwanted files are left out, by their names; what is hidden or a link is found`()
    throws
  {
    try write(
      "in/a/b/take.json", "in/a/leave.json", "in/leave/take.json", "in/.leave.json",
      "in/.git/leave.json", "out/leave.json")
    try link("in/link", to: "out/leave.json")
    let isWanted: WantedNames = { _ in { $0 == Array("take.json".utf8) } }
    let found = try find("in", wanting: isWanted, mapping: Helpers())
    #expect(found.sources == ["in/a/b/take.json", "in/leave/take.json", "in/link"])
    #expect(found.skipped == ["hidden": 2] && found.failures == [])
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
      found.sources == [
        "in/a.json", "in/one/b.json", "in/one/further/d.json", "in/one/sub/c.json",
        "in/two/b.json", "in/two/further/d.json", "in/two/sub/c.json", "in/x.json",
      ])
    #expect(found.skipped == [:])
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
      found.sources.sorted() == [
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
    #expect(found.sources == ["in/a.json", "in/l/b.json", "in/l/l/c.json"])
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
    #expect(Set(found.paths.map(\.parent.lastComponent)).count >= 12)
    #expect(found.sources.count < 12 * 41)
  }

  @Test func `what a link leads to is no input again, and a hidden link leads nowhere`() throws {
    try write("in/a.json", "store/b.json", "store/other/c.json")
    try link("in/l", to: "store")
    try link("in/.l", to: "store")
    let found = try find("in", "store/other")
    #expect(found.sources == ["in/a.json", "in/l/b.json", "store/other/c.json"])
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
    #expect(found.sources == ["in/a.json", "in/l/d.json", "in/other/ndjson/b.json"])
    #expect(found.skipped == ["dataset": 1, "_trailmerge": 1])
  }
}
