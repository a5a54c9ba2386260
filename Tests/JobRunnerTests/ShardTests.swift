import Bytes
import Dataset
import JobFiles
import JobRunner
import Reading
import SampleTrails
import TestSupport
import Testing

@Suite("The shards of a job")
struct ShardTests {
  @Test(
    "have each file once, and miss no log of a digest, at whatever level of the bucket the input begins",
    arguments: seeds(6))
  func levels(_ seed: UInt64) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    var options = SampleTrailOptions()
    options.seed = seed
    options.events = 150
    options.accounts = 2
    options.regions = 1
    options.days = 2
    // Two months.
    options.firstDay = "2026-11-30"
    options.lateShare = 0.1
    options.eventsPerFile = 10
    let tree = bench.folder.appending("tree")
    _ = try SampleTrail.write(options, to: tree)
    let level = random.within(0...9)
    let keys = ["public-keys.json", "signatures.json"]
    var files = try FileTree.read(tree).filter { !keys.contains($0.path) }.map { file in
      let parts = file.path.split(separator: "/")
      let path = parts.dropFirst(min(level, parts.count - 1)).joined(separator: "/")
      return TreeFile(path: path, bytes: file.bytes)
    }
    files += try NastyTree.files(seed: seed, count: 10)
    try bench.deliver(files)
    func set(_ job: inout Job) {
      job.validate = true
      job.publicKeys = keys.prefix(1).map { bench.folder.appending("tree/\($0)") }
      job.signatures = bench.folder.appending("tree/\(keys[1])")
    }
    let whole = try bench.run(into: "at-once", set)
    #expect((whole.validation?.logs["verified"] ?? 0) > 0, "level \(level)")
    #expect(whole.validation?.logs["listed but missing"] == nil, "level \(level)")

    let count = random.within(2...7)
    var found = 0
    var paths: [Path] = []
    for number in 1...count {
      let report = try bench.run(into: "shard-\(number)") { job in
        set(&job)
        job.shard = Shard("\(number)/\(count)")
      }
      found += report.counts.files.found
      #expect(
        report.validation?.logs["listed but missing"] == nil,
        "level \(level), \(number) of \(count)")
      let ledger = Ledger(try bench.stored("shard-\(number)"))
      paths += try ledger.slots.flatMap { try Array(ledger.entries($0).keys) }
    }
    #expect(found == whole.counts.files.found)
    #expect(Set(paths).count == paths.count)
    let names = (1...count).map { "shard-\($0)" }
    let merged = try bench.mergeAsPlanned(names, into: "merged", isByJob: true, set)
    try bench.expectEqual("merged", "at-once", "level \(level)")
    #expect(merged.ending == whole.ending)
  }
}
