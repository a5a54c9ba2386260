import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import TestSupport
import Testing
import Writing

/// Selections from job file to balance sheet.
struct SelectionTests {
  /// A delivered log file; `records` are its elements.
  private func log(
    _ records: [String], account: String = "111111111111", region: String = "eu-west-1",
    day: String = "2026/11/19", name: String = "a"
  ) -> TreeFile {
    TreeFile(
      path: "AWSLogs/\(account)/CloudTrail/\(region)/\(day)/\(name).json",
      bytes: Array(#"{"Records":[\#(records.joined(separator: ","))]}"#.utf8))
  }

  /// A log file that fails if it is opened.
  private func trap(account: String = "111111111111", day: String = "2026/11/19") -> TreeFile {
    TreeFile(
      path: "AWSLogs/\(account)/CloudTrail/eu-west-1/\(day)/trap.json", bytes: Array("{".utf8))
  }

  private func event(
    _ id: String, _ members: String = #""readOnly":true"#, at time: String = "2026-11-19T08:00:00Z",
    account: String = "111111111111"
  ) -> String {
    #"{"eventTime":"\#(time)","eventID":"\#(id)","recipientAccountId":"\#(account)",\#(members)}"#
  }

  private func selection(_ yaml: String) throws -> Selection {
    let select = yaml.split(separator: "\n").joined(separator: "\n  ")
    return try Job(
      yaml: "inputs: [/mirror]\ndataset: /data\nselect:\n  " + select, file: "/job.yaml",
      in: JobSurroundings(environment: [:], folder: "/", now: 1_795_163_415)
    ).select
  }

  private func run(_ bench: Workbench, _ yaml: String) throws -> RunReport {
    let selected = try selection(yaml)
    return try bench.run {
      $0.select = selected
      $0.outputs = [OutputSpecification(NDJSON())]
    }
  }

  @Test func `what is left out is counted under its rule, and the balance closes`() throws {
    let bench = try Workbench()
    try bench.deliver([
      log([
        event("1", #""eventSource":"kms.amazonaws.com","eventName":"Decrypt","readOnly":true"#),
        event("2", #""eventSource":"kms.amazonaws.com","eventName":"Decrypt","readOnly":false"#),
        event(
          "3",
          #""eventSource":"kms.amazonaws.com","eventName":"GenerateDataKeyX","#
            + #""readOnly":true"#),
        event("4", at: "2026-11-18T23:00:00Z"), event("5", account: "999999999999"), event("2"),
        #"{"eventID":"6","recipientAccountId":"999999999999"}"#,
      ])
    ])
    let report = try run(
      bench,
      """
      from: 2026-11-19
      to: 2026-11-20
      accounts: ["111111111111"]
      exclude:
        - { eventSource: kms.amazonaws.com, eventName: [Decrypt, "GenerateDataKey*"], readOnly: true }
      """)
    let rule =
      "exclude: {eventSource: kms.amazonaws.com, eventName: [Decrypt, GenerateDataKey*], "
      + "readOnly: true}"
    #expect(report.counts.filteredBy == [rule: 2, "from/to": 1, "accounts": 1])
    let records = report.counts.records
    #expect(records.input == 7 && records.filtered == 4 && records.rejected == 1)
    #expect(records.written == 1 && records.conflicts == 1 && records.isBalanced)
    #expect(report.counts.files.isBalanced)
  }

  @Test func `files that cannot hold a selected record are not opened`() throws {
    let bench = try Workbench()
    try bench.deliver([
      trap(account: "222222222222"), trap(day: "2026/10/31"), trap(day: "2026/12/31"),
      log([event("late", at: "2026-11-30T23:00:00Z")], day: "2026/12/30"),
      log([event("in"), event("early", at: "2026-10-31T23:59:59Z")], day: "2026/11/01"),
    ])
    let report = try run(
      bench, "from: 2026-11-01\nto: 2026-12-01\naccounts: [\"1*\"]")
    #expect(report.counts.files.skipped == ["not selected": 3])
    #expect(report.counts.files.read == 2 && report.counts.files.isBalanced)
    #expect(report.counts.records.written == 2 && report.counts.records.filtered == 1)
    #expect(report.notes.contains { $0.contains("from 2026-11-01 to 2026-12-30 are read") })
    #expect(report.ending == .complete)
  }

  @Test func `delivery dates of the job's own are kept to`() throws {
    let bench = try Workbench()
    try bench.deliver([
      log([event("in")]), trap(day: "2026/11/20"), trap(day: "2026/11/18"),
    ])
    let report = try run(
      bench, "from: 2026-11-19\ndeliveredFrom: 2026-11-19\ndeliveredTo: 2026-11-20")
    #expect(report.counts.files.read == 1)
    #expect(report.counts.files.skipped == ["not selected": 2])
    #expect(report.notes.isEmpty)
  }

  @Test func `a selected dataset grown in steps is the one built at once`() throws {
    let bench = try Workbench()
    let select = try selection("exclude: [{ eventName: \"Get*\" }]")
    let nights = (0..<3).map { night in
      log(
        (0..<20).map { event("\(night)-\($0)", #""eventName":"\#($0 % 3 == 0 ? "Get" : "Put")""#) },
        name: "night-\(night)")
    }
    for night in nights {
      try bench.deliver([night])
      try bench.run(into: "grown") { $0.select = select }
    }
    let report = try bench.run(into: "once") { $0.select = select }
    #expect(report.counts.records.filtered == 21)
    try bench.expectEqual("grown", "once")
  }

  @Test func `files left out are read once the selection asks for them`() throws {
    let bench = try Workbench()
    try bench.deliver([
      log([event("1")]),
      log([event("2", account: "222222222222")], account: "222222222222", name: "b"),
    ])
    _ = try run(bench, "accounts: [\"111111111111\"]")
    #expect(throws: RunError.self) { try run(bench, "accounts: [\"222222222222\"]") }
    let other = try selection("accounts: [\"222222222222\"]")
    let report = try bench.run {
      $0.select = other
      $0.outputs = [OutputSpecification(NDJSON())]
      $0.rebuild = true
    }
    #expect(report.counts.files.read == 1 && report.datasetRecordCount == 1)
  }

  @Test func `logins without a second factor are found by what their records lack`() throws {
    let bench = try Workbench()
    let login = #""eventName":"ConsoleLogin""#
    try bench.deliver([
      log([
        event("none", login), event("null", login + #","additionalEventData":{"MFAUsed":null}"#),
        event("used", login + #","additionalEventData":{"MFAUsed":"Yes"}"#),
        event("failed", login + #","errorCode":"x""#), event("other", #""eventName":"Get""#),
        event("field", #""absent":"x""#),
      ])
    ])
    let report = try run(
      bench,
      """
      include:
        - { absent: [errorCode, additionalEventData.MFAUsed], eventName: ConsoleLogin }
        - { '"absent"': "x" }
      exclude: [{ absent: additionalEventData, eventName: ConsoleLogin }]
      """)
    #expect(
      report.counts.filteredBy == [
        "include: no rule matches": 3,
        "exclude: {eventName: ConsoleLogin, absent: additionalEventData}": 1,
      ])
    #expect(report.counts.records.written == 2 && report.counts.records.isBalanced)
  }
}
