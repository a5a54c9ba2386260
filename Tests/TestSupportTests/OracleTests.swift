import TestSupport
import Testing

@Suite("The oracle's merge")
struct OracleTests {
  private func oracle(_ files: [String: String]) -> Oracle {
    Oracle(files.map { TreeFile(path: $0.key, bytes: Array($0.value.utf8)) })
  }

  private func record(_ id: String, _ rest: String = "") -> String {
    #"{"eventID":"\#(id)","eventTime":"2026-11-01T10:00:00Z","recipientAccountId":"1","#
      + #""awsRegion":"r"\#(rest)}"#
  }

  private let partition = "account=1/region=r/dt=2026-11-01"

  @Test("keeps one of two equal texts")
  func duplicate() {
    let oracle = oracle(["a.json": record("x"), "b.json": " " + record("x")])
    #expect(oracle.partitions == [partition: [Array(record("x").utf8)]])
    #expect(oracle.totals.duplicates == 1)
  }

  @Test("prefers the higher version, then the longer text, then the greater bytes")
  func conflict() {
    let texts = [
      record("x", #","eventVersion":"1.10""#), record("x", #","eventVersion":"1.9","long":true"#),
      record("x", #","eventVersion":"1.09""#), record("x", #","eventVersion":"1.08""#),
    ]
    let oracle = oracle(["a.json": texts.reversed().joined(separator: "\n")])
    #expect(oracle.partitions == [partition: [Array(texts[0].utf8)]])
    #expect(
      oracle.conflicts.mapValues { $0.map(\.index) } == [String(partition.suffix(10)): [0, 1, 2]])
    #expect(oracle.totals.conflicts == 3)
  }

  @Test("rejects every record without a usable time, each place in the side file")
  func rejected() {
    let bad = #"{"eventID":"x","eventTime":"soon"}"#
    let oracle = oracle(["a.json": "[\(bad),\(bad),\(record("y")),7]", "b.json": bad])
    #expect(oracle.totals.rejected == 4)
    #expect(oracle.rejected.map(\.source) == ["a.json", "a.json", "a.json", "b.json"])
    #expect(oracle.rejected.map(\.index) == [0, 1, 3, 0])
  }

  @Test("sorts by instant, not by the text of the time")
  func order() {
    let early = #"{"eventID":"b","eventTime":"2026-11-01T11:00:00+02:00"}"#
    let late = #"{"eventID":"a","eventTime":"2026-11-01T10:00:00Z"}"#
    let lines = oracle(["a.json": late + early]).partitions.values.first
    #expect(lines == [Array(early.utf8), Array(late.utf8)])
  }

  @Test("takes account and region from the path where the record lacks them")
  func path() {
    let name = "111122223333_CloudTrail_eu-west-1_20261101T1005Z_0123456789abcdef.json"
    let document = #"{"Records":[{"eventTime":"2026-11-01T23:30:00-01:00"}]}"#
    let oracle = oracle(["somewhere/\(name)": document])
    #expect(
      Array(oracle.partitions.keys) == ["account=111122223333/region=eu-west-1/dt=2026-11-02"])
  }

  @Test(
    "encodes partition values as Hive does",
    arguments: [
      ("..", ".."), ("a/b", "a%2Fb"), ("50%", "50%25"), (#"a\nb"#, "a%0Ab"), ("", missing),
      (String(repeating: "x", count: 201), missing), (String(repeating: "/", count: 67), missing),
    ])
  func encoding(_ value: String, _ expected: String) {
    let record = #"{"eventTime":"2026-11-01T10:00:00Z","recipientAccountId":"\#(value)"}"#
    let oracle = oracle(["a.json": record])
    #expect(
      Array(oracle.partitions.keys) == [
        "account=\(expected)/region=\(missing)/dt=2026-11-01"
      ])
  }

  private static let missing = "__HIVE_DEFAULT_PARTITION__"
  private var missing: String { Self.missing }

  @Test(
    "knows a file by its path",
    arguments: [
      (
        "AWSLogs/1/CloudTrail-Insight/r/2026/11/01/x.json.gz",
        OracleOutcome.skipped("CloudTrail-Insight")
      ),
      ("AWSLogs/o-ab12cd34ef/012345678910/Config/r/2026/11/1/x.json", .skipped("Config")),
      ("CloudTrail/r/2026/11/01/x.json", .failed(.wrongShape)), ("x.json", .skipped("no record")),
      ("x.csv", .skipped("no record")), (".x.json", .skipped("hidden")),
      ("CloudTrail/r/2026/11/01/x.csv", .skipped("no record")),
    ])
  func paths(_ path: String, _ outcome: OracleOutcome) {
    #expect(oracle([path: "{}"]).outcome(of: path) == outcome)
  }

  @Test("looks into a file whose name promises nothing, and takes only what begins like a log")
  func unnamed() {
    let record = record("x")
    let line = "2026-11-19T10:00:00.123Z "
    for text in [" \n" + record, "[\(record)]", line + record, "{\"Records\":[\(record)]}"] {
      #expect(oracle(["x": text]).outcome(of: "x") == .read(records: 1, hasTrailingData: false))
    }
    for text in ["", " ", "notes", "[section]\nkey=1", "{ int a; }", line + "START"] {
      #expect(oracle(["x": text]).outcome(of: "x") == .skipped("other file type"), "\(text)")
    }
    for text in [record + "x", record + "{", "[\(record), oops]"] {
      #expect(oracle(["x": text]).outcome(of: "x") == .failed(.notJSON), "\(text)")
    }
  }
}
