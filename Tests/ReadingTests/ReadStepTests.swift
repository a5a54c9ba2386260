import Bytes
import CloudTrail
import Listing
import Reading
import Segments
import TestSupport
import Testing

/// What a reader leaves in the batches that it fills.
struct ReadStepTests {
  /// Reads `files` one after the other, each step with what the batch holds then.
  private func steps(_ files: [TreeFile], batchSize: Int) throws -> [String] {
    try TemporaryFolder.with { folder in
      try FileTree.write(files, in: folder.path)
      let found = try ListedTree(folder.path)
      var reader = try FileReader(options: ReadingOptions(), cells: CellTable())
      var batch = RecordBatch(capacity: batchSize)
      var steps: [String] = []
      try found.forEachFile { file, group in
        var isFinished = false
        while !isFinished {
          let step = try reader.read(file, of: group, into: batch)
          let events = batch.entries.map { "\($0.source).\($0.index)" }
          let rejected = batch.rejected.map { "\($0.entry.source).\($0.entry.index)!" }
          let held = (events + rejected).joined(separator: " ")
          switch step {
          case .finished(let outcome):
            steps.append("\(outcome.isTaken ? "taken" : "failed"): \(held)")
            isFinished = true
          case .full(let contents):
            steps.append("\(contents): \(held)")
            if contents == .partOfRecord {
              batch.bytes.reserve(batch.bytes.capacity * 2)
              continue
            }
            batch = RecordBatch(capacity: batchSize)
          }
        }
      }
      return steps
    }
  }

  private func file(_ name: String, _ records: [String], end: String = "]") -> TreeFile {
    TreeFile(
      path: name,
      bytes: Array(("[" + records.joined(separator: ",") + end).utf8))
  }

  @Test func `a file that does not fit begins a batch of its own, and goes on in the next`() throws
  {
    let small = [record("1"), #"{"eventID":"2"}"#]
    let large = (0..<4).map {
      record("\($0)", more: #""f":"\#(String(repeating: "x", count: 300))""#)
    }
    let found = try steps([file("a.json", small), file("b.json", large)], batchSize: 1000)
    #expect(
      found == [
        "taken: 0.0 0.1!", "wholeFiles: 0.0 0.1!", "partOfFile: 1.0 1.1", "taken: 1.2 1.3",
      ])
  }

  @Test func `a record longer than the batch asks for a longer one, and loses nothing`() throws {
    let long = record("1", more: #""f":"\#(String(repeating: "x", count: 3000))""#)
    let found = try steps([file("a.json", [record("0"), long, record("2")])], batchSize: 1000)
    #expect(
      found == [
        "partOfFile: 0.0", "partOfRecord: ", "partOfRecord: ", "taken: 0.1 0.2",
      ])
  }

  @Test func `a file that fails leaves nothing in the batch that it shares`() throws {
    let found = try steps(
      [
        file("a.json", [record("1"), "7"]), file("b.json", [record("2"), "7"], end: "}"),
        file("c.json", [record("3")]),
      ], batchSize: 4000)
    #expect(found == ["taken: 0.0 0.1!", "failed: 0.0 0.1!", "taken: 0.0 2.0 0.1!"])
  }

  /// Entries and rejected records of the file move along with its bytes.
  @Test func `a file that grows out of a shared batch moves on as a whole`() throws {
    let filler = #""f":"\#(String(repeating: "x", count: 400))""#
    let records = (0..<3).map { record("\($0)", more: filler) }
    let text = "[" + [records[1], "7", records[2]].joined(separator: ",") + "]"
    // The last bytes of gzip data with several members say little of its size: no room is made ahead.
    let members =
      try gzipped(Array(text.utf8.prefix(800))) + gzipped(Array(text.utf8.dropFirst(800)))
    let found = try steps(
      [file("a.json", [records[0]]), TreeFile(path: "b.json.gz", bytes: members)], batchSize: 1400)
    #expect(found.first == "taken: 0.0" && found.last == "taken: 1.0 1.2 1.1!")
    #expect(found.contains("wholeFiles: 0.0"))
  }
}
