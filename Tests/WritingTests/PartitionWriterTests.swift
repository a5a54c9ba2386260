import Bytes
import CloudTrail
import Dataset
import TestSupport
import Testing
import Writing

struct PartitionWriterTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func options(_ change: (inout OutputSpecification) -> Void = { _ in }) -> PartOptions {
    var output = OutputSpecification(NDJSON())
    change(&output)
    return PartOptions(output)
  }

  /// Writes a partition; gives what its files hold, after comparing what is said of each with it.
  private func write(
    _ records: [String], _ writer: inout PartitionWriter, as name: String = "partition"
  ) throws -> [String] {
    writer.begin(at: Path(folder.appending(name)), as: Path(name))
    for (second, record) in records.enumerated() {
      try writer.append(
        Array(record.utf8).span, at: EventTime(seconds: Int64(second)), from: nil)
    }
    let files = try writer.finish().files
    var second: Int64 = 0
    return try files.parts.enumerated().map { number, part in
      let bytes = try FileSystem.contents(of: files.path(of: part))
      #expect(part.name.hasPrefix("part-0000\(number).ndjson"))
      #expect(part.byteCount == bytes.count)
      #expect(part.hash == SHA256Digest(of: bytes.span))
      #expect(part.firstTime == EventTime(seconds: second))
      second += Int64(part.recordCount)
      #expect(part.lastTime == EventTime(seconds: second - 1))
      return String(decoding: bytes, as: UTF8.self)
    }
  }

  /// The records of each file, without head and end, which every file must have.
  private func records(_ files: [String]) throws -> [[String]] {
    try files.map { file in
      let lines = file.split(separator: "\n").map(String.init)
      try #require(lines.first == "head" && lines.last == "end", "\(file)")
      return Array(lines[1..<(lines.count - 1)])
    }
  }

  @Test(
    "a file ends before the record that would make it too large, or after the one that did",
    arguments: [
      // The head has 5 bytes, each line one more than its record.
      (11, true, [["aa", "bb"], ["cccc"], ["d"]]),
      (12, true, [["aa", "bb"], ["cccc", "d"]]),
      (11, false, [["aa", "bb"], ["cccc", "d"]]),
      (12, false, [["aa", "bb", "cccc"], ["d"]]),
      (1, true, [["aa"], ["bb"], ["cccc"], ["d"]]),
      (1, false, [["aa"], ["bb"], ["cccc"], ["d"]]),
      (1000, true, [["aa", "bb", "cccc", "d"]]),
    ])
  func maxBytes(limit: Int, movesRecords: Bool, expected: [[String]]) throws {
    var writer = try PartitionWriter(
      LineEncoder(movesRecords: movesRecords), options { $0.maxBytes = limit })
    #expect(try records(write(["aa", "bb", "cccc", "d"], &writer)) == expected)
  }

  @Test(
    "a file ends with the most records that it may have",
    arguments: [(1, [["a"], ["b"], ["c"]]), (2, [["a", "b"], ["c"]]), (3, [["a", "b", "c"]])])
  func maxRows(limit: Int, expected: [[String]]) throws {
    for movesRecords in [true, false] {
      var writer = try PartitionWriter(
        LineEncoder(movesRecords: movesRecords), options { $0.maxRows = limit })
      let files = try write(["a", "b", "c"], &writer, as: "moves-\(movesRecords)")
      #expect(try records(files) == expected)
    }
  }

  @Test("a partition without records has no file")
  func empty() throws {
    var writer = try PartitionWriter(LineEncoder(movesRecords: true), options())
    #expect(try write([], &writer).isEmpty)
    #expect(try FileTree.read(folder.path).isEmpty)
  }

  @Test("a partition given up in the middle leaves nothing in the next one")
  func givenUp() throws {
    var writer = try PartitionWriter(LineEncoder(movesRecords: true, failing: "b"), options())
    #expect(throws: FileError.self) { try write(["a", "b"], &writer, as: "given-up") }
    #expect(try records(write(["c"], &writer)) == [["c"]])
  }
}
