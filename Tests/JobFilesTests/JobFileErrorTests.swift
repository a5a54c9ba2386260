import JobFiles
import Testing

/// The first line after the two that every text begins with is line 3.
struct JobFileErrorTests {
  @Test(
    "an unknown key gets the nearest known one",
    arguments: [
      ("inptus: [a]", "3:1: inptus: unknown key; the nearest known one is inputs"),
      ("Threads: 1", "3:1: Threads: unknown key; the nearest known one is threads"),
      ("from: today", "3:1: from: unknown key here; it is known as select.from"),
      (
        "select: { account: [a] }",
        "3:11: select.account: unknown key; the nearest known one is accounts"
      ),
      (
        "outputs:\n  - format: csv\n    partitionby: [dt]",
        "5:5: outputs[0].partitionby: unknown key; the nearest known one is partitionBy"
      ),
    ])
  func unknownKeys(yaml: String, problem: String) {
    #expect(problems(yaml) == ["jobs/test.yaml:" + problem])
  }

  @Test(
    "a wrong value says where it is and what was expected",
    arguments: [
      ("threads: many", "3:10: threads: expected 0 to 256, not many"),
      ("threads: -1", "3:10: threads: expected 0 to 256, not \"-1\""),
      ("threads: [1]", "3:10: threads: expected 0 to 256, not a list"),
      ("incremental: yes", "3:14: incremental: expected true or false, not yes"),
      ("memory: 1MiB", "3:9: memory: expected a size of at least 16MiB such as 2GiB, not 1MiB"),
      ("lockWait: 10", "3:11: lockWait: expected a time span such as 10m or 26h, not 10"),
      ("name: \"\"", "3:7: name: expected a name on one line, not an empty text"),
      ("select: [a]", "3:9: select: expected keys with values, not a list"),
      (
        "families: [events, digest]",
        "3:20: families[1]: expected events, insight, network-activity or aggregated, not digest"
      ),
      ("families: []", "3:11: families: expected at least one family, not an empty list"),
      (
        "select: { accounts: [12345678910] }",
        "3:22: select.accounts[0]: expected an account id of 12 digits or a shell glob, "
          + "not 12345678910"
      ),
      (
        "select: { exclude: [{ eventName: [] }] }",
        "3:34: select.exclude[0].eventName: expected at least one pattern, not an empty list"
      ),
      (
        "select: { exclude: [{ absent: [] }] }",
        "3:31: select.exclude[0].absent: expected at least one path of a field, not an empty list"
      ),
      (
        "select: { include: [{ absent: [a, b..c] }] }",
        "3:35: select.include[0].absent[1]: column 'b..c', character 3: expected a field name here"
      ),
      (
        "select: { include: [{ absent: { a: b } }] }",
        "3:31: select.include[0].absent: expected the path of a field such as "
          + "additionalEventData.MFAUsed, not a mapping"
      ),
      (
        "select: { exclude: [{ errorCode: null }] }",
        "3:34: select.exclude[0].errorCode: expected a pattern, not nothing; for a field that is "
          + "missing or null: absent: errorCode"
      ),
      (
        "select: { exclude: [{ absent: a, '\"a\"': x }] }",
        "3:34: select.exclude[0].\"a\": expected a pattern or absent, not both: no record could match"
      ),
      ("outputs: []", "3:10: outputs: expected a list of outputs, not an empty list"),
      ("outputs: [{ name: a }]", "3:11: outputs[0]: format is missing: ndjson, csv or xlsx"),
      (
        "outputs: [{ format: parquet }]",
        "3:21: outputs[0].format: expected ndjson, csv or xlsx, not parquet"
      ),
      (
        "outputs: [{ format: csv, compression: gzip:0 }]",
        "3:39: outputs[0].compression: expected none, gzip, or gzip:1 (fast) to gzip:9 (small), "
          + "not gzip:0"
      ),
      (
        "outputs: [{ format: csv, partitionBy: [hour, dt] }]",
        "3:39: outputs[0].partitionBy: expected hour only after dt"
      ),
      (
        "outputs: [{ format: csv, partitionBy: [dt, dt] }]",
        "3:39: outputs[0].partitionBy: expected each partition key once"
      ),
      (
        "outputs: [{ format: ndjson, columns: [eventID] }]",
        "3:29: outputs[0].columns: only for the format csv or xlsx"
      ),
      (
        "outputs: [{ format: csv, profile: excel, maxRows: 2000000 }]",
        "3:42: outputs[0].maxRows: expected at most 1048575, the rows that Excel shows"
      ),
      (
        "outputs: [{ format: csv }, { format: csv }]",
        "3:30: outputs[1].format: expected a name of its own, not csv, which an output or family has"
      ),
      (
        "outputs: [{ format: csv, name: insight }]",
        "3:26: outputs[0].name: expected a name of its own, not insight, which an output or family "
          + "has"
      ),
      (
        "select: { from: today, to: yesterday }",
        "3:24: select.to: expected a time after from (today), not yesterday"
      ),
    ])
  func wrongValues(yaml: String, problem: String) {
    #expect(problems(yaml) == ["jobs/test.yaml:" + problem])
  }

  @Test(
    "an output's name is one plain folder that query engines see",
    arguments: ["_x", ".x", "..", "a/b", "a b", "é", "a_b"])
  func outputNames(name: String) {
    let found = problems("outputs: [{ format: csv, name: \"\(name)\" }]")
    #expect(found.count == 1)
    #expect(found.first?.contains("outputs[0].name: expected a folder name") == true)
  }

  @Test("a key given twice is an error, and so is a text that is no YAML")
  func textErrors() {
    #expect(
      problems("threads: 1\nthreads: 2") == ["jobs/test.yaml:3:1: given more than once: threads"])
    #expect(
      problems("name: a: b")
        == ["jobs/test.yaml:3:8: not YAML: mapping values are not allowed in this context"])
    #expect(
      problems("name: a\nthreads: \u{1}")
        == ["jobs/test.yaml:4:10: not YAML: control characters are not allowed"])
    #expect(
      problems(wholeFile: "[a]") == ["jobs/test.yaml:1:1: expected keys with values, not a list"])
  }

  @Test("what every job needs is missed")
  func missingKeys() {
    #expect(
      problems(wholeFile: "") == [
        "jobs/test.yaml: inputs: missing: expected at least one path to read",
        "jobs/test.yaml: dataset: missing: expected the folder to write",
      ])
  }

  @Test("all that is wrong is reported at once, in the order of the lines")
  func reportsEverything() {
    let found = problems("select:\n  to: never\nthreads: x\noutputs: [{ format: x }]\ninput: [a]")
    #expect(found.map { $0.split(separator: ":")[1] } == ["4", "5", "6", "7"])
  }

  @Test(
    "an input and the dataset must be apart, whatever the folders between them are called",
    arguments: [
      ("/data", "/data"), ("/data/in", "/data"), ("/data", "/data/out"), ("/data", "/data/_out"),
      ("/", "/data"), ("/data/../data/in", "/data"),
    ])
  func overlaps(input: String, dataset: String) {
    let found = problems(wholeFile: "inputs: [\(input)]\ndataset: \(dataset)")
    #expect(found.count == 1)
    #expect(found.first?.contains("outside the") == true)
  }

  @Test(
    "inputs must be apart from one another, whatever their paths look like",
    arguments: [("/in", "/in"), ("/in", "/in/./"), ("/in", "/in/a/b"), ("/in/a", "/in")])
  func nestedInputs(first: String, second: String) {
    let found = problems(wholeFile: "inputs: [\(first), \(second)]\ndataset: /data")
    #expect(found.count == 1)
    #expect(found.first?.contains("expected inputs apart from one another: /in") == true)
    #expect(problems(wholeFile: "inputs: [/in, /in-2, /i]\ndataset: /data").isEmpty)
    // One text to Swift, two names to the disk.
    #expect(problems(wholeFile: "inputs: [/\u{E9}, /e\u{301}/x]\ndataset: /data").isEmpty)
  }

  @Test(
    "an input's name is one part of a path",
    arguments: ["a/b", "/", ".", "..", "''", #""a\nb""#, #""\u0000""#, "[a]"])
  func inputNames(name: String) {
    let found = problems(wholeFile: "inputs: [{ path: /in, name: \(name) }]\ndataset: /data")
    #expect(found.count == 1)
    #expect(
      found.first?.contains("inputs[0].name: expected a name on one line without slashes") == true)
  }

  @Test("two inputs of one name are an error, also if they are not there")
  func namesakes() {
    let found = problems(
      wholeFile: "inputs: [{ path: /a, name: x }, { path: /b, name: x }]\ndataset: /data")
    #expect(
      found == [
        "jobs/test.yaml:1:35: inputs[1].path: /a and /b are both known as x: give one a name, with the "
          + "key name or as NAME=PATH"
      ])
  }

  @Test("an input is outside the folders that the tool keeps for itself")
  func ownFolders() {
    let found = problems(wholeFile: "inputs: [/old/_trailmerge/rejected]\ndataset: /data")
    #expect(
      found == [
        "jobs/test.yaml:1:1: inputs: expected an input outside the _trailmerge of a dataset"
      ])
  }

  @Test("nothing is written into an input", arguments: ["tempDir", "metricsFile"])
  func writesNothingIntoInputs(key: String) {
    #expect(
      problems("\(key): /mirror/x")
        == ["jobs/test.yaml:3:1: \(key): expected a path outside the input /mirror"])
  }

  @Test("folders whose names only begin alike are apart")
  func neighbours() {
    #expect(problems(wholeFile: "inputs: [/data-in]\ndataset: /data").isEmpty)
  }

  @Test func `a rule with a path that is none is a mistake of the job file`() {
    #expect(problems("select: { exclude: [{ \"a..b\": x }] }").count == 1)
  }
}
