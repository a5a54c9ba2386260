import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing

/// The tree in `Jobs/Demo/mirror`: written by the options below and committed.
///
/// To write it anew after a change of the generator, run
/// `WRITE_DEMO=1 swift test --filter DemoTests`.
@Suite("The demo tree")
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
    options.digestLanes = 1
    options.eventsPerFile = 20
    return options
  }()

  private static let mirror = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Jobs/Demo/mirror").path

  private static let isRewriting = ProcessInfo.processInfo.environment["WRITE_DEMO"] != nil

  @Test("is written anew on request", .enabled(if: isRewriting))
  func rewrite() throws {
    try FileSystem.removeTree(Path(Self.mirror))
    _ = try SampleTrail.write(Self.options, to: Self.mirror)
  }

  /// Compares the JSON: the bytes of gzip may depend on the version of zlib.
  @Test("is what its options give", .disabled(if: isRewriting))
  func regeneration() throws {
    let folder = try TemporaryFolder()
    _ = try SampleTrail.write(Self.options, to: folder.path)
    let difference = FileTree.firstDifference(
      try inflated(Self.mirror), try inflated(folder.path))
    #expect(difference == nil)
  }

  @Test("is small and shows all that the demo is about", .disabled(if: isRewriting))
  func contents() throws {
    let files = try FileTree.read(Self.mirror)
    #expect(files.reduce(0) { $0 + $1.bytes.count } < 200_000)
    let oracle = Oracle(files)
    #expect(oracle.totals.written == 260)
    #expect(oracle.totals.duplicates > 30)
    #expect(oracle.totals.conflicts == 0 && oracle.totals.rejected == 0)
    #expect(oracle.files.filter { $0.outcome == .failed(.damagedGzip) }.count == 1)
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

  /// A damaged file is compared up to where it can be read: by its path alone.
  private func inflated(_ folder: String) throws -> [TreeFile] {
    try FileTree.read(folder).map { file in
      guard file.path.hasSuffix(".gz") else { return file }
      return TreeFile(path: file.path, bytes: (try? gunzipped(file.bytes)) ?? [])
    }
  }
}
