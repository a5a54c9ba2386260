import Bytes
import Dataset
import JobFiles
import JobRunner
import TestSupport
import Testing
import Verification

/// Repairs of what describes a dataset: nothing that is stored is lost, and the next run goes on.
@Suite("A repair")
struct DatasetRepairTests {
  private let dataset: SampleDataset
  private let before: [TreeFile]

  private static let root = "_trailmerge/manifest.json"

  init() throws {
    dataset = try SampleDataset()
    before = try dataset.files()
  }

  private func expectSame(_ comment: Comment? = nil, _ location: SourceLocation = #_sourceLocation)
    throws
  {
    let difference = FileTree.firstDifference(before, try dataset.files())
    #expect(difference == nil, comment, sourceLocation: location)
  }

  @Test(
    "brings back every byte of a list and of the root, wherever a bit is flipped",
    arguments: ["_trailmerge/partitions/2", root])
  func flippedBit(prefix: String) throws {
    let file = try dataset.file(prefix)
    for place in 0..<10 {
      let what: Comment = "\(file), place \(place)"
      try dataset.change(file) { $0[(2 * place + 1) * $0.count / 20] ^= 1 }
      let report = try dataset.verified(repairing: true)
      #expect(report.problems.isEmpty, what)
      #expect(report.repaired == [Path(file)], what)
      try expectSame(what)
    }
    #expect(try dataset.verified().problems.isEmpty)
    #expect(try dataset.run().counts.files.read == 0)
  }

  @Test("makes lists and the root again where all of them are gone, and says what nobody can tell")
  func gone() throws {
    for file in before where file.path.hasPrefix("_trailmerge/partitions/") {
      try dataset.remove(file.path)
    }
    #expect(try dataset.verified(repairing: true).ending == .complete)
    try expectSame("lists")
    try dataset.remove(Self.root)
    #expect(throws: DatasetError.self) { try dataset.verified() }
    let report = try dataset.verified(repairing: true)
    #expect(report.problems.map(\.path) == [Path(Self.root)])
    #expect(report.problems.map(\.remedy) == [.nothing])
    try expectSame("root")
    for file in before
    where file.path.hasPrefix("_trailmerge/partitions/") || file.path == Self.root {
      try dataset.remove(file.path)
    }
    #expect(try dataset.verified(repairing: true).ending == .integrity)
    try expectSame("both")
    #expect(try dataset.verified().ending == .complete)
    #expect(try dataset.run().counts.files.read == 0)
  }

  @Test("of a copy that lacks what was staged forgets the commit, if it has not begun to switch")
  func copyWithoutStaging() throws {
    let layout = DatasetLayout(Path(dataset.path))
    let staged = DatasetFile.Folder.staging.appending("own-1")
    let hash = FileHash(of: Array("other".utf8).span)
    try Journal([.put(Path(Self.root), from: staged, hash)]).write(layout)
    let error = #expect(throws: DatasetError.self) { try dataset.run() }
    #expect(error?.description.contains("verify --repair") == true)
    #expect(error.map { ExitStatus($0) } == .integrity)
    #expect(
      try dataset.verified(repairing: true).problems.map(\.path) == [DatasetFile.journal.path])
    #expect(try dataset.verified().problems.isEmpty)
    try expectSame()
  }

  @Test("of a commit whose bytes are half gone changes nothing, and only --rebuild is left")
  func lostCommit() throws {
    let layout = DatasetLayout(Path(dataset.path))
    try FileTree.write("{}", to: "_trailmerge/staging/own-1", in: dataset.path)
    try dataset.remove(try dataset.file("csv/"))
    try FileTree.write("", to: DatasetFile.journal.path.description, in: dataset.path)
    let left = try dataset.files()
    let error = #expect(throws: DatasetError.self) { try dataset.verified(repairing: true) }
    #expect(error?.description.contains("--rebuild") == true)
    #expect(error?.description.contains("--repair") == false)
    #expect(FileTree.firstDifference(left, try dataset.files()) == nil)
    try Commit.abandon(layout)
    #expect(try dataset.verified(repairing: true).problems.isEmpty)
    try expectSame()
  }

  @Test("of a first commit that has no root yet finishes it")
  func firstCommit() throws {
    let layout = DatasetLayout(Path(dataset.path))
    let root = try FileSystem.contents(of: layout.manifest)
    try FileTree.write(root, to: "_trailmerge/staging/own-1", in: dataset.path)
    try dataset.remove(Self.root)
    try FileTree.write("{}", to: DatasetFile.journal.path.description, in: dataset.path)
    #expect(try dataset.verified().problems.map(\.path) == [DatasetFile.journal.path])
    #expect(
      try dataset.verified(repairing: true).problems.map(\.path) == [DatasetFile.journal.path])
    #expect(try dataset.verified().problems.isEmpty)
    try expectSame()
  }

  @Test("of a root that is gone with all reports of runs asks for the job")
  func unknownJob() throws {
    try FileSystem.removeTree(Path(dataset.path).appending("_trailmerge/runs"))
    try dataset.remove(Self.root)
    let error = #expect(throws: DatasetError.self) { try dataset.verified(repairing: true) }
    #expect(error?.description.contains("--job FILE") == true)
    let report = try dataset.verified(repairing: true, job: JobFingerprint(dataset.job))
    #expect(report.problems.map(\.path) == [Path(Self.root)])
    try expectSame()
    #expect(try dataset.run().counts.files.read == 0)
  }

  @Test("of a root that is gone puts aside what cannot be understood either, and names it")
  func rootAndLedger() throws {
    let ledger = try dataset.file("_trailmerge/ledger/")
    try dataset.change(ledger) { $0.removeLast(5) }
    try dataset.change(Self.root) { $0.removeLast(100) }
    let report = try dataset.verified(repairing: true)
    #expect(Set(report.problems.map(\.path)) == [Path(ledger), Path(Self.root)])
    #expect(try FileTree.read(dataset.path).contains { $0.path.hasPrefix("_trailmerge/damaged/") })
    #expect(try dataset.verified().problems.isEmpty)
    #expect(try dataset.run().counts.files.read > 0)
    try expectSame()
  }

  @Test(
    "of a side file lets the next run list its records again, with the root there or not",
    arguments: [("conflicts", false), ("rejected", true)])
  func sideFiles(_ folder: String, isWithoutRoot: Bool) throws {
    let record = { (text: String) in
      #"{"eventID":"a","eventTime":"2026-11-01T00:00:00Z","eventName":"\#(text)"}"#
    }
    try FileTree.write(
      #"{"Records":[\#(record("b")),\#(record("c")),{"eventID":"d"}]}"#, to: "m/a.json",
      in: dataset.folder.appending("in"))
    let first = try dataset.run()
    let before = try dataset.files()
    let file = try dataset.file("_trailmerge/\(folder)/")
    if isWithoutRoot {
      try dataset.change(file) { $0.removeLast(5) }
      try dataset.remove(Self.root)
    } else {
      try dataset.remove(file)
    }
    let report = try dataset.verified(repairing: true)
    #expect(report.problems.contains { $0.path == Path(file) && $0.remedy == .run })
    let run = try dataset.run()
    #expect(run.counts.files.read > 0 && run.ending == first.ending)
    #expect(run.counts.files.isBalanced && run.counts.records.isBalanced)
    let difference = FileTree.firstDifference(before, try dataset.files())
    #expect(difference == nil)
    #expect(try dataset.run().counts.files.read == 0)
  }

  @Test("of a list whose day has other damage makes outputs again, but no other record")
  func listAndOutputs() throws {
    let list = try dataset.file("_trailmerge/partitions/2")
    let day = String(list.suffix(17).prefix(10))
    for output in ["csv/dt=\(day)", "hours/dt=\(day)"] {
      try dataset.change(try dataset.file(output)) { $0[$0.count / 2] ^= 1 }
      try dataset.change(list) { $0[$0.count / 2] ^= 1 }
      #expect(try dataset.verified(repairing: true).ending == .complete)
      try expectSame("\(output)")
    }
    let store = try #require(
      before.first { $0.path.hasPrefix("ndjson/") && $0.path.contains("dt=\(day)") })
    try dataset.change(store.path) { bytes in
      bytes = Array(bytes.span.text().replacing("\"eventSource\"", with: "\"eventSourcf\"").utf8)
    }
    try dataset.remove(list)
    let report = try dataset.verified(repairing: true)
    #expect(report.problems.map(\.path) == [Path(list)])
    #expect(report.problems.first?.what.contains("not what was committed") == true)
    #expect(try dataset.verified().problems.isEmpty)
  }

  @Test("leaves a list alone whose store has lost a record: only the inputs have that")
  func listAndStore() throws {
    let list = try dataset.file("_trailmerge/partitions/2")
    let day = String(list.suffix(17).prefix(10))
    let store = try #require(
      before.first { $0.path.hasPrefix("ndjson/") && $0.path.contains("dt=\(day)") })
    try dataset.change(store.path) { $0.removeLast(10) }
    try dataset.change(list) { $0[$0.count / 2] ^= 1 }
    let damaged = try dataset.files()
    let report = try dataset.verified(repairing: true)
    #expect(report.problems.contains { $0.path == Path(list) && $0.remedy == .rebuild })
    #expect(FileTree.firstDifference(damaged, try dataset.files()) == nil)
  }

  @Test("and a verification say what they did not look at")
  func unchecked() throws {
    let json = try JSONObject(try dataset.verified().json().span)
    let sentences = try #require(json.strings("unchecked")).map { $0.span.text() }
    #expect(sentences.contains { $0.contains("runs/") && $0.contains("seen/") })
    #expect(sentences.contains { $0.contains("inputs") })
  }
}
