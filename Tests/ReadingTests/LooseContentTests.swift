import Bytes
import Reading
import TestSupport
import Testing

/// Files whose names promise nothing: their content decides.
struct LooseContentTests {
  private static let one = record("1")

  /// The outcome of a file called `name`.
  private func outcome(_ bytes: [UInt8], _ name: String = "x.log") throws -> FileOutcome? {
    try ReadTree([TreeFile(path: name, bytes: bytes)]).outcome
  }

  private func outcome(_ text: String) throws -> FileOutcome? { try outcome(Array(text.utf8)) }

  @Test(arguments: [
    "x", "x.gz", "x.log.gz", "x.log", "x.cloudtrail", "x.txt", "x.json.bak", "a.b/000000", "x.csv",
  ])
  func `a log is read, whatever it is called`(name: String) throws {
    for text in [
      Self.one, "\n\t " + Self.one, "\u{FEFF}" + Self.one, "[\(Self.one)]",
      #"{"Records":[\#(Self.one)]}"#, "2026-11-19T10:00:00.123Z \(Self.one)\n",
    ] {
      let plain = try ReadTree(text, name: name)
      #expect(plain.records == [Self.one], "\(text)")
      #expect(plain.skipped.isEmpty)
      let gzip = TreeFile(path: name, bytes: try gzipped(Array(text.utf8)))
      #expect(try ReadTree([gzip]).records == [Self.one], "\(text)")
    }
  }

  @Test(arguments: [
    "", " \n ", "notes", "#!/bin/sh\n", "Permission Check Successful", "[section]\nkey = value\n",
    "{ int main(void) { return 0; } }", "{% if x %}", #"{\rtf1 }"#, "[2026-11-19 10:00] started",
    "2026-11-19T10:00:00.123Z START RequestId: 1\n", "2026-11-19 10:00:00 {}", "%PDF-1.7", "<html>",
    "PK\u{3}\u{4}", "a,b\n1,2\n", "\u{FEFF}", "12 34", "true", "\"text\"",
  ])
  func `what is no log is another file type`(text: String) throws {
    #expect(try outcome(text)?.skip == .otherFileType)
    #expect(try outcome(try gzipped(Array(text.utf8)))?.skip == .otherFileType)
    let outcome = try outcome(text)
    #expect(outcome?.hash == nil, "it was not read to its end")
  }

  @Test(arguments: ["{}", "[]", "[1]", #"{"a":[{"eventID":"x"}]}"#, "{}{}", "[{}]"])
  func `JSON without a record is no record`(text: String) throws {
    #expect(try outcome(text)?.skip == .noRecord)
  }

  @Test(arguments: [
    // A record came before, or had begun.
    (record("1") + "x", 110), (record("1") + #"{"a":01}"#, 116), ("[\(record("1")),]", 112),
    (#"{"eventTime":"2026-11-19T10:00:00Z",oops}"#, 36), (#"{"Records":[oops]}"#, 12),
    // What is cut off might have been one.
    (#"{"eventVersion":"1.0"#, 20), ("{", 1), ("[", 1), (#"[{"a":1},"#, 9),
  ])
  func `a log that is damaged fails`(text: String, offset: Int) throws {
    let outcome = try outcome(text)
    #expect(outcome?.skip == nil)
    #expect(outcome?.error?.offset == offset)
  }

  @Test func `damaged gzip data that begins like a log fails`() throws {
    let bytes = try gzipped(Array(#"{"a":"\#(String(repeating: "abc", count: 400))"}"#.utf8))
    for count in [11, 20, bytes.count - 1] {
      #expect(try outcome(Array(bytes[..<count]))?.error != nil, "\(count) bytes")
    }
    let text = try gzipped(Array(String(repeating: "notes ", count: 400).utf8))
    #expect(try outcome(Array(text.dropLast()))?.skip == .otherFileType)
  }

  @Test func `gzip inside gzip fails: a log may be in there`() throws {
    let twice = try gzipped(try gzipped(Array(Self.one.utf8)))
    #expect(try outcome(twice, "x.log.gz")?.error?.reason.contains("gzip inside gzip") == true)
  }

  @Test(arguments: ["x.json", "x.ndjson", "x.jsonl", "x.json.gz", "x.ndjson.gz", "x.jsonl.gz"])
  func `a name that promises JSON fails when it is none`(name: String) throws {
    for text in ["", "notes", "[section]", "{ int a; }", "2026-11-19T10:00:00Z"] {
      let outcome = try outcome(Array(text.utf8), name)
      #expect(outcome?.skip == nil && outcome?.error != nil, "\(text)")
    }
  }

  /// A tool may have given the files of a mirror other names.
  @Test func `hidden files stay hidden, and in CloudTrail's folders content decides too`() throws {
    let folder = "AWSLogs/012345678910/CloudTrail/us-east-1/2026/11/19"
    let bytes = Array(Self.one.utf8)
    let tree = try ReadTree([
      TreeFile(path: ".x", bytes: bytes), TreeFile(path: ".cache/x.log", bytes: bytes),
      TreeFile(path: folder + "/part-0001", bytes: bytes),
      TreeFile(path: folder + "/README.txt", bytes: Array("notes".utf8)),
    ])
    #expect(tree.records.count == 1)
    #expect(tree.skipped == ["hidden": 2])
  }
}
