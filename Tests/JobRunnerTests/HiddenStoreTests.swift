import Bytes
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing
import Verification
import Writing

/// Datasets none of whose outputs has the records by cell.
@Suite("A hidden store")
struct HiddenStoreTests {
  private let bench: Workbench
  private let nights: [[TreeFile]]

  init() throws {
    bench = try Workbench()
    _ = try SampleTrail.write(SameBytesTests.sample(seed: 1, events: 60), to: bench.input)
    let files = try FileTree.read(bench.input)
    nights = [
      Array(files.prefix(files.count / 2)), Array(files.suffix(files.count - files.count / 2)),
    ]
    try FileSystem.removeTree(Path(bench.input))
  }

  private func set(_ job: inout Job) { job.outputs = OutputVariant.hiddenStore.outputs }

  /// Runs over all files so far, night by night or at once.
  private func deliver(_ files: [TreeFile], into name: String) throws {
    try bench.deliver(files)
    try bench.run(into: name, set)
  }

  /// Makes a dataset without records whose store will be plain, as all were at first.
  private func makeOld(_ name: String) throws {
    try FileSystem.createFolders(Path(bench.input))
    try bench.run(into: name, set)
    let layout = DatasetLayout(Path(bench.dataset(name)))
    var manifest = try Manifest(of: layout)
    manifest.storeCompression = .none
    try FileSystem.writeAtomically(manifest.json().span, to: layout.manifest)
  }

  /// The endings of the names of the store's files.
  private func endings(_ name: String) throws -> Set<String> {
    Set(
      try FileTree.read(bench.dataset(name)).map(\.path)
        .filter { $0.contains("\(DatasetLayout.storeOutput)/") }
        .compactMap { PartName(String($0.split(separator: "/").last ?? ""))?.ending })
  }

  private func expectWhole(_ name: String, _ ending: String) throws {
    #expect(try endings(name) == [ending])
    let report = try verify(Path(bench.dataset(name)), mapping: Workers(count: 2))
    #expect(report.problems == [])
  }

  @Test("is compressed, and the report says what it costs")
  func cost() throws {
    try bench.deliver(nights[0])
    let report = try bench.run(set)
    try expectWhole("dataset", "ndjson.gz")
    let stored = try FileTree.read(bench.dataset()).filter {
      $0.path.contains("\(DatasetLayout.storeOutput)/")
    }
    #expect(report.counts.bytes.store == stored.reduce(0) { $0 + $1.bytes.count })
    #expect(report.counts.bytes.store < report.counts.bytes.inflated / 2)
    let other = try bench.run(into: "other") { $0.outputs = OutputVariant.byCell.outputs }
    #expect(other.counts.bytes.store == 0)
  }

  @Test("that was plain stays so, grown or merged, until the dataset is made again")
  func olderDataset() throws {
    for name in ["grown", "at-once", "target"] { try makeOld(name) }
    try deliver(nights[0], into: "grown")
    try bench.run(into: "shard-0", set)
    try FileSystem.removeTree(Path(bench.input))
    try deliver(nights[1], into: "shard-1")
    try bench.deliver(nights[0])
    for name in ["grown", "at-once", "new"] { try bench.run(into: name, set) }
    try expectWhole("grown", "ndjson")
    try expectWhole("new", "ndjson.gz")
    try bench.expectEqual("grown", "at-once")

    try bench.merge(["shard-0", "shard-1"], into: "target", set)
    try bench.expectEqual("target", "grown", "compressed shards into a plain target")
    try bench.merge(["grown", "shard-0"], into: "mixed", set)
    try bench.merge(["shard-0", "grown"], into: "turned", set)
    try bench.expectEqual("mixed", "new", "plain and compressed")
    try bench.expectEqual("turned", "new", "compressed and plain")
  }

  @Test("that was plain is the same after a split and a merge, and after a lost root is mended")
  func splitAndRepair() throws {
    try makeOld("dataset")
    try deliver(nights[0], into: "dataset")
    let pieces = try bench.split(into: "pieces", .pieces(2))
    let names = pieces.map { String($0.path.description.dropFirst(bench.dataset("").utf8.count)) }
    try bench.merge(names, into: "merged", isByJob: false)
    try bench.expectEqual("merged", "dataset")
    try expectWhole("merged", "ndjson")

    let layout = DatasetLayout(Path(bench.dataset("merged")))
    try FileSystem.removeFile(layout.manifest)
    _ = try verify(layout.root, repairing: true)
    try bench.expectEqual("merged", "dataset")

    try bench.run(into: "new", set)
    try bench.run(into: "merged") {
      set(&$0)
      $0.rebuild = true
    }
    try bench.expectEqual("merged", "new", "a rebuild")
    try FileSystem.removeFile(layout.manifest)
    _ = try verify(layout.root, repairing: true)
    try bench.expectEqual("merged", "new", "a root made again")
  }
}
