import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing
import Writing

@Suite("The same inputs give the same bytes")
struct SameBytesTests {
  /// A made-up organization with everything that makes merging hard.
  static func sample(seed: UInt64, events: Int = 300) -> SampleTrailOptions {
    var options = SampleTrailOptions()
    options.seed = seed
    options.events = events
    options.lateShare = 0.1
    options.conflicts = events / 30
    options.damagedFiles = 2
    options.eventsPerFile = 12
    options.digests = false
    options.hostile = true
    return options
  }

  @Test("whatever the threads and the memory", arguments: OutputVariant.allCases)
  func threadsAndMemory(_ variant: OutputVariant) throws {
    let bench = try Workbench()
    _ = try SampleTrail.write(Self.sample(seed: 5, events: 120), to: bench.input)
    try bench.deliver(try NastyTree.files(seed: 5, count: 24))
    try bench.run(into: "reference") { $0.outputs = variant.outputs }
    for (threads, memory) in [(1, 16 << 20), (2, nil), (7, 64 << 20)] {
      let name = "threads-\(threads)-\(memory ?? 0)"
      try bench.run(into: name) {
        $0.outputs = variant.outputs
        $0.threads = threads
        $0.memory = memory
      }
      try bench.expectEqual("reference", name)
    }
  }

  @Test("when sorted runs go to the disk, in the dataset or elsewhere", arguments: [1, 2, 7])
  func spilling(threads: Int) throws {
    let bench = try Workbench()
    var options = Self.sample(seed: 9, events: 1_200)
    options.eventsPerFile = 600
    _ = try SampleTrail.write(options, to: bench.input)
    try bench.run(into: "reference") {
      $0.outputs = [OutputSpecification(NDJSON())]
      $0.memory = 1 << 30
    }
    let report = try bench.run(into: "small") {
      $0.outputs = [OutputSpecification(NDJSON())]
      $0.threads = threads
      $0.memory = 256 << 10
      $0.tempDirectory = bench.folder.appending("scratch")
    }
    #expect(report.counts.bytes.inflated > 1 << 20)
    try bench.expectEqual("reference", "small")
    #expect(try FileTree.read(bench.folder.appending("scratch")).isEmpty)
  }

  @Test("when a dataset is rebuilt in place, and when it is not incremental")
  func rebuilding() throws {
    let bench = try Workbench()
    try bench.deliver(try NastyTree.files(seed: 21, count: 30))
    try bench.run(into: "rebuilt")
    try bench.deliver(try NastyTree.files(seed: 22, count: 30))
    try bench.run(into: "reference") { $0.outputs = OutputVariant.gathered.outputs }
    for _ in 0..<2 {
      try bench.run(into: "rebuilt") {
        $0.outputs = OutputVariant.gathered.outputs
        $0.rebuild = true
      }
      try bench.expectEqual("reference", "rebuilt")
    }
    try bench.run(into: "rebuilt") {
      $0.outputs = OutputVariant.gathered.outputs
      $0.incremental = false
    }
    try bench.expectEqual("reference", "rebuilt")
  }

  @Test("when partitions of several files become partitions of one, and the reverse")
  func fewerAndMoreParts() throws {
    let bench = try Workbench()
    _ = try SampleTrail.write(Self.sample(seed: 13), to: bench.input)
    let large = OutputSpecification.defaults
    let small = large.map { output in
      var output = output
      output.maxRows = 7
      return output
    }
    try bench.run(into: "small") { $0.outputs = small }
    try bench.run(into: "large") { $0.outputs = large }
    for outputs in [small, large, small] {
      try bench.run(into: "changing") {
        $0.outputs = outputs
        $0.rebuild = true
      }
      try bench.expectEqual(outputs[0].maxRows == nil ? "large" : "small", "changing")
    }
  }
}
