import Foundation
import TestSupport
import Testing

/// What `--report json` prints, and what runs say that commit nothing.
@Suite("The report of a run")
struct RunReportTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    for number in 1...3 {
      try FileTree.write(
        #"{"eventTime":"2026-11-1\#(number)T00:00:00Z","eventID":"\#(number)"}"#,
        to: "in/\(number).json", in: folder.path)
    }
  }

  private func run(_ flags: String...) throws -> CommandResult {
    try trailmerge(
      ["consolidate", folder.appending("in"), "-o", folder.appending("out")] + flags)
  }

  private func object(_ result: CommandResult) throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
    return try #require(json as? [String: Any])
  }

  private func counts(_ report: [String: Any], _ name: String) throws -> [String: Int] {
    let members = try #require(report[name] as? [String: Any])
    return members.compactMapValues { $0 as? Int }
  }

  @Test("has a format, an exit status and whether it was committed, then the balance")
  func success() throws {
    let result = try run("--report", "json")
    #expect(result.status == 0)
    let report = try object(result)
    #expect(report["format"] as? Int == 1)
    #expect(report["exit"] as? Int == 0)
    #expect(report["committed"] as? Bool == true)
    #expect(report["error"] == nil)
    #expect(try counts(report, "files")["read"] == 3)
    #expect(try counts(report, "records")["dropped"] == 0)
    #expect(try object(try run("--report", "json"))["committed"] as? Bool == false)
  }

  @Test("is one object on a failure too")
  func failure() throws {
    #expect(try run().status == 0)
    let result = try run("--report", "json", "--families", "insight")
    #expect(result.status == 64)
    let report = try object(result)
    #expect(report["format"] as? Int == 1)
    #expect(report["exit"] as? Int == 64)
    #expect(report["committed"] as? Bool == false)
    #expect((report["error"] as? String)?.contains("the job has changed") == true)
    #expect(report["dataset"] as? String == folder.appending("out"))
  }

  @Test("is one object for each job file that is wrong")
  func wrongJob() throws {
    let file = folder.appending("job.yaml")
    try FileTree.write("inputs: [in]\ndataset: out\nouptuts: []", to: "job.yaml", in: folder.path)
    for name in [file, folder.appending("none.yaml")] {
      let result = try trailmerge(["run", name, "--report", "json"])
      let report = try object(result)
      #expect(report["format"] as? Int == 1)
      #expect(report["job"] as? String == name)
      #expect(report["exit"] as? Int == Int(result.status) && result.status != 0)
      #expect(report["committed"] as? Bool == false)
      #expect((report["error"] as? String)?.isEmpty == false)
    }
  }

  @Test("is one object for a job file that is right, too, when another one is wrong")
  func notRun() throws {
    try FileTree.write("inputs: [in]\ndataset: good\nname: good", to: "good.yaml", in: folder.path)
    try FileTree.write("inputs: [in]", to: "bad.yaml", in: folder.path)
    let files = ["good.yaml", "bad.yaml"].map { folder.appending($0) }
    let result = try trailmerge(["run"] + files + ["--report", "json"])
    let reports = try result.output.split(separator: "\n").map { line in
      try #require(
        try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    #expect(reports.map { $0["job"] as? String } == ["good", files[1]])
    #expect(reports.first?["error"] as? String == "not run: another job file is wrong")
    #expect(reports.allSatisfy { $0["exit"] as? Int == Int(result.status) })
    #expect(!FileManager.default.fileExists(atPath: folder.appending("good")))
  }

  @Test("is an object of a dataset that is damaged or missing", arguments: ["verify", "status"])
  func noDataset(command: String) throws {
    #expect(try run().status == 0)
    try FileTree.write("{", to: "out/_trailmerge/manifest.json", in: folder.path)
    for (name, status, problem) in [
      ("none", 64, "is not a dataset"), ("out", 4, "manifest.json is damaged"),
    ] {
      let dataset = folder.appending(name)
      let result = try trailmerge([command, dataset, "--report", "json"])
      let report = try object(result)
      #expect(Int(result.status) == status && report["exit"] as? Int == status)
      #expect(report["format"] as? Int == 1 && report["dataset"] as? String == dataset)
      #expect((report["error"] as? String)?.contains(problem) == true)
    }
  }

  @Test("is an object of inputs that cannot be validated")
  func noInputs() throws {
    let none = folder.appending("none")
    let result = try trailmerge(["validate", none, "--report", "json"])
    let report = try object(result)
    #expect(result.status != 0 && report["exit"] as? Int == Int(result.status))
    #expect(report["inputs"] as? [String] == [none])
    #expect((report["error"] as? String)?.isEmpty == false)
  }

  @Test("counts what strict readers refuse as the status does, in runs over again and in merges")
  func refused() throws {
    let record = #"{"eventTime":"2026-11-12T00:00:00Z","eventID":"a","x":"\ud800"}"#
    for name in ["in/2.json", "in/copy.json"] {
      try FileTree.write(record, to: name, in: folder.path)
    }
    func expectOne(_ result: CommandResult, _ dataset: String) throws {
      let refused = try #require(try object(result)["strictReadersRefuse"] as? NSDictionary)
      let status = try object(trailmerge(["status", dataset, "--report", "json"]))
      #expect(refused["records"] as? Int == 1)
      #expect(status["strictReadersRefuse"] as? NSDictionary == refused)
    }
    let out = folder.appending("out")
    try expectOne(try run("--report", "json"), out)
    try expectOne(try run("--report", "json"), out)
    let merged = folder.appending("merged")
    try expectOne(try trailmerge(["merge", out, "-o", merged, "--report", "json"]), merged)
  }

  @Test("has the same shapes as the status and the verification, whose flags it shares")
  func shapes() throws {
    try FileTree.write(
      #"{"eventTime":"2026-11-12T00:00:00Z","eventID":"a","x":"\ud800"}"#, to: "in/2.json",
      in: folder.path)
    try FileTree.write("[", to: "in/bad.json", in: folder.path)
    let report = try object(try run("--report", "json"))
    let out = folder.appending("out")
    let status = try object(try trailmerge(["status", out, "--report", "json"]))
    let verified = try object(try trailmerge(["verify", out, "--format", "json"]))
    #expect(status["format"] as? Int == 1 && verified["format"] as? Int == 1)
    #expect(status["lastRun"] as? NSDictionary == report as NSDictionary)
    let refused = try #require(report["strictReadersRefuse"] as? NSDictionary)
    #expect(refused["records"] as? Int == 1 && (refused["examples"] as? [Any])?.count == 1)
    #expect(status["strictReadersRefuse"] as? NSDictionary == refused)
    #expect(verified["strictReadersRefuse"] as? NSDictionary == refused)
    let failures = try #require(report["failures"] as? [[String: Any]])
    let failed = try #require(status["failedFiles"] as? [[String: Any]])
    #expect(failures.count == 1)
    for key in ["path", "offset", "reason"] {
      #expect(failures.first?[key] as? NSObject == failed.first?[key] as? NSObject)
    }
  }

  @Test("is one object on a dry run too")
  func dryRun() throws {
    let result = try run("--report", "json", "--dry-run")
    #expect(result.status == 0)
    let report = try object(result)
    #expect(report["dryRun"] as? Bool == true)
    #expect(report["committed"] as? Bool == false)
    #expect(try counts(report, "files") == ["found": 3, "read": 3, "alreadyRead": 0, "failed": 0])
    #expect(!FileManager.default.fileExists(atPath: folder.appending("out")))
  }

  @Test("names the files whose records a rebuild would drop, and the run ends with 4")
  func loss() throws {
    #expect(try run().status == 0)
    try FileManager.default.removeItem(atPath: folder.appending("in/2.json"))
    let result = try run("--rebuild", "--report", "json")
    #expect(result.status == 4)
    let report = try object(result)
    #expect(report["committed"] as? Bool == false)
    #expect(try counts(report, "records")["dropped"] == 1)
    let dropped = try #require(report["dropped"] as? [[String: Any]])
    #expect(dropped.count == 1)
    #expect((dropped.first?["path"] as? String)?.hasSuffix("2.json") == true)
    #expect(result.errors.contains("1 record would be dropped, nothing committed"))
    let quiet = try run("--no-incremental", "-q")
    #expect(quiet.status == 4)
    #expect(quiet.errors.contains("1 stored record of 1 file would be dropped"))
    let status = try trailmerge("status", folder.appending("out"))
    #expect(status.output.contains("integrity problem"))
    let allowed = try run("--rebuild", "--allow-loss")
    #expect(allowed.status == 0)
    #expect(allowed.output.contains("1 record dropped"))
    #expect(allowed.output.contains("holds     2 records"))
  }

  @Test("of inputs without a file says so, and the run ends with 1")
  func emptyInputs() throws {
    #expect(try run().status == 0)
    for number in 1...3 {
      try FileManager.default.removeItem(atPath: folder.appending("in/\(number).json"))
    }
    for flags in [
      ["--rebuild"], ["--no-incremental", "--allow-loss"], ["--rebuild", "--dry-run"],
    ] {
      let result = try trailmerge(
        ["consolidate", folder.appending("in"), "-o", folder.appending("out")] + flags)
      #expect(result.status == 1)
      #expect(result.errors.contains("the inputs have no file at all"))
    }
    #expect(try run().status == 0)
    #expect(try trailmerge("verify", folder.appending("out")).status == 0)
  }

  @Test(
    "a rebuild refuses flags that select less than the dataset has",
    arguments: [
      ["--account-id", "012345678910"], ["--region", "eu-*"], ["--from", "2026-11-12"],
      ["--to", "today"], ["--delivered-from", "7d"], ["--org-id", "o-ab12cd34ef"],
      ["--include", "eventName: Get*"], ["--exclude", "readOnly: true"],
      ["--families", "events,insight"],
    ])
  func selectingFlags(flags: [String]) throws {
    #expect(try run().status == 0)
    let before = try FileTree.listing(of: folder.appending("out"))
    for rebuild in ["--rebuild", "--no-incremental"] {
      let result = try trailmerge(
        ["consolidate", folder.appending("in"), "-o", folder.appending("out"), rebuild] + flags)
      #expect(result.status == 64)
      #expect(result.errors.contains(flags[0]))
    }
    #expect(try FileTree.listing(of: folder.appending("out")) == before)
  }

  @Test("a rebuild takes the flags that the dataset was made with")
  func sameFlags() throws {
    for flags in [[], ["--rebuild"]] {
      let result = try trailmerge(
        [
          "consolidate", folder.appending("in"), "-o", folder.appending("out"), "--from",
          "2026-11-12",
        ] + flags)
      #expect(result.status == 0)
      #expect(result.output.contains("holds     2 records"))
    }
  }
}
