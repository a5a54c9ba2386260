import Bytes
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing
import Writing

@Suite("What keeps datasets from being merged")
struct MergeRuleTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    for (number, id) in ["1", "2"].enumerated() {
      try bench.runShard(number, of: [MergeRuleTests.file("\(id).json", id: id)])
    }
  }

  private static func file(_ name: String, id: String) -> TreeFile {
    let record = #"{"eventID":"\#(id)","eventTime":"2026-11-01T10:00:00Z","awsRegion":"r\#(id)"}"#
    return TreeFile(path: name, bytes: Array(record.utf8))
  }

  /// Expects a merge of both shards to fail with one kind of error, to leave nothing, and to name what it
  /// must.
  private func expectFailure<Failure: Error>(
    _ kind: Failure.Type, _ status: Dataset.ExitStatus, naming texts: [String],
    isByJob: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try FileTree.listing(of: bench.folder.appending("shard-0"))
    let error = #expect(throws: kind, sourceLocation: sourceLocation) {
      try bench.merge(["shard-0", "shard-1"], into: "merged", isByJob: isByJob)
    }
    let failure = try #require(error)
    let planned = #expect(throws: kind, sourceLocation: sourceLocation) {
      try planMerge(
        ["shard-0", "shard-1"].map { Path(bench.dataset($0)) }, by: bench.job(into: "planned"),
        decidesOutputs: isByJob)
    }
    #expect("\(try #require(planned))" == "\(failure)", sourceLocation: sourceLocation)
    #expect(Dataset.ExitStatus(failure) == status, "\(failure)", sourceLocation: sourceLocation)
    for text in texts {
      #expect("\(failure)".contains(text), "\(failure)", sourceLocation: sourceLocation)
    }
    #expect(
      !FileSystem.exists(Path(bench.dataset("merged") + "/_trailmerge/manifest.json")),
      sourceLocation: sourceLocation)
    #expect(try FileTree.listing(of: bench.folder.appending("shard-0")) == before)
  }

  @Test("is nothing, if they fit")
  func fits() throws {
    let report = try bench.merge(["shard-0", "shard-1"], into: "merged", isByJob: false)
    #expect(report.ending == .complete && report.isCommitted)
    #expect(report.counts.files.read == 2 && report.counts.records.written == 2)
    let again = try bench.merge(["shard-1"], into: "merged", isByJob: false)
    #expect(!again.isCommitted && again.counts.files.alreadyRead == 1)
    let empty = try bench.runShard(2, of: [])
    #expect(empty.isCommitted, "a shard without files is a dataset too")
    #expect(try !bench.merge(["shard-2"], into: "merged", isByJob: false).isCommitted)
  }

  @Test("is another file of one name: 4, and both are named")
  func otherFile() throws {
    try bench.runShard(1, of: [MergeRuleTests.file("1.json", id: "other")])
    try expectFailure(RunError.self, .integrity, naming: ["input/1.json", "shard-0", "shard-1"])
  }

  @Test("is another value of a key: 64, with the key and the shard")
  func otherKey() throws {
    try bench.runShard(2, of: [MergeRuleTests.file("3.json", id: "3")]) { $0.salvage = true }
    try FileSystem.removeTree(Path(bench.dataset("shard-1")))
    try FileSystem.rename(Path(bench.dataset("shard-2")), to: Path(bench.dataset("shard-1")))
    try expectFailure(RunError.self, .usage, naming: ["salvage", "shard-1"])
    try expectFailure(RunError.self, .usage, naming: ["salvage", "shard-1"], isByJob: true)
  }

  @Test("is other outputs, unless a job says what they are")
  func otherOutputs() throws {
    try FileSystem.removeTree(Path(bench.dataset("shard-1")))
    try bench.runShard(1, of: [MergeRuleTests.file("2.json", id: "2")]) {
      $0.outputs = [OutputSpecification(NDJSON())]
    }
    try expectFailure(RunError.self, .usage, naming: ["outputs", "shard-1"])
    #expect(try bench.merge(["shard-0", "shard-1"], into: "merged").isCommitted)
  }

  @Test("is a commit that was not ended: 4, and it is not ended here")
  func pendingCommit() throws {
    let journal = bench.dataset("shard-1") + "/_trailmerge/journal.ndjson"
    try FileTree.write("{}\n", to: "_trailmerge/journal.ndjson", in: bench.dataset("shard-1"))
    try expectFailure(RunError.self, .integrity, naming: ["shard-1"])
    #expect(FileSystem.exists(Path(journal)))
  }

  @Test(
    "is damage in what is read: 4",
    arguments: ["ndjson/", "csv/", "_trailmerge/ledger/", "_trailmerge/index/", "_trailmerge/part"])
  func damage(_ prefix: String) throws {
    let file = try #require(
      try FileTree.read(bench.dataset("shard-1")).first { $0.path.hasPrefix(prefix) })
    var bytes = file.bytes
    bytes[bytes.count / 2] ^= 1
    try FileTree.write(bytes, to: file.path, in: bench.dataset("shard-1"))
    try expectFailure(DatasetError.self, .integrity, naming: ["shard-1"])
  }

  @Test("is no dataset: 64")
  func absent() throws {
    try FileSystem.removeTree(Path(bench.dataset("shard-1")))
    try FileSystem.createFolders(Path(bench.dataset("shard-1")))
    try expectFailure(DatasetError.self, .usage, naming: ["shard-1"])
  }
}
