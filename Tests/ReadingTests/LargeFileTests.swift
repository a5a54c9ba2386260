import Bytes
import Reading
import TestSupport
import Testing

/// Files that fill batches, or are scanned in more than one step.
struct LargeFileTests {
  private func log(_ records: [String]) throws -> TreeFile {
    TreeFile(
      path: "AWSLogs/012345678910/CloudTrail/us-east-1/2026/11/19/a.json.gz",
      bytes: try gzipped(Array((#"{"Records":["# + records.joined(separator: ",") + "]}").utf8)))
  }

  @Test(
    "give every record, whatever the batch holds",
    arguments: [300 << 10, 1 << 20, 8 << 20])
  func manyRecords(batchSize: Int) throws {
    let records = (0..<20_000).map { record("\($0)") }
    let tree = try ReadTree([try log(records)], batchSize: batchSize)
    #expect(tree.records == records)
  }

  @Test(
    "give a record that is longer than a step", arguments: [1 << 20, 8 << 20])
  func longRecord(batchSize: Int) throws {
    let long = String(repeating: "x", count: 700 << 10)
    let records = [record("1"), record("2", more: #""errorMessage":"\#(long)""#), record("3")]
    let tree = try ReadTree([try log(records)], batchSize: batchSize)
    #expect(tree.records == records)
  }

  @Test func `tiny records do not outweigh the memory`() throws {
    let count = 300_000
    let file = TreeFile(
      path: "many.json.gz",
      bytes: try gzipped(Array(("[" + String(repeating: "1,", count: count) + "1]").utf8)))
    let other = TreeFile(path: "one.json", bytes: Array(record("1").utf8))
    let tree = try ReadTree([file, other], batchSize: 1 << 20)
    #expect(tree.records == [record("1")])
    #expect(tree.largestEntryCount < 140_000)
  }
}
