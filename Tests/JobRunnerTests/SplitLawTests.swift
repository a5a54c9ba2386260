import Bytes
import CloudTrail
import Dataset
import Foundation
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing
import Verification
import Writing

@Suite("A dataset that is split")
struct SplitLawTests {
  @Test("merges to the same bytes", arguments: seeds(4))
  func law(_ seed: UInt64) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    let variant = random.pick(OutputVariant.allCases)
    _ = try SampleTrail.write(SameBytesTests.sample(seed: seed, events: 120), to: bench.input)
    try bench.deliver(try NastyTree.files(seed: seed, count: 24))
    try bench.run { $0.outputs = variant.outputs }
    let count = random.within(1...5)
    let pieces = try bench.split(into: "pieces", .pieces(count))
    #expect(pieces.count <= count + 1)
    #expect(pieces.reduce(0) { $0 + $1.recordCount } == (try bench.manifest().totals.recordCount))
    for piece in pieces {
      let report = try verify(piece.path, mapping: Workers(count: 2))
      #expect(report.problems.isEmpty, "\(piece.path)")
    }
    var names = pieces.map { String($0.path.description.dropFirst(bench.dataset("").utf8.count)) }
    names.shuffle(using: &random)
    if let first = names.first, names.count > 1 {
      let report = try bench.mergeAsPlanned([first], into: "merged", isByJob: false)
      #expect(report.ending != .complete && report.isCommitted)
      #expect(report.notes.contains { $0.contains("not there") })
    }
    try bench.mergeAsPlanned(names, into: "merged", isByJob: false)
    try bench.expectEqual("merged", "dataset", "\(variant), \(names.count) pieces")
  }

  @Test("gives an account's days with what is known of their files", arguments: seeds(2))
  func carving(_ seed: UInt64) throws {
    let bench = try Workbench()
    let variant = OutputVariant.allCases[Int(seed) % OutputVariant.allCases.count]
    _ = try SampleTrail.write(SameBytesTests.sample(seed: seed, events: 120), to: bench.input)
    try bench.deliver(try NastyTree.files(seed: seed, count: 24))
    try bench.run { $0.outputs = variant.outputs }
    let account = try #require(
      try bench.stored().cells().keys.map { $0.account.decoded.span.text() }.sorted().first)
    let pieces = try bench.split(into: "part", .carving) { $0.select.accounts = [account] }
    let wanted = try bench.stored().cells().filter {
      $0.key.account.decoded.span.text() == account
    }
    #expect(pieces[0].recordCount == wanted.values.reduce(0) { $0 + $1.recordCount })
    #expect(try bench.stored("part").cells() == wanted)
    #expect(try verify(pieces[0].path, mapping: Workers(count: 2)).problems.isEmpty)
    // Whatever it says of a file, the whole says too.
    for file in try FileTree.read(bench.dataset("part"))
    where file.path.hasPrefix("_trailmerge/ledger/") || file.path.hasPrefix("_trailmerge/rejected/")
      || file.path.hasPrefix("_trailmerge/conflicts/")
    {
      let whole = try FileSystem.contents(of: Path(bench.dataset() + "/" + file.path))
      #expect(Set(file.lines).isSubset(of: Set(TreeFile(path: "", bytes: whole).lines)))
    }
    try bench.merge(["part", "dataset"], into: "merged", isByJob: false)
    try bench.expectEqual("merged", "dataset")
  }

  @Test("has the files of the whole as links, and a piece takes no run")
  func linksAndRuns() throws {
    let bench = try Workbench()
    _ = try SampleTrail.write(SameBytesTests.sample(seed: 1, events: 60), to: bench.input)
    try bench.run { $0.outputs = OutputVariant.byCell.outputs }
    let before = try FileTree.listing(of: bench.dataset())
    let pieces = try bench.split(into: "pieces", .pieces(2))
    #expect(try FileTree.listing(of: bench.dataset()) == before)
    let parts = try FileTree.read(bench.dataset("pieces")).filter { $0.path.contains("/part-") }
    for part in parts {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: bench.dataset("pieces") + "/" + part.path)
      #expect(attributes[.referenceCount] as? Int == 2, "\(part.path)")
    }
    #expect(!parts.isEmpty)
    let error = #expect(throws: RunError.self) {
      try bench.run {
        $0.dataset = pieces[0].path.description
        $0.outputs = OutputVariant.byCell.outputs
      }
    }
    #expect(try Dataset.ExitStatus(#require(error)) == .usage)
    let written = try FileTree.listing(of: bench.dataset("pieces"))
    let again = try bench.split(into: "pieces", .pieces(2))
    #expect(again.map(\.part) == pieces.map(\.part))
    #expect(again.map(\.recordCount) == pieces.map(\.recordCount))
    #expect(try FileTree.listing(of: bench.dataset("pieces")) == written)
    for other in [SplitCut.pieces(1), .pieces(3)] {
      let error = #expect(throws: RunError.self) { try bench.split(into: "pieces", other) }
      #expect(try Dataset.ExitStatus(#require(error)) == .usage)
    }
    #expect(try FileTree.listing(of: bench.dataset("pieces")) == written)
  }
}

extension TreeFile {
  fileprivate var lines: [String] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

extension Workbench {
  func stored(_ name: String = "dataset") throws -> StoredDataset {
    try StoredDataset(DatasetLayout(Path(dataset(name))))
  }

  func manifest(_ name: String = "dataset") throws -> Manifest { try stored(name).manifest }

  /// Splits the dataset without waiting for the disk.
  func split(
    into name: String, _ cut: SplitCut, _ change: (inout Job) -> Void = { _ in }
  ) throws -> [SplitPiece] {
    var settings = RunSettings()
    settings.syncs = false
    return try JobRunner.split(Path(dataset()), cut, by: job(into: name, change), settings)
  }
}
