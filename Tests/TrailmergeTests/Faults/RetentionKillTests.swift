import Bytes
import TestSupport
import Testing

@Suite("A run in which old days leave", .serialized)
struct RetentionKillTests {
  @Test("ends with the same bytes, wherever it is killed")
  func leavingDays() throws {
    let bench = try FaultBench(.days)
    let job = bench.folder.appending("from.yaml")
    let text = String(
      decoding: try FileSystem.contents(of: Path(bench.lossyJob)), as: UTF8.self)
    try FileTree.write(
      text + "\nselect: { from: 2026-11-01T12:00:00Z }", to: "from.yaml", in: bench.folder.path)
    try bench.restore("kept")
    let undisturbed = try bench.run(into: "kept", job: job)
    #expect(undisturbed.status == 3, "\(undisturbed.errors)")
    // Every point of a commit is tried elsewhere: new here is what changes. All on request.
    for point in bench.points(upTo: 150, seed: 5, count: 14) {
      try bench.restore("work")
      let killed = try bench.run(
        into: "work", job: job, environment: ["TRAILMERGE_KILL_BEFORE": "\(point)"])
      if killed.status != 9 { continue }
      #expect([0, 3].contains(try bench.run(into: "work", job: job).status), "point \(point)")
      let difference = try bench.difference("work", "kept")
      #expect(difference == nil, "point \(point)")
    }
  }
}
