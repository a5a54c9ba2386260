import Bytes
import Dataset
import TestSupport
import Testing

/// A commit that was cut off anywhere ends as if it had not been.
struct JournalTests {
  /// A dataset before a commit, and the journal of that commit.
  private struct Bench {
    let folder: TemporaryFolder
    let layout: DatasetLayout
    var journal = Journal()

    init() throws {
      folder = try TemporaryFolder()
      layout = DatasetLayout(Path(folder.path))
      for (path, text) in [
        ("ndjson/a=1/part-00000.ndjson", "old"), ("ndjson/a=2/part-00000.ndjson", "old"),
        ("ndjson/a=2/part-00001.ndjson", "old"), ("ndjson/a=3/b=1/part-00000.ndjson", "old"),
        ("ndjson/a=4/part-00000.ndjson", "old"), ("ndjson/a=4/notes.txt", "not ours"),
        ("_trailmerge/manifest.json", "old"), ("_trailmerge/staging/1", "new"),
        ("_trailmerge/staging/2/part-00000.ndjson", "new"),
        ("_trailmerge/staging/2/part-00001.ndjson", "new"),
        ("_trailmerge/staging/3", "new"), ("_trailmerge/staging/4/part-00000.ndjson", "new"),
      ] {
        try FileTree.write(text, to: path, in: folder.path)
      }
      let staged = layout.root.appending("_trailmerge/staging/2")
      journal.steps = [
        .rename(from: "_trailmerge/staging/1", to: "ndjson/a=1/part-00000.ndjson"),
        .exchange(
          from: "_trailmerge/staging/2", to: "ndjson/a=2",
          inode: try FileSystem.status(staged).inode),
        .remove("ndjson/a=3/b=1/part-00000.ndjson"), .remove("ndjson/a=4/part-00000.ndjson"),
        .rename(from: "_trailmerge/staging/4", to: "ndjson/a=5"),
        .rename(from: "_trailmerge/staging/3", to: "_trailmerge/manifest.json"),
      ]
      try journal.makeFolders(layout)
    }

    func apply(_ steps: some Sequence<JournalStep>) throws {
      var journal = Journal()
      journal.steps = Array(steps)
      try journal.apply(layout)
    }

    /// What a reader sees, and the folders that are left.
    func state() throws -> [String] {
      try FileTree.read(folder.path).filter { !$0.path.hasPrefix("_trailmerge/staging") }
        .map { "\($0.path) \(String(decoding: $0.bytes, as: UTF8.self))" }
        + ["a=1", "a=2", "a=3", "a=4", "a=5"].filter {
          FileSystem.exists(layout.root.appending("ndjson/\($0)"))
        }
    }
  }

  private static let committed = [
    "_trailmerge/manifest.json new", "ndjson/a=1/part-00000.ndjson new",
    "ndjson/a=2/part-00000.ndjson new", "ndjson/a=2/part-00001.ndjson new",
    "ndjson/a=4/notes.txt not ours", "ndjson/a=5/part-00000.ndjson new", "a=1", "a=2", "a=4", "a=5",
  ]

  @Test func `steps taken again after any of them give what all of them give once`() throws {
    for count in 0...6 {
      let bench = try Bench()
      try bench.apply(bench.journal.steps.prefix(count))
      for turn in 1...2 {
        try bench.journal.apply(bench.layout)
        let state = try bench.state()
        #expect(
          difference(of: state, from: Self.committed) == nil,
          "\(count) steps, then all of them \(turn) times")
      }
    }
  }

  @Test func `a journal comes back as it was written, names of any bytes too`() throws {
    let bench = try Bench()
    var journal = bench.journal
    let odd = Path(bytes: Array("a \"\\\n".utf8) + [0xFF, 0xC3, 0x7F])
    journal.steps += [
      .rename(from: odd, to: odd), .exchange(from: odd, to: odd, inode: .max), .remove(odd),
    ]
    let before = try Journal(bench.layout)
    #expect(before == nil)
    try journal.write(bench.layout)
    let read = try Journal(bench.layout)
    #expect(read?.steps == journal.steps)
  }

  @Test func `a journal that is cut off inside a line is damaged, at a byte that is named`() throws
  {
    let bench = try Bench()
    try bench.journal.write(bench.layout)
    let bytes = try FileSystem.contents(of: bench.layout.journal)
    for count in 1..<bytes.count where bytes[count - 1] != 0x0A && bytes[count] != 0x0A {
      try FileTree.write(
        Array(bytes[..<count]), to: "_trailmerge/journal.ndjson", in: bench.folder.path)
      let start = (bytes[..<count].lastIndex(of: 0x0A) ?? -1) + 1
      let error = #expect(throws: DatasetError.self) { try Journal(bench.layout) }
      #expect(error?.description.contains("byte \(start)") == true, "\(count) bytes")
    }
  }

  @Test func `folders are made all or not at all`() throws {
    let bench = try Bench()
    var journal = Journal()
    journal.steps = [
      .rename(from: "x", to: "new/deep/file"),
      .rename(from: "y", to: "ndjson/a=1/part-00000.ndjson/file"),
    ]
    #expect(throws: FileError.self) { try journal.makeFolders(bench.layout) }
    #expect(!FileSystem.exists(bench.layout.root.appending("new/deep")))
  }
}
