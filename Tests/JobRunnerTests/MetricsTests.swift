import Bytes
import CloudTrail
import Dataset
import Foundation
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing

@Suite("Metrics")
struct MetricsTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
    var options = SampleTrailOptions()
    options.events = 200
    options.accounts = 2
    options.regions = 1
    options.days = 1
    options.lateShare = 0
    _ = try SampleTrail.write(options, to: bench.input)
  }

  private var file: String { bench.folder.appending("metrics/trailmerge.prom") }

  @discardableResult
  private func run(_ change: (inout Job) -> Void = { _ in }) throws -> RunReport {
    try FileSystem.createFolders(Path(file).parent)
    return try bench.run { job in
      job.name = #"ni"ght\ly"#
      job.metricsFile = file
      change(&job)
    }
  }

  /// The lines with values, without the name of the tool and the job.
  private func samples() throws -> [String] {
    let text = String(decoding: try FileSystem.contents(of: Path(file)), as: UTF8.self)
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      String(line).replacing("trailmerge_", with: "")
        .replacing(#"{job_name="ni\"ght\\ly","#, with: "{")
        .replacing(#"{job_name="ni\"ght\\ly"}"#, with: "")
    }
  }

  /// `promtool check metrics`: what it finds wrong, if anything.
  private func complaints() throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [Tool.promtool.name, "check", "metrics"]
    process.standardInput = try FileHandle(forReadingFrom: URL(filePath: file))
    let output = Pipe()
    process.standardError = output
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text : "exit \(process.terminationStatus): \(text)"
  }

  @Test("show the last success, the balance and the newest event of each account")
  func success() throws {
    let report = try run()
    let samples = try samples()
    #expect(samples.contains("last_success_timestamp_seconds 1795163415"))
    #expect(samples.contains("last_run_exit_status 0"))
    #expect(samples.contains("last_run_files{class=\"read\"} \(report.counts.files.read)"))
    #expect(samples.contains("last_run_files{class=\"failed\"} 0"))
    #expect(
      samples.contains("last_run_records{fate=\"duplicate\"} \(report.counts.records.duplicates)"))
    #expect(samples.contains("dataset_records 200"))
    #expect(samples.count { $0.hasPrefix("newest_event_timestamp_seconds{account=\"") } == 2)
  }

  @Test(
    "pass promtool, whether the run is complete, validates or fails",
    .needs(.promtool))
  func pass() throws {
    try run()
    #expect(try complaints() == "")
    try run { $0.validate = true }
    #expect(try complaints() == "")
    #expect(throws: RunError.self) { try run { $0.families = [.insight] } }
    #expect(try complaints() == "")
  }

  @Test("of a run that fails keep the last success and what the dataset holds")
  func failure() throws {
    try run()
    // Another job on the same dataset.
    #expect(throws: RunError.self) { try run { $0.families = [.insight] } }
    let samples = try samples()
    #expect(samples.contains("last_success_timestamp_seconds 1795163415"))
    #expect(samples.contains("last_run_exit_status 64"))
    #expect(samples.contains("dataset_records 200"))
    #expect(!samples.contains { $0.hasPrefix("last_run_files") })
  }

  @Test("of a dataset's first run, if it fails, know no success")
  func firstFailure() throws {
    #expect(throws: FileError.self) {
      try run { $0.inputs = [Job.Input(written: "none", path: bench.folder.appending("none"))] }
    }
    let samples = try samples()
    #expect(samples.contains("last_run_exit_status 1"))
    #expect(!samples.contains { $0.hasPrefix("last_success") })
  }

  @Test("that cannot be written are a note, exit 3, and no reason to lose the run")
  func unwritable() throws {
    let report = try run { $0.metricsFile = bench.folder.appending("none/trailmerge.prom") }
    #expect(report.isCommitted)
    #expect(report.ending == .incomplete)
    #expect(report.notes.contains { $0.contains("the metrics are not written") })
  }

  @Test("count all that is no account id as one, and no event as newer than now")
  func hostile() throws {
    try bench.deliver([
      TreeFile(
        path: "loose.json",
        bytes: Array(
          #"""
          [{"eventID":"1","eventTime":"2026-11-20T00:00:00Z","recipientAccountId":"a\"b\n"},
           {"eventID":"2","eventTime":"2099-01-01T00:00:00Z","recipientAccountId":"999999999999"},
           {"eventID":"3","eventTime":"2026-11-20T23:59:59Z","recipientAccountId":"\u0000"}]
          """#.utf8))
    ])
    try run()
    let newest = try samples().filter { $0.hasPrefix("newest_event") }
    #expect(newest.count == 3)
    #expect(newest.contains("newest_event_timestamp_seconds{account=\"other\"} 1795163415"))
    #expect(!newest.contains { $0.contains("999999999999") })
  }
}

@Suite("A run that is to report when nothing comes")
struct StalenessTests {
  private let bench: Workbench

  init() throws {
    bench = try Workbench()
  }

  /// The workbench's now is 2026-11-20T08:30:15Z.
  private func deliver(_ time: String, name: String = "a") throws {
    try bench.deliver([
      TreeFile(
        path: "\(name).json", bytes: Array(#"{"eventID":"\#(name)","eventTime":"\#(time)"}"#.utf8))
    ])
  }

  @Test("ends with 5 the second time, when no file is new, and with 0 without the key")
  func noNewFiles() throws {
    try deliver("2026-11-20T08:00:00Z")
    #expect(try bench.run { $0.failIfNoNewFiles = true }.ending == .complete)
    let idle = try bench.run { $0.failIfNoNewFiles = true }
    #expect(idle.ending == .stale)
    #expect(idle.notes == ["no new files, which failIfNoNewFiles reports"])
    #expect(try bench.run().ending == .complete)
  }

  @Test(
    "ends with 5 when the newest event is older than the job allows",
    arguments: [
      ("2026-11-20T08:30:15Z", Dataset.ExitStatus.complete),
      ("2026-11-19T06:30:15Z", .complete), ("2026-11-19T06:30:14Z", .stale),
    ])
  func stale(time: String, ending: Dataset.ExitStatus) throws {
    try deliver(time)
    let report = try bench.run { $0.failIfStale = 26 * 3600 }
    #expect(report.ending == ending)
    #expect(report.isCommitted)
    #expect(report.notes.isEmpty == (ending == .complete))
  }

  @Test("is not fooled by an event that is dated years ahead")
  func future() throws {
    try deliver("2026-11-01T00:00:00Z")
    try deliver("2031-01-01T00:00:00Z", name: "b")
    let report = try bench.run { $0.failIfStale = 26 * 3600 }
    #expect(report.ending == .stale)
    #expect(report.notes.first?.contains("2026-11-01T00:00:00Z") == true)
  }

  @Test("ends with 5 when the dataset is empty")
  func empty() throws {
    try FileSystem.createFolders(Path(bench.input))
    let report = try bench.run { $0.failIfStale = 3600 }
    #expect(report.ending == .stale)
    #expect(report.notes == ["the dataset holds no events"])
  }

  @Test("says so and still ends with 3 when a file has failed")
  func gravity() throws {
    try deliver("2026-11-01T00:00:00Z")
    try bench.deliver([TreeFile(path: "b.json", bytes: Array("{".utf8))])
    let report = try bench.run { $0.failIfStale = 3600 }
    #expect(report.ending == .incomplete)
    #expect(report.notes.count == 1)
  }
}
