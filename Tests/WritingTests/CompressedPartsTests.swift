import Bytes
import CloudTrail
import Dataset
import TestSupport
import Testing
import Writing

/// What is stored of a part depends on its text and the level alone: one gzip member a MiB of text.
struct CompressedPartsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private static let size = GzipDeflater.memberSize

  /// Writes lines as the parts of a partition; gives what is stored of each.
  private func write(
    _ lines: [[UInt8]], _ encoder: LineEncoder, as name: String,
    _ change: (inout OutputSpecification) -> Void
  ) throws -> [[UInt8]] {
    var output = OutputSpecification(NDJSON())
    change(&output)
    var writer = try PartitionWriter(encoder, PartOptions(output))
    return try write(lines, &writer, as: name)
  }

  private func write(
    _ lines: [[UInt8]], _ writer: inout PartitionWriter, as name: String
  ) throws -> [[UInt8]] {
    writer.begin(at: Path(folder.appending(name)), as: Path(name))
    for line in lines {
      try writer.append(line.span, at: EventTime(seconds: 0), from: nil)
    }
    let files = try writer.finish().files
    return try files.parts.map { part in
      let stored = try FileSystem.contents(of: files.path(of: part))
      #expect(part.byteCount == stored.count)
      #expect(part.hash == SHA256Digest(of: stored.span))
      return stored
    }
  }

  /// Lines of `length` bytes, and a shorter one, that are `byteCount` bytes with their ends.
  private func lines(_ byteCount: Int, length: Int) -> [[UInt8]] {
    var random = SeededGenerator(seed: UInt64(byteCount))
    let piece = (0..<10_007).map { _ in UInt8(random.within(0x61...0x70)) }
    var text: [UInt8] = []
    while text.count < byteCount { text += piece }
    return stride(from: 0, to: byteCount, by: length + 1).map {
      Array(text[$0..<min($0 + length, byteCount - 1)])
    }
  }

  @Test("a part has a member for each MiB of its text, however long its records are")
  func members() throws {
    for byteCount in [
      9, 300_000, Self.size - 1, Self.size, Self.size + 1, 2 * Self.size, 3_000_000,
    ] {
      for length in [2_999, 70_001, 2_500_000] {
        // The head has 5 bytes, the end 4.
        let lines = lines(max(byteCount - 9, 1), length: length)
        let text =
          Array("head\n".utf8) + Array(lines.joined(separator: [0x0A])) + Array("\nend\n".utf8)
        let expected = try stride(from: 0, to: text.count, by: Self.size).flatMap {
          try gzipped(Array(text[$0..<min($0 + Self.size, text.count)]), level: 3)
        }
        let parts = try write(
          lines, LineEncoder(movesRecords: true), as: "\(byteCount)-\(length)"
        ) { $0.compression = .gzip(level: 3) }
        #expect(parts.count == 1)
        #expect(parts.first == expected, "\(byteCount) bytes in lines of \(length)")
      }
    }
  }

  @Test("parts end where they would without compression", arguments: [true, false])
  func limits(movesRecords: Bool) throws {
    let lines = lines(4_000_000, length: 40_000)
    let limits: [(String, (inout OutputSpecification) -> Void)] = [
      ("rows", { $0.maxRows = 30 }),
      ("small", { $0.maxBytes = 500_000 }),
      ("member", { $0.maxBytes = Self.size }),
      ("large", { $0.maxBytes = 2_500_000 }),
    ]
    for (name, limit) in limits {
      let encoder = LineEncoder(movesRecords: movesRecords)
      let plain = try write(lines, encoder, as: name + "-none", limit)
      let compressed = try write(lines, encoder, as: name + "-gzip") {
        limit(&$0)
        $0.compression = .gzip(level: 1)
      }
      #expect(plain.count > 1)
      #expect(try compressed.map { try gunzipped($0) } == plain, "\(name)")
    }
  }

  @Test("a part given up in the middle leaves nothing in the next one")
  func givenUp() throws {
    var output = OutputSpecification(NDJSON())
    output.compression = .gzip(level: 6)
    var writer = try PartitionWriter(
      LineEncoder(movesRecords: true, failing: "bad"), PartOptions(output))
    let lines = lines(1_500_000, length: 1_000)
    #expect(throws: FileError.self) {
      try write(lines + [Array("bad".utf8)], &writer, as: "given-up")
    }
    let parts = try write([Array("good".utf8)], &writer, as: "next")
    #expect(parts == [try gzipped(Array("head\ngood\nend\n".utf8))])
  }
}
