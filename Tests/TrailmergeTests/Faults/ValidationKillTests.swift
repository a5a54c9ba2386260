import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing

@Suite("A run that is killed while it stores evidence", .serialized)
struct ValidationKillTests {
  @Test("leaves the evidence old or new, and the next run ends with the same bytes")
  func killed() throws {
    let folder = try TestSupport.TemporaryFolder()
    var options = SampleTrailOptions()
    options.events = 60
    options.accounts = 1
    options.regions = 1
    options.days = 1
    options.lateShare = 0
    _ = try SampleTrail.write(options, to: folder.appending("tree"))
    let files = try FileTree.read(folder.appending("tree"))
    func deliver(digests: Bool) throws {
      for file in files where file.path.contains("CloudTrail-Digest") == digests {
        try FileTree.write(file.bytes, to: file.path, in: folder.appending("input"))
      }
    }
    try FileTree.write(
      "inputs: [input]\ndataset: unused\noutputs: [{ format: ndjson }]\nvalidate: true\n",
      to: "job.yaml", in: folder.path)
    func run(into name: String, killBefore point: Int? = nil) throws -> CommandResult {
      try runJob(
        folder.appending("job.yaml"), into: folder.appending(name),
        environment: point.map { ["TRAILMERGE_KILL_BEFORE": "\($0)"] } ?? [:])
    }
    func evidence(_ name: String) throws -> [TreeFile] {
      let path = folder.appending(name) + "/_trailmerge/digests"
      return FileManager.default.fileExists(atPath: path) ? try FileTree.read(path) : []
    }
    // Logs first, which ends with 4 as there is nothing to check with; then their digests.
    try deliver(digests: false)
    #expect(try run(into: "old").status == 4)
    try deliver(digests: true)
    try FileManager.default.copyItem(
      atPath: folder.appending("old"), toPath: folder.appending("new"))
    #expect(try run(into: "new").status == 0)
    let (old, new) = (try evidence("old"), try evidence("new"))
    #expect(old != new)
    var point = 0
    var wasKilled = true
    while wasKilled {
      point += 1
      try FileSystem.removeTree(Path(folder.appending("work")))
      try FileManager.default.copyItem(
        atPath: folder.appending("old"), toPath: folder.appending("work"))
      wasKilled = try run(into: "work", killBefore: point).status == 9
      for file in try evidence("work") {
        #expect(old.contains(file) || new.contains(file), "point \(point)")
      }
      #expect(try run(into: "work").status == 0, "point \(point)")
      #expect(FileTree.firstDifference(try evidence("work"), new) == nil, "point \(point)")
      #expect(
        try trailmerge("verify", folder.appending("work")).status == 0, "point \(point)")
    }
    #expect(point > 5)
  }
}
