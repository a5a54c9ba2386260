import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing

/// The trees in `Jobs/Demo`: written by the options below and committed.
///
/// The damaged file is in `damaged`, all others are in `mirror`. To write both again after a change
/// of the generator, run `WRITE_DEMO=1 swift test --filter DemoTests`.
@Suite("The demo trees")
struct DemoTests {
  private static let options: SampleTrailOptions = {
    var options = SampleTrailOptions()
    options.events = 260
    options.accounts = 3
    options.regions = 2
    options.days = 2
    options.firstDay = "2026-11-18"
    options.seed = 2026
    options.duplicateShare = 0.2
    options.lateShare = 0.02
    options.damagedFiles = 1
    options.accountRegionsWithDigests = 1
    options.eventsPerFile = 20
    return options
  }()

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Jobs/Demo").path

  private static let isRewriting = ProcessInfo.processInfo.environment["WRITE_DEMO"] != nil

  @Test("are written again on request", .enabled(if: isRewriting))
  func rewrite() throws {
    let whole = try TemporaryFolder()
    _ = try SampleTrail.write(Self.options, to: whole.path)
    let files = try FileTree.read(whole.path)
    for (name, isDamaged) in [("mirror", false), ("damaged", true)] {
      let tree = Self.folder + "/" + name
      try FileSystem.removeTree(Path(tree))
      try FileTree.write(files.filter { isCutOff($0) == isDamaged }, in: tree)
    }
  }

  /// Compares the JSON: the bytes of gzip may depend on the version of libdeflate.
  @Test("are together what their options give", .disabled(if: isRewriting))
  func regeneration() throws {
    let whole = try TemporaryFolder()
    _ = try SampleTrail.write(Self.options, to: whole.path)
    let difference = FileTree.firstDifference(
      inflated(try committed("mirror") + committed("damaged")),
      inflated(try FileTree.read(whole.path)))
    #expect(difference == nil)
  }

  @Test("are small and show all that the demo is about", .disabled(if: isRewriting))
  func contents() throws {
    let files = try committed("mirror")
    #expect(files.reduce(0) { $0 + $1.bytes.count } < 200_000)
    let oracle = Oracle(files)
    #expect(oracle.totals.written == 260)
    #expect(oracle.totals.duplicates > 30)
    #expect(oracle.totals.conflicts == 0 && oracle.totals.rejected == 0)
    #expect(!oracle.files.contains { $0.outcome == .failed(.damagedGzip) })
    #expect(oracle.files.contains { $0.outcome == .skipped("CloudTrail-Digest") })
    #expect(oracle.partitions.keys.contains { $0.hasPrefix("account=0") })
    #expect(Set(oracle.partitions.keys.map { $0.prefix(20) }).count == 3)
    #expect(files.contains { $0.path.hasPrefix("AWSLogs/o-") })
    let text = oracle.partitions.values.joined()
      .map { String(decoding: $0, as: UTF8.self) }.joined()
    for shape in ["kinesisanalytics", "firehose", "DELIVERY_DELAY"] {
      #expect(text.contains(shape))
    }
  }

  @Test("one of them is a single file that is cut off", .disabled(if: isRewriting))
  func damaged() throws {
    let files = try committed("damaged")
    #expect(Oracle(files).files.map(\.outcome) == [.failed(.damagedGzip)])
  }

  private func committed(_ name: String) throws -> [TreeFile] {
    try FileTree.read(Self.folder + "/" + name)
  }

  private func isCutOff(_ file: TreeFile) -> Bool {
    file.path.hasSuffix(".gz") && (try? gunzipped(file.bytes)) == nil
  }

  /// The files by path; a damaged one is compared by its path alone.
  private func inflated(_ files: [TreeFile]) -> [TreeFile] {
    files.map { file in
      guard file.path.hasSuffix(".gz") else { return file }
      return TreeFile(path: file.path, bytes: (try? gunzipped(file.bytes)) ?? [])
    }.sorted { Array($0.path.utf8).lexicographicallyPrecedes($1.path.utf8) }
  }
}
