import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import TestSupport
import Testing

@Suite("A rebuild that finds less than the dataset holds")
struct LossTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  private func file(_ name: String, _ records: String...) -> TreeFile {
    TreeFile(path: name, bytes: Array(records.joined(separator: "\n").utf8))
  }

  private func event(
    _ id: String, day: Int = 19, account: Int = 1, agent: String = "a"
  ) -> String {
    """
    {"eventID":"\(id)","eventTime":"2026-11-\(day)T05:00:00Z",\
    "recipientAccountId":"\(100_000_000_000 + account)","userAgent":"\(agent)"}
    """
  }

  private func remove(_ name: String) throws {
    try FileSystem.removeFile(Path(bench.input + "/" + name))
  }

  @discardableResult
  private func rebuild(_ change: (inout Job) -> Void = { _ in }) throws -> RunReport {
    try bench.run {
      $0.rebuild = true
      change(&$0)
    }
  }

  /// The dataset's files except for the reports of runs.
  private func contents() throws -> [TreeFile] {
    try FileTree.read(bench.dataset()).filter { !$0.path.hasPrefix("_trailmerge/runs/") }
  }

  /// Expects a rebuild to refuse to drop records and to leave all as it is.
  private func expectRefusal(
    dropping count: Int, of fileCount: Int = 1, _ change: (inout Job) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try contents()
    let report = try rebuild(change)
    #expect(report.ending == .integrity, sourceLocation: sourceLocation)
    #expect(!report.isCommitted, sourceLocation: sourceLocation)
    #expect(report.counts.records.dropped == count, sourceLocation: sourceLocation)
    #expect(report.dropped.count == fileCount, sourceLocation: sourceLocation)
    #expect(
      report.notes.contains { $0.contains("--allow-loss") }, sourceLocation: sourceLocation)
    let difference = FileTree.firstDifference(before, try contents())
    #expect(difference == nil, sourceLocation: sourceLocation)
  }

  @Test("because files are gone commits nothing and counts them, unless loss is allowed")
  func goneFiles() throws {
    try bench.deliver([
      file("a.json", event("1"), event("2")), file("b.json", event("3"), event("4", day: 20)),
      file("c.json", event("5", account: 2)),
    ])
    try bench.run()
    try remove("b.json")
    try remove("c.json")
    try expectRefusal(dropping: 3, of: 2)
    try expectRefusal(dropping: 3, of: 2) {
      $0.rebuild = false
      $0.incremental = false
    }
    let report = try rebuild { $0.allowLoss = true }
    #expect(report.ending == .complete)
    #expect(report.isCommitted)
    #expect(report.counts.records.dropped == 3)
    #expect(report.dropped.map(\.recordCount) == [2, 1])
    #expect(report.datasetRecordCount == 2)
    #expect(try rebuild().ending == .complete, "what has gone is not missed again")
  }

  @Test("because a file is damaged now commits nothing")
  func damagedFile() throws {
    let whole = file("a.json", event("1"))
    try bench.deliver([whole, file("b.json", event("2"))])
    try bench.run()
    try bench.deliver([TreeFile(path: whole.path, bytes: whole.bytes.dropLast(5))])
    try expectRefusal(dropping: 1)
  }

  @Test("in names only, since the records are in other files, commits")
  func movedFiles() throws {
    try bench.deliver([file("a.json", event("1")), file("b.json", event("2"))])
    try bench.run()
    try remove("a.json")
    try remove("b.json")
    try bench.deliver([file("new/c.json", event("2"), event("1"), event("3", day: 20))])
    let report = try rebuild()
    #expect(report.ending == .complete)
    #expect(report.counts.records.dropped == 0)
    #expect(report.datasetRecordCount == 3)
  }

  @Test(
    "of two texts of one eventID misses the one that is gone, whichever was kept",
    arguments: ["a.json", "b.json"])
  func conflictingText(gone: String) throws {
    try bench.deliver([
      file("a.json", event("1", agent: "short")), file("b.json", event("1", agent: "longer text")),
    ])
    #expect(try bench.run().counts.records.conflicts == 1)
    try remove(gone)
    try expectRefusal(dropping: 1)
    #expect(try rebuild { $0.allowLoss = true }.datasetRecordCount == 1)
  }

  @Test("misses a rejected record too")
  func rejectedRecord() throws {
    try bench.deliver([
      file("a.json", event("1")), file("b.json", #"{"eventID":"2","eventTime":"never"}"#),
    ])
    #expect(try bench.run().counts.records.rejected == 1)
    try remove("b.json")
    try expectRefusal(dropping: 1)
  }

  @Test("does not miss what the job selects no more")
  func narrowerSelection() throws {
    try bench.deliver([
      file("a.json", event("1"), event("2", account: 2), event("2", account: 2, agent: "b")),
      file("b.json", event("3", account: 2)),
    ])
    try bench.run()
    try remove("b.json")
    try expectRefusal(dropping: 1)
    let report = try rebuild { $0.select.accounts = ["100000000001"] }
    #expect(report.ending == .complete)
    #expect(report.counts.records.dropped == 0)
    #expect(report.datasetRecordCount == 1)
  }

  @Test("of a damaged dataset goes by the index, and gets past what the inputs still hold")
  func damagedDataset() throws {
    try bench.deliver([
      file("a.json", event("1"), event("2")), file("b.json", event("3")),
    ])
    try bench.run()
    for store in try contents() where store.path.hasPrefix("ndjson/") {
      try FileTree.write(store.bytes.dropLast(1) + [0x20], to: store.path, in: bench.dataset())
    }
    try bench.deliver([file("c.json", event("4"))])
    try remove("b.json")
    try expectRefusal(dropping: 1)
    try bench.deliver([file("b.json", event("3"))])
    #expect(try rebuild().ending == .complete)
    try bench.run(into: "at-once")
    try bench.expectEqual("dataset", "at-once")
  }

  @Test("of a dataset whose index is damaged too says that it does not know")
  func unreadableDataset() throws {
    try bench.deliver([file("a.json", event("1"))])
    try bench.run()
    for old in try contents()
    where old.path.hasPrefix("ndjson/") || old.path.hasPrefix("_trailmerge/index/") {
      try FileTree.write([UInt8](repeating: 0x20, count: 9), to: old.path, in: bench.dataset())
    }
    try bench.deliver([file("b.json", event("2"))])
    let report = try rebuild()
    #expect(report.ending == .integrity)
    #expect(report.notes.contains { $0.hasPrefix("1 stored record cannot be read") })
    #expect(try rebuild { $0.allowLoss = true }.ending == .complete)
    try bench.run(into: "at-once")
    try bench.expectEqual("dataset", "at-once")
  }

  @Test("of inputs without a single file fails, whatever may be lost")
  func emptyInputs() throws {
    try bench.deliver([file("a.json", event("1"))])
    try bench.run()
    try remove("a.json")
    let before = try contents()
    let error = #expect(throws: RunError.self) { try rebuild { $0.allowLoss = true } }
    #expect(error.map { ExitStatus($0) } == .failed)
    #expect(error?.description.contains("no file at all") == true)
    #expect(FileTree.firstDifference(before, try contents()) == nil)
    #expect(try bench.run().ending == .complete, "a run that adds to the dataset loses nothing")
  }

  @Test("counts exactly the texts that are in no input any more", arguments: seeds(6))
  func nastyTrees(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let variant = random.pick(OutputVariant.allCases)
    let files = try NastyTree.files(seed: seed, count: 24)
    let left = files.filter { _ in !random.oneIn(4) }
    func run(into name: String, _ change: (inout Job) -> Void = { _ in }) throws -> RunReport {
      try bench.run(into: name) {
        $0.outputs = variant.outputs
        change(&$0)
      }
    }
    try bench.deliver(files)
    _ = try run(into: "dataset")
    try FileSystem.removeTree(Path(bench.input))
    try bench.deliver(left)
    _ = try run(into: "left")
    let lost = try texts("dataset").subtracting(try texts("left"))
    let report = try run(into: "dataset") {
      $0.rebuild = true
      $0.allowLoss = true
    }
    #expect(report.counts.records.dropped == lost.count, "\(variant)")
    try bench.expectEqual("dataset", "left", "\(variant)")
  }

  /// The texts of a dataset: its records with their families, conflicts and rejected ones among them.
  private func texts(_ name: String) throws -> Set<[UInt8]> {
    let dataset = try StoredDataset(DatasetLayout(Path(bench.dataset(name))))
    var texts: Set<[UInt8]> = []
    for cell in try dataset.cells().keys {
      for file in try dataset.storeFiles(of: cell) {
        var bytes = try FileSystem.contents(of: file.path)
        if file.part.name.hasSuffix(".gz") { bytes = try gunzipped(bytes) }
        for line in bytes.split(separator: 0x0A) {
          texts.insert(Array(cell.family.rawValue.utf8) + line)
        }
      }
    }
    let files = dataset.manifest.files { file in
      switch file {
      case .conflicts, .ofDelivery(.rejected, _): file
      default: nil
      }
    }
    for file in files {
      for line in try dataset.contents(of: file)?.split(separator: 0x0A) ?? [] {
        let object = try JSONObject(Array(line).span)
        let family = object.string("family") ?? "events"
        texts.insert(Array(family.utf8) + (object.raw("record") ?? Array("null".utf8)))
      }
    }
    return texts
  }
}
