import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import Status
import TestSupport
import Testing

@Suite("Digests of a run over a list of its files")
struct PartialInputEvidenceTests {
  private let bench: Workbench
  private let files: [TreeFile]
  /// A log that never comes.
  private let absent: TreeFile
  private let logs: [TreeFile]

  init() throws {
    bench = try Workbench()
    var options = SampleTrailOptions()
    options.events = 200
    options.accounts = 2
    options.regions = 1
    options.days = 2
    options.eventsPerFile = 12
    let all = try bench.takeSample(options).filter { $0.path.hasPrefix("AWSLogs") }
    let logs = all.filter { TrailKey(Path($0.path)).service?.family != nil }
    let absent = logs[logs.count / 2]
    (self.logs, self.absent) = (logs.filter { $0 != absent }, absent)
    files = all.filter { $0 != absent }
    try bench.deliver(files)
  }

  @discardableResult
  private func run(_ list: [TreeFile]? = nil) throws -> RunReport {
    try bench.run { job in
      job.validate = true
      job.publicKeys = [bench.folder.appending("tree/public-keys.json")]
      job.signatures = bench.folder.appending("tree/signatures.json")
      if let list {
        job.filesFrom = bench.folder.appending("list")
        try? FileTree.write(
          list.map(\.path).joined(separator: "\n"), to: "list", in: bench.folder.path)
      }
    }
  }

  @Test("calls nothing absent that the list leaves out; a run over all of them names what is")
  func list() throws {
    #expect(try run(Array(logs.prefix(5))).ending == .complete)
    #expect(try run(Array(logs.dropFirst(5))).ending == .complete)
    // Everything is known that there is.
    for _ in 0..<2 {
      let report = try run()
      #expect(report.counts.files.read == 0)
      #expect(report.ending == .integrity)
      #expect(report.validation?.logs["listed but missing"] == 1)
      #expect(report.validation?.problems.contains { $0.contains(absent.path) } == true)
    }
    let named = try Status(Path(bench.dataset())).digests.logs
    #expect(named.map { $0.name.hasSuffix(absent.path) } == [true])
    try bench.deliver([absent])
    #expect(try run([absent]).ending == .complete)
    #expect(try run().ending == .complete)
  }

  @Test("is caught up by the first run over all files, though the digests have left by then")
  func emptied() throws {
    #expect(try run(logs).ending == .complete)
    for file in files { try FileSystem.removeFile(Path(bench.input).appending(file.path)) }
    let report = try run()
    #expect(report.ending == .integrity)
    #expect(report.validation?.problems.contains { $0.contains(absent.path) } == true)
  }
}
