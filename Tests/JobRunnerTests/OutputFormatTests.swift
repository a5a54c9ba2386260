import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import Tables
import TestSupport
import Testing
import Verification
import Writing

/// A format that no module knows goes through all of them: what a new one has to be is in its file.
@Suite("A new format")
struct OutputFormatTests {
  private static let formats = OutputFormats.all + [Counted()]
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  /// One partition a cell, one that gathers cells, one an hour; records kept in `store`.
  private static func outputs(
    _ via: Counted.Via = .memory, store: OutputSpecification? = OutputSpecification(NDJSON())
  ) -> [OutputSpecification] {
    var cells = OutputSpecification(Counted(via: via))
    cells.maxRows = 3
    cells.provenance = true
    var days = cells
    days.name = "days"
    days.partitionBy = [.dt]
    var hours = cells
    hours.name = "hours"
    hours.partitionBy = [.account, .region, .dt, .hour]
    return [cells, days, hours] + (store.map { [$0] } ?? [])
  }

  /// Two nights, the second with copies, conflicts and late records of the first's days.
  private func deliver(_ night: UInt64) throws {
    try bench.deliver(try NastyTree.files(seed: 30 + night, count: 30))
  }

  /// The rows of every partition of an output, by partition, after checking every file.
  private func rows(_ output: String, in dataset: String) throws -> [String: [String]] {
    var rows: [String: [String]] = [:]
    for file in try FileTree.read(bench.dataset(dataset) + "/" + output) {
      let read = try #require(CountedFile(file.bytes), "\(output)/\(file.path)")
      #expect((1...3).contains(read.rows.count), "\(output)/\(file.path)")
      #expect(file.path.hasSuffix(".cnt"))
      rows[file.path.split(separator: "/").dropLast().joined(separator: "/"), default: []] +=
        read.rows
    }
    return rows
  }

  @Test(
    "grown in two nights is what it is at once, with every record in its place",
    arguments: Counted.Via.allCases, [true, false])
  func nights(via: Counted.Via, hasStore: Bool) throws {
    let outputs = Self.outputs(via, store: hasStore ? OutputSpecification(NDJSON()) : nil)
    for night in 0..<2 as Range<UInt64> {
      try deliver(night)
      try bench.run(into: "nights") { $0.outputs = outputs }
    }
    let report = try bench.run(into: "once") { $0.outputs = outputs }
    try bench.expectEqual("nights", "once")
    let store = hasStore ? "ndjson" : "_trailmerge/store"
    var expected: [String: [String]] = [:]
    for file in try FileTree.read(bench.dataset("once") + "/" + store) {
      let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
      let text = hasStore ? file.bytes : try gunzipped(file.bytes)
      expected[folder] = text.split(separator: 0x0A).map {
        String(decoding: $0.prefix(Counted.shownByteCount), as: UTF8.self)
      }
    }
    #expect(expected.values.contains { $0.count > 3 }, "several files in a partition")
    #expect(try rows("counted", in: "once") == expected)
    let all = expected.values.joined().sorted()
    #expect(try rows("days", in: "once").values.joined().sorted() == all)
    #expect(try rows("hours", in: "once").values.joined().sorted() == all)
    let shortened = all.count { $0.utf8.count >= Counted.shownByteCount }
    #expect(report.counts.alteredCells["shortened"] == 3 * shortened)
    #expect(shortened > 0)
  }

  @Test("is the same bytes when its encoder keeps files to itself, and leaves nothing beside them")
  func scratch() throws {
    try deliver(0)
    try bench.run(into: "memory") { $0.outputs = Self.outputs(.memory) }
    try bench.run(into: "scratch") { $0.outputs = Self.outputs(.scratch) }
    try bench.expectEqual("memory", "scratch", ignoring: ["_trailmerge/manifest.json"])
  }

  @Test("is verified by its own count, and repaired from the store")
  func verification() throws {
    try deliver(0)
    try bench.run { $0.outputs = Self.outputs() }
    func verified(repairing: Bool = false) throws -> VerificationReport {
      try verify(Path(bench.dataset()), repairing: repairing, formats: Self.formats)
    }
    #expect(try verified().problems.isEmpty)
    let before = try FileTree.read(bench.dataset())
    let counted = before.filter { $0.path.hasPrefix("days/") }
    let cut = try #require(counted.first)
    try FileTree.write(Array(cut.bytes.dropLast()) + [0x20], to: cut.path, in: bench.dataset())
    let problem = try #require(try verified().problems.first)
    #expect(problem.path == Path(cut.path))
    #expect(problem.what == "has other bytes than were committed")
    #expect(problem.remedy == .repair)
    #expect(try verified(repairing: true).problems.isEmpty)
    #expect(FileTree.firstDifference(before, try FileTree.read(bench.dataset())) == nil)
  }

  @Test("whose file is not one of its own is found even when the manifest names its hash")
  func wrongFile() throws {
    try deliver(0)
    try bench.run { $0.outputs = Self.outputs() }
    let file = try #require(
      try FileTree.read(bench.dataset()).first { $0.path.hasPrefix("counted/") })
    let wrong = file.bytes.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    try FileTree.write(wrong, to: file.path, in: bench.dataset())
    // As somebody would who knows how the tree is made.
    let dataset = try StoredDataset(DatasetLayout(Path(bench.dataset())))
    var tree = TreeUpdate(dataset)
    let folder = Path(file.path).parent
    var part = try dataset.parts(in: folder)[0]
    part.hash = SHA256Digest(of: wrong.span)
    try FileTree.write(wrong, to: "_trailmerge/staging/wrong", in: bench.dataset())
    let staged = dataset.layout.staging.appending("wrong")
    _ = try tree.replace(folder, with: StagedParts(path: staged, parts: [part]))
    try tree.finish().commit.run(syncs: false)
    let report = try verify(Path(bench.dataset()), formats: Self.formats)
    let problem = report.problems.first { $0.path == Path(file.path) }
    #expect(problem?.what == "is no file of its output's format")
  }

  @Test("has no table where query engines cannot read it, with the reason")
  func tables() throws {
    try deliver(0)
    try bench.run { $0.outputs = Self.outputs() }
    let tables = try DatasetTables(in: Path(bench.dataset()), formats: Self.formats)
    #expect(tables.all.map(\.name) == ["events_ndjson"])
    #expect(
      tables.unreadable
        == ["counted", "days", "hours"].map {
          "no table for the output \($0): its files are for tests, read the ndjson instead"
        })
  }
}
