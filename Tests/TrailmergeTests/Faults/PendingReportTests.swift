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
    try FileTree.write("inputs: [input]\ndataset: unused\n", to: "job.yaml", in: folder.path)
  }

  private func run(_ dataset: String, _ flags: [String] = []) throws -> CommandResult {
    try trailmerge(
      ["run", folder.appending("job.yaml"), "-o", folder.appending(dataset), "-q"] + flags)
  }

  private func run(_ dataset: String, killedBefore point: Int) throws -> CommandResult {
    try runJob(
      folder.appending("job.yaml"), into: folder.appending(dataset),
      environment: ["TRAILMERGE_KILL_BEFORE": "\(point)"])
  }

  private func has(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path))
  }

  /// The last change to the file system that a run can be killed before.
  private func lastPoint() throws -> Int {
    var (low, high) = (1, 512)
    while low < high {
      let middle = (low + high) / 2
      if try run("try-\(middle)", killedBefore: middle).status == 9 {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low - 1
  }

  @Test(
    "is said by the next run, whatever point it died at, once, and not lost by a run that fails")
  func nextRun() throws {
    var endedCount = 0
    // Backwards from the end: with its report the run has said what it had to, and without a journal
    // its commit has not begun.
    let last = try lastPoint()
    for point in (1...last).reversed() where last - point < 6 || point % 4 == 0 {
      let own = "data-\(point)/_trailmerge"
      #expect(try run("data-\(point)", killedBefore: point).status == 9)
      if !has("\(own)/journal.ndjson") && !has("\(own)/manifest.json") { break }
      if !has("\(own)/runs/pending-report") { continue }
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
