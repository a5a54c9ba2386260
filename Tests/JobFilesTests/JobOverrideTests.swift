import CloudTrail
import JobFiles
import Testing
import Writing

struct JobOverrideTests {
  private func flag(_ key: String, _ values: String...) -> JobOverride {
    JobOverride(flag: "--flag", key: key, values: values)
  }

  @Test("a flag takes the place of what the file says")
  func replaces() throws {
    let job = try job(
      "threads: 2\nselect: { regions: [eu-*], from: today }",
      overrides: [flag("threads", "5"), flag("select.regions", "us-*", "cn-*")])
    #expect(job.threads == 5)
    #expect(job.select.regions == ["cn-*", "us-*"])
    #expect(job.select.from?.text == "today")
  }

  @Test("a flag's path is relative to the working folder, not to the job file")
  func pathsAreRelativeToTheWorkingFolder() throws {
    #expect(try job("", overrides: [flag("dataset", "out")]).dataset == "/home/ada/out")
  }

  @Test("a flag on outputs changes all that it can apply to")
  func appliesToOutputs() throws {
    let job = try job(
      "", overrides: [flag("outputs[].partitionBy", "dt"), flag("outputs[].profile", "excel")])
    #expect(job.outputs.map(\.partitionBy) == [[.dt], [.dt]])
    #expect(job.outputs.map { ($0.format as? CSV)?.profile } == [nil, .excel])
  }

  @Test("formats keep the outputs they name and add those that are missing")
  func formats() throws {
    let yaml = "outputs: [{ format: csv, name: sheet, columns: [eventID] }]"
    let both = try job(yaml, overrides: [flag("outputs[].format", "ndjson", "csv")])
    #expect(both.outputs.map(\.name) == ["ndjson", "sheet"])
    let one = try job(yaml, overrides: [flag("outputs[].format", "ndjson")])
    #expect(one.outputs == [OutputSpecification(NDJSON())])
  }

  @Test("rules are YAML, with or without braces")
  func rules() throws {
    let job = try job(
      "",
      overrides: [
        flag(
          "select.exclude", "eventName: [Decrypt, 'Get*'], readOnly: true", "{ a.b: 1 }",
          "absent: [errorCode, a.b], eventName: x")
      ])
    #expect(
      job.select.exclude.map(\.text) == [
        "eventName: [Decrypt, Get*], readOnly: true", "a.b: 1",
        "eventName: x, absent: [errorCode, a.b]",
      ])
  }

  @Test(
    "a wrong value names the flag",
    arguments: [
      ("threads", "x", "--flag: threads: expected 0 to 256, not x"),
      ("outputs[].profile", "x", "--flag: outputs[1].profile: expected plain or excel, not x"),
      (
        "select.exclude", "a: [b",
        "--flag: select.exclude: not YAML: did not find expected ',' or ']'"
      ),
    ])
  func namesTheFlag(key: String, value: String, problem: String) {
    #expect(problems("", overrides: [flag(key, value)]) == [problem])
  }

  @Test("a flag for CSV is refused when no output is one")
  func refusesCSVFlags() {
    let found = problems(
      "outputs: [{ format: ndjson }]", overrides: [flag("outputs[].columns", "a")])
    #expect(
      found
        == ["--flag: outputs[].columns: no output can have it: only for the format csv or xlsx"])
  }
}
