import Bytes
import Dataset
import Foundation
import TestSupport
import Testing

/// A commit that was cut off anywhere ends as if it had not been, here or in a copy.
struct JournalTests {
  /// A dataset before a commit, and the journal of that commit.
  private struct Bench {
    let folder: TemporaryFolder
    let layout: DatasetLayout
    let steps: [JournalStep]

    var journal: Journal { Journal(steps) }

    static let files = [
      ("ndjson/a=1/part-00000.ndjson", "old"), ("ndjson/a=2/part-00000.ndjson", "old"),
      ("ndjson/a=2/part-00001.ndjson", "old 2"), ("ndjson/a=2/part-00002.ndjson", "old 3"),
      ("ndjson/a=2/notes.txt", "not ours"), ("ndjson/a=2/more/notes.txt", "not ours"),
      ("ndjson/a=3/b=1/part-00000.ndjson", "old"), ("ndjson/a=4/part-00000.ndjson", "old"),
      ("ndjson/a=4/notes.txt", "not ours"), ("_trailmerge/manifest.json", "old"),
      ("_trailmerge/staging/1", "new"), ("_trailmerge/staging/2/part-00000.ndjson", "new"),
      ("_trailmerge/staging/2/part-00001.ndjson", "new 2"), ("_trailmerge/staging/3", "new root"),
      ("_trailmerge/staging/4/part-00000.ndjson", "new"),
      ("_trailmerge/staging/4/part-00001.ndjson", "new 2"),
    ]

    init() throws {
      folder = try TemporaryFolder()
      layout = DatasetLayout(Path(folder.path))
      for (path, text) in Bench.files { try FileTree.write(text, to: path, in: folder.path) }
      steps = [
        Bench.put("ndjson/a=1/part-00000.ndjson", from: "1", "new"),
        .switchFolder("ndjson/a=2", with: "_trailmerge/staging/2"),
        Bench.put("ndjson/a=2/part-00000.ndjson", from: "2/part-00000.ndjson", "new"),
        Bench.put("ndjson/a=2/part-00001.ndjson", from: "2/part-00001.ndjson", "new 2"),
        .remove("ndjson/a=2/part-00002.ndjson"),
        .remove("ndjson/a=3/b=1/part-00000.ndjson"), .remove("ndjson/a=4/part-00000.ndjson"),
        .switchFolder("ndjson/a=5", with: "_trailmerge/staging/4"),
        Bench.put("ndjson/a=5/part-00000.ndjson", from: "4/part-00000.ndjson", "new"),
        Bench.put("ndjson/a=5/part-00001.ndjson", from: "4/part-00001.ndjson", "new 2"),
        Bench.put("_trailmerge/manifest.json", from: "3", "new root"),
      ]
      try journal.makeFolders(layout)
    }

    private static func put(_ target: Path, from staged: String, _ text: String) -> JournalStep {
      .put(
        target, from: Path("_trailmerge/staging/" + staged), FileHash(of: text.utf8.span))
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
    "_trailmerge/manifest.json new root", "ndjson/a=1/part-00000.ndjson new",
    "ndjson/a=2/more/notes.txt not ours", "ndjson/a=2/notes.txt not ours",
    "ndjson/a=2/part-00000.ndjson new", "ndjson/a=2/part-00001.ndjson new 2",
    "ndjson/a=4/notes.txt not ours", "ndjson/a=5/part-00000.ndjson new",
    "ndjson/a=5/part-00001.ndjson new 2", "a=1", "a=2", "a=4", "a=5",
  ]

  @Test func `a commit changes what it lists, and leaves what a person put beside it`() throws {
    let bench = try Bench()
    try bench.journal.apply(bench.layout)
    #expect(difference(of: try bench.state(), from: Self.committed) == nil)
  }

  @Test func `finishing a commit that ended, any number of times, changes nothing`() throws {
    let bench = try Bench()
    try bench.journal.apply(bench.layout)
    for turn in 1...2 {
      try bench.journal.replay(bench.layout)
      #expect(difference(of: try bench.state(), from: Self.committed) == nil, "\(turn) times")
    }
  }

  @Test(arguments: 0...6)
  func `a commit whose files were renamed one by one is finished after any of them`(
    _ count: Int
  ) throws {
    let bench = try Bench()
    let puts = bench.steps.filter { if case .put = $0 { true } else { false } }
    try Journal(Array(puts.prefix(count))).apply(bench.layout)
    try bench.journal.replay(bench.layout)
    #expect(difference(of: try bench.state(), from: Self.committed) == nil)
  }

  @Test(arguments: ["ndjson/a=2", "ndjson/a=5"])
  func `a commit that was cut off after folders changed places is finished`(
    _ target: Path
  ) throws {
    let bench = try Bench()
    for case .switchFolder(target, let staged) in bench.steps {
      let (from, to) = (bench.layout.root.appending(staged), bench.layout.root.appending(target))
      if FileSystem.exists(to) {
        try FileSystem.exchange(from, to)
      } else {
        try FileSystem.rename(from, to: to)
      }
    }
    try bench.journal.replay(bench.layout)
    #expect(difference(of: try bench.state(), from: Self.committed) == nil)
  }

  @Test func `a commit whose new bytes are nowhere is refused, and nothing is changed`() throws {
    for damage in ["", "nEw"] {
      let bench = try Bench()
      if damage.isEmpty {
        try FileSystem.removeFile(bench.layout.staging.appending("3"))
      } else {
        try FileTree.write(damage, to: "_trailmerge/staging/3", in: bench.folder.path)
      }
      let before = try FileTree.read(bench.folder.path)
      let error = #expect(throws: DatasetError.self) { try bench.journal.replay(bench.layout) }
      #expect(error?.description.contains("_trailmerge/manifest.json") == true)
      let after = try FileTree.read(bench.folder.path)
      #expect(FileTree.firstDifference(before, after) == nil)
    }
  }

  @Test func `a journal comes back as it was written, names of any bytes too`() throws {
    let bench = try Bench()
    let odd = Path(bytes: Array("a \"\\\n".utf8) + [0xFF, 0xC3, 0x7F])
    let staged = Path("_trailmerge/staging").appending(odd)
    let hash = FileHash(of: "text".utf8.span)
    let steps =
      bench.steps + [
        .put(odd, from: staged, hash), .switchFolder(odd, with: staged), .remove(odd),
      ]
    #expect(try Journal(bench.layout) == nil)
    try Journal(steps).write(bench.layout)
    var read: [JournalStep] = []
    let journal = try #require(try Journal(bench.layout))
    try journal.steps.pass { read.append($0) }
    #expect(read == steps && journal.steps.count == steps.count)
  }

  @Test func `a journal with any byte altered, or cut off anywhere, is damaged`() throws {
    let bench = try Bench()
    try bench.journal.write(bench.layout)
    let bytes = try FileSystem.contents(of: bench.layout.journal)
    func isRefused(_ bytes: some Sequence<UInt8>) throws -> Bool {
      try FileTree.write(Array(bytes), to: "_trailmerge/journal.ndjson", in: bench.folder.path)
      do {
        return try Journal(bench.layout) == nil
      } catch is DatasetError {
        return true
      }
    }
    for count in bytes.indices {
      #expect(try isRefused(bytes[..<count]), "\(count) bytes")
      var flipped = bytes
      flipped[count] ^= 1
      #expect(try isRefused(flipped), "byte \(count)")
    }
  }

  @Test(arguments: [
    JournalStep.remove("../f"), .remove("/etc/f"), .remove("a/../../f"), .remove("a//f"),
    .remove("./f"), .remove(""), .remove("_trailmerge"), .remove("_trailmerge/lock"),
    .remove("_trailmerge/journal.ndjson"), .remove("_trailmerge/runs/x.json"),
    .put("f", from: "../f", FileHash(of: "".utf8.span)),
    .put("f", from: "_trailmerge/manifest.json", FileHash(of: "".utf8.span)),
    .put("../f", from: "_trailmerge/staging/1", FileHash(of: "".utf8.span)),
    .switchFolder("..", with: "_trailmerge/staging/2"),
    .switchFolder("ndjson", with: "_trailmerge/staging/../../outside"),
    .remove(Path("ndjson/" + String(repeating: "a/", count: 35_000) + "f")),
  ])
  func `a journal that leads out of the dataset is refused`(_ step: JournalStep) throws {
    let bench = try Bench()
    try Journal([step]).write(bench.layout)
    #expect(throws: DatasetError.self) { try Journal(bench.layout) }
  }

  @Test func `a commit does not go through a link`() throws {
    let bench = try Bench()
    let outside = try TemporaryFolder()
    try FileTree.write("keep", to: "part-00000.ndjson", in: outside.path)
    try FileSystem.removeTree(bench.layout.root.appending("ndjson/a=1"))
    try FileManager.default.createSymbolicLink(
      atPath: bench.folder.appending("ndjson/a=1"), withDestinationPath: outside.path)
    let error = #expect(throws: DatasetError.self) { try bench.journal.replay(bench.layout) }
    #expect(error?.description.contains("ndjson/a=1 is a link") == true)
    #expect(try FileTree.read(outside.path).map(\.bytes) == [Array("keep".utf8)])
    #expect(throws: DatasetError.self) { try bench.journal.checkFolders(bench.layout) }
  }

  @Test func `finishing a commit takes nothing from outside, and moves nothing there`() throws {
    let part: Path = "ndjson/a=9/part-00000.ndjson"
    let hash = FileHash(of: "keep".utf8.span)
    let journals: [[JournalStep]] = [
      [
        .switchFolder("ndjson/a=9", with: "_trailmerge/staging/link"),
        .put(part, from: "_trailmerge/staging/link/part-00000.ndjson", hash),
      ],
      [.switchFolder("ndjson/a=9", with: "_trailmerge/staging/link")],
      [.put(part, from: "_trailmerge/staging/link/part-00000.ndjson", hash)],
      [.put(part, from: "_trailmerge/staging/file", hash)],
      [.switchFolder("ndjson", with: "_trailmerge/staging/2")],
      // The folder that changes places has a link for the steps after it.
      [
        .switchFolder("ndjson/a=9", with: "_trailmerge/staging/9"),
        .put(part, from: "_trailmerge/staging/9/part-00000.ndjson", hash),
        .remove("ndjson/a=9/link/part-00000.ndjson"),
      ],
    ]
    for (number, steps) in journals.enumerated() {
      let bench = try Bench()
      let outside = try TemporaryFolder()
      try FileTree.write("keep", to: "part-00000.ndjson", in: outside.path)
      try FileTree.write(
        "keep", to: "_trailmerge/staging/9/part-00000.ndjson", in: bench.folder.path)
      for (link, target) in [
        ("link", ""), ("9/link", ""), ("file", "/part-00000.ndjson"),
      ] {
        try FileManager.default.createSymbolicLink(
          atPath: bench.folder.appending("_trailmerge/staging/\(link)"),
          withDestinationPath: outside.path + target)
      }
      #expect(throws: DatasetError.self, "\(number)") { try Journal(steps).replay(bench.layout) }
      #expect(try FileTree.read(outside.path).map(\.bytes) == [Array("keep".utf8)], "\(number)")
      if number < 5 {
        #expect(!FileSystem.exists(bench.layout.root.appending("ndjson/a=9")), "\(number)")
      }
    }
  }

  @Test func `a dataset is made again whatever its journal says`() throws {
    for name in [String(repeating: "a", count: 300), String(repeating: "a/", count: 3000) + "f"] {
      let bench = try Bench()
      try Journal([.remove(Path("ndjson/" + name))]).write(bench.layout)
      _ = try OpenDataset.open(bench.layout.root, lockWait: 0, isRebuild: true)
      #expect(!FileSystem.exists(bench.layout.journal))
    }
  }

  @Test func `folders are made all or not at all`() throws {
    let bench = try Bench()
    let hash = FileHash(of: "".utf8.span)
    let journal = Journal([
      .put("new/deep/file", from: "_trailmerge/staging/1", hash),
      .put("ndjson/a=1/part-00000.ndjson/file", from: "_trailmerge/staging/1", hash),
    ])
    #expect(throws: FileError.self) { try journal.makeFolders(bench.layout) }
    #expect(!FileSystem.exists(bench.layout.root.appending("new/deep")))
  }
}
