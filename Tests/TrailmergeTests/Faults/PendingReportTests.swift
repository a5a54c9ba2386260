import Foundation
import TestSupport
import Testing

@Suite("What a run had to say that died in its commit", .serialized)
struct PendingReportTests {
  private let folder: TestSupport.TemporaryFolder

  /// A file with a record that is rejected, and data after its end: 4.
  init() throws {
    folder = try TestSupport.TemporaryFolder()
    let text =
      #"{"Records":[{"eventID":"a","eventTime":"2026-11-18T10:00:00Z"},"#
      + #"{"eventID":"b","eventTime":"never"}]}"#
    let file = try gzipped(Array(text.utf8)) + Array("data after its end".utf8)
    try FileTree.write([TreeFile(path: "input/a.json.gz", bytes: file)], in: folder.path)
  }

  private func run(_ dataset: String, _ flags: [String] = [], killedBefore point: Int? = nil) throws
    -> CommandResult
  {
    try trailmerge(
      ["consolidate", folder.appending("input"), "-o", folder.appending(dataset), "-q"] + flags,
      environment: point.map { ["TRAILMERGE_KILL_BEFORE": "\($0)"] } ?? [:])
  }

  private func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path))
  }

  @Test(
    "is said by the next run, whatever point it died at, once, and not lost by a run that fails")
  func nextRun() throws {
    var endedCount = 0
    for point in 1... {
      let own = "data-\(point)/_trailmerge"
      if try run("data-\(point)", killedBefore: point).status != 9 { break }
      // Without its journal a commit has not begun; with its report the run has said what it had to.
      let hasBegun = has("\(own)/journal.ndjson") || has("\(own)/manifest.json")
      guard hasBegun, has("\(own)/runs/pending-report") else { continue }
      if endedCount == 0 {
        #expect(try run("data-\(point)", ["--from", "2026-11-19"]).status == 64)
      }
      try expectLastWords(point)
      endedCount += 1
    }
    #expect(endedCount > 3)
  }

  private func expectLastWords(_ point: Int) throws {
    let dataset = "data-\(point)"
    let next = try run(dataset, ["--report", "json", "--fail-if-no-new-files"])
    #expect(next.status == 4, "point \(point): \(next.errors)")
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(next.output.utf8)) as? [String: Any])
    #expect(report["committed"] as? Bool == true, "point \(point)")
    let ended = try #require(report["endedRun"] as? [String: Any])
    #expect(ended["exit"] as? Int == 4)
    let notes = try #require(report["notes"] as? [String]).joined(separator: "\n")
    #expect(notes.contains("died in its commit") && notes.contains("1 record rejected"))
    #expect(notes.contains("a.json.gz had data after its end"))
    let reports = try FileTree.read(folder.appending("\(dataset)/_trailmerge/runs"))
    #expect(reports.count { $0.path.hasSuffix(".json") } >= 2, "point \(point)")
    #expect(try run(dataset).status == 0, "point \(point)")
  }
}
