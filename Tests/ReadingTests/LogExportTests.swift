import Bytes
import Reading
import TestSupport
import Testing

/// Lines of an export of CloudWatch Logs: a time stamp and a message each.
struct LogExportTests {
  private let first = record("1", more: #""userAgent":"a b""#)
  private let second = record("2", more: #""x":{"y":[1,2]}"#)
  private let stamp = "2026-11-19T10:00:00.123Z "

  @Test(arguments: ["000000.gz", "export.json", "lines"])
  func `give their records`(name: String) throws {
    let text = stamp + first + "\n" + stamp + second + "\n"
    #expect(try ReadTree(text, name: name).records == [first, second])
    let members =
      try gzipped(Array((stamp + first + "\n").utf8)) + gzipped(Array((stamp + second).utf8))
    let tree = try ReadTree([TreeFile(path: name, bytes: members)])
    #expect(tree.records == [first, second])
    #expect(tree.outcome?.recordCount == 2)
  }

  @Test(arguments: [
    "2026-11-19T10:00:00Z ", "2026-11-19T10:00:00.1Z ", "2026-11-19T10:00:00.123456789Z ",
  ])
  func `may have time stamps of any precision`(stamp: String) throws {
    let text = [first, second].map { stamp + $0 }.joined(separator: "\r\n")
    #expect(try ReadTree(text, name: "000000").records == [first, second])
  }

  @Test func `may have white space in a message, and messages on several lines`() throws {
    let spaced = "{ \"eventID\" : \"1\",\n\t\"eventTime\":\n\"2026-11-19T08:00:00Z\" }"
    let text = stamp + spaced + " \t\n\n" + stamp + second
    let expected = [#"{"eventID":"1","eventTime":"2026-11-19T08:00:00Z"}"#, second]
    #expect(try ReadTree(text, name: "000000").records == expected)
  }

  @Test func `with nothing but a broken record keep it as rejected`() throws {
    for line in [String(first.prefix(40)), first + " " + second] {
      let tree = try ReadTree(stamp + line + "\n", name: "export.json")
      #expect(tree.outcome?.skip == nil && tree.outcome?.rejectedCount == 1, "\(line)")
    }
  }

  @Test func `may carry envelopes`() throws {
    let event = #"{"detail-type":"AWS API Call via CloudTrail","detail":\#(first)}"#
    #expect(try ReadTree(stamp + event, name: "000000").records == [first])
  }

  @Test(arguments: [
    ("cut off", #"{"eventID":"3","userAgent":"cut o"#), ("a line", "START RequestId: 1"),
    ("nothing", ""), ("JSON of another kind", "[1, 2]"), ("a time", "2026-11-19T10:00:00Z"),
    ("more after", #"{"eventID":"3"} and more"#), ("lines", "Error\n  at a\n\tat b"),
    ("quotes", #""\" and "quotes""#), ("a bare time stamp", "2026-11-19T10:00:00.000Z x"),
  ])
  func `with a message that is no object have it rejected, and the others read`(
    name: String, message: String
  ) throws {
    let text = [first, message, second].map { stamp + $0 }.joined(separator: "\n") + "\n"
    for size in [70, 1000, 1 << 20] {
      let tree = try ReadTree(text, name: "000000", batchSize: size)
      #expect(tree.records == [first, second])
      #expect(tree.rejected == [quoted(message)])
      #expect(tree.outcome?.recordCount == 3 && tree.outcome?.rejectedCount == 1)
      #expect(tree.outcome?.error == nil)
    }
  }

  @Test func `with many texts stay small and whole`() throws {
    let texts = (0..<9_000).map { "\"\t\($0)\u{1}\"" }
    let lines = [first] + texts.flatMap { [$0, second] }
    let text = lines.map { stamp + $0 }.joined(separator: "\n")
    let tree = try ReadTree(text, name: "000000", batchSize: 300_000)
    #expect(tree.rejected == texts.map(quoted))
    #expect(tree.records.count == texts.count + 1)
  }

  @Test func `that are cut off in a record fail`() throws {
    let text = stamp + first + "\n" + stamp + String(second.dropLast(5))
    let outcome = try ReadTree(text, name: "000000").outcome
    #expect(outcome?.error == .syntax(.unexpectedEnd(offset: text.utf8.count)))
  }

  @Test(arguments: [#"{"level":"INFO"}"#, "text"])
  func `without a record are no record`(message: String) throws {
    let text = stamp + "{}\n" + stamp + message
    #expect(try ReadTree(text, name: "000000").outcome?.skip == .noRecord)
  }

  @Test func `mean nothing in a log file`() throws {
    let name = "012345678910_CloudTrail_eu-west-1_20261119T0805Z_abcdefghijklmnop.json"
    #expect(try ReadTree(stamp + first, name: name).outcome?.error != nil)
  }
}
