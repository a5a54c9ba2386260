import CloudTrail
import JobFiles
import Testing
import Writing

/// A format for these tests: it is known to no module.
private struct Page: OutputFormat {
  enum Paper: String, CaseIterable {
    case letter
    case a4
  }

  enum Ink: String, CaseIterable {
    case black
    case blue
  }

  var paper = Paper.a4
  var ink = Ink.black
  var headings: [String] = []
  var columns: [String] = []

  var name: String { "page" }
  static let options: [FormatOption<Page>] = [
    FormatOption("paper", \.paper, decidesBytes: true, "what is printed on"),
    FormatOption("ink", \.ink, decidesBytes: false, "what is printed with"),
    FormatOption(
      "headings", \.headings, each: "a short word", decidesBytes: true, "what pages are called"
    ) {
      $0.count < 5
    },
    FormatOption(
      "columns", \.columns, each: "a letter", decidesBytes: true, "what is shown"
    ) { $0.count == 1 },
  ]
  var refusedKeys: [String: String] {
    ["compression": "a page is printed", "maxBytes": "a page has no size"]
  }
  var defaultPartitionKeys: [PartitionKey] { [.month] }
  var maximumRows: RowLimit? { paper == .a4 ? RowLimit(60, "the lines of a page") : nil }
  var provenance: ProvenancePlace { .sidecar }
  var contents: FileContents { .counted { _ in nil } }
  var problems: [FormatProblem] {
    headings == ["x"] ? [FormatProblem("headings", "expected more than x")] : []
  }

  func encoding(withProvenance: Bool) throws -> RecordEncoding { throw UnreadableFormat("test") }
  func tableShape(withProvenance: Bool) throws -> TableShape { throw UnreadableFormat("test") }
}

@Suite("The keys of formats")
struct FormatKeyTests {
  private static let world = JobSurroundings(
    environment: ["PAPER": "letter"], folder: "/home/ada", now: 1_795_163_415,
    formats: OutputFormats.all + [Page()])

  private func job(_ outputs: String, _ overrides: JobOverride...) throws(JobFileError) -> Job {
    try Job(
      yaml: "inputs: [/mirror]\ndataset: /data\noutputs: [\(outputs)]", file: "test.yaml",
      overrides: overrides, in: Self.world)
  }

  private func problems(_ outputs: String, _ overrides: JobOverride...) -> [String] {
    do {
      _ = try Job(
        yaml: "inputs: [/mirror]\ndataset: /data\noutputs: [\(outputs)]", file: "test.yaml",
        overrides: overrides, in: Self.world)
      return []
    } catch {
      return error.problems.map { $0.description.replacing("test.yaml:3:", with: "") }
    }
  }

  private func flag(_ key: String, _ values: String...) -> JobOverride {
    JobOverride(flag: "--flag", key: key, values: values)
  }

  @Test("are read wherever they are in an output, with its own defaults for what is left out")
  func reading() throws {
    let outputs = try job(
      "{ headings: [a, b], columns: x, paper: \"${PAPER}\", format: page, name: p }, { format: page }"
    ).outputs
    #expect(
      outputs[0].format as? Page == Page(paper: .letter, headings: ["a", "b"], columns: ["x"]))
    #expect(outputs[0].maxRows == nil)
    #expect(outputs[1].format as? Page == Page())
    #expect(outputs.map(\.partitionBy) == [[.month], [.month]])
    #expect(outputs[1].maxRows == 60, "the limit of the format")
    #expect(outputs[0] != outputs[1])
  }

  @Test("are printed and read again as they were, and decide the fingerprint")
  func roundTrip() throws {
    let first = try job(
      "{ format: page, headings: [\"a b\", no] }, { format: csv, profile: excel }")
    let second = try Job(yaml: first.yaml, file: "test.yaml", in: Self.world)
    #expect(second.outputs == first.outputs)
    #expect(!first.yaml.split(separator: "- format: csv")[0].contains("compression"))
    let changed = try job("{ format: page, headings: [\"a b\"] }, { format: csv, profile: excel }")
    #expect(
      JobFingerprint(first).changes(to: JobFingerprint(changed)).map(\.description)
        == ["outputs[0].headings: [\"a b\", no] -> [\"a b\"]"])
    #expect(
      try JobFingerprint(first).outputs(among: OutputFormats.all + [Page()]) == first.outputs)
  }

  @Test("that decide no bytes may change")
  func harmlessOption() throws {
    let black = JobFingerprint(try job("{ format: page }"))
    #expect(black == JobFingerprint(try job("{ format: page, ink: blue }")))
    #expect(black != JobFingerprint(try job("{ format: page, paper: letter }")))
  }

  @Test(
    "are refused where they mean nothing, and each value that is not what was expected",
    arguments: [
      ("{ format: page, paper: a3 }", "34: outputs[0].paper: expected letter or a4, not a3"),
      (
        "{ format: page, headings: [a, abcde] }",
        "41: outputs[0].headings[1]: expected a short word, not abcde"
      ),
      (
        "{ format: page, columns: eventID }",
        "36: outputs[0].columns: expected a letter, not eventID"
      ),
      ("{ format: page, headings: x }", "27: outputs[0].headings: expected more than x"),
      ("{ paper: a4, format: csv }", "13: outputs[0].paper: only for the format page"),
      (
        "{ format: ndjson, columns: [a] }",
        "29: outputs[0].columns: only for the format csv, xlsx or page"
      ),
      (
        "{ format: page, compression: none }",
        "27: outputs[0].compression: not for the format page: a page is printed"
      ),
      (
        "{ maxBytes: 1MiB, format: page }",
        "13: outputs[0].maxBytes: not for the format page: a page has no size"
      ),
      (
        "{ format: page, maxRows: 61 }",
        "27: outputs[0].maxRows: expected at most 60, the lines of a page"
      ),
      (
        "{ format: pdf, paper: a3 }",
        "21: outputs[0].format: expected ndjson, csv, xlsx or page, not pdf"
      ),
      ("{ paper: a3 }", "11: outputs[0]: format is missing: ndjson, csv, xlsx or page"),
      (
        "{ format: page, page: a4 }",
        "27: outputs[0].page: unknown key; the nearest known one is name"
      ),
    ])
  func problems(outputs: String, problem: String) {
    #expect(problems(outputs) == [problem])
  }

  @Test("may be left empty anywhere")
  func emptyKeys() throws {
    #expect(
      try job("{ format: page, compression: , paper: , profile: }").outputs
        == job("{ format: page }").outputs)
  }

  @Test("given by flags change the outputs that can have them")
  func flags() throws {
    let outputs = "{ format: ndjson }, { format: page }"
    let compressed = try job(outputs, flag("outputs[].compression", "gzip:3")).outputs
    #expect(compressed.map(\.compression) == [.gzip(level: 3), .none])
    let printed = try job(outputs, flag("outputs[].paper", "letter")).outputs
    #expect(printed.map { ($0.format as? Page)?.paper } == [nil, .letter])
    #expect(
      try job(outputs, flag("outputs[].format", "page", "csv")).outputs.map(\.format.name)
        == ["csv", "page"])
  }

  @Test("given by flags are refused when no output can have them")
  func refusedFlags() {
    #expect(
      problems("{ format: page }", flag("outputs[].compression", "gzip"))
        == [
          "--flag: outputs[].compression: no output can have it: not for the format page: a page is "
            + "printed"
        ])
    #expect(
      problems("{ format: ndjson }", flag("outputs[].paper", "a4"))
        == ["--flag: outputs[].paper: no output can have it: only for the format page"])
  }

  @Test("of the formats there are come with their help, once each")
  func help() throws {
    let names = JobKeyDescription.all.map(\.name)
    #expect(Set(names).count == names.count)
    let columns = try #require(JobKeyDescription.all.first { $0.name == "outputs[].columns" })
    #expect(columns.help == "CSV, XLSX: the columns in order")
  }
}
