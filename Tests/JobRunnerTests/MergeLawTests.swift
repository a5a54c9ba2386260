import Bytes
import Dataset
import JobFiles
import JobRunner
import SampleTrails
import TestSupport
import Testing
import Writing

@Suite("Datasets that are merged")
struct MergeLawTests {
  @Test("equal the one of all their files: nasty files", arguments: seeds(4))
  func nastyTrees(_ seed: UInt64) throws {
    try expectLaw(seed, try NastyTree.files(seed: seed, count: 24))
  }

  @Test("equal the one of all their files: an organization's trails", arguments: seeds(1))
  func sampleTrails(_ seed: UInt64) throws {
    let bench = try Workbench()
    _ = try SampleTrail.write(SameBytesTests.sample(seed: seed, events: 150), to: bench.input)
    try expectLaw(seed, try FileTree.read(bench.input))
  }

  @Test(
    "equal the one of all their files: logs in one, their digests in others", arguments: seeds(2))
  func digests(_ seed: UInt64) throws {
    let bench = try Workbench()
    var options = SameBytesTests.sample(seed: seed, events: 60)
    options.digests = true
    // A digest an hour for each account, region and trail: these are enough.
    options.accounts = 2
    options.regions = 1
    options.days = 2
    _ = try SampleTrail.write(options, to: bench.input)
    try expectLaw(seed, try FileTree.read(bench.input), validates: true)
  }

  /// Cuts files into shards that may overlap, runs each by itself, and joins them in any order: all at
  /// once, one after the other, as a tree, and some of them twice.
  private func expectLaw(
    _ seed: UInt64, _ files: [TreeFile], validates: Bool = false
  ) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    let variant = random.pick(OutputVariant.allCases)
    let isSalvaging = random.oneIn(3)
    let overlaps = random.oneIn(2)
    let cheap = random.oneIn(3)
    func set(_ job: inout Job) {
      job.outputs = variant.outputs
      job.salvage = isSalvaging
      job.validate = validates
    }
    let count = random.within(1...7)
    var shards: [[TreeFile]] = Array(repeating: [], count: count)
    for file in files {
      shards[random.within(0...count - 1)].append(file)
      if overlaps, random.oneIn(4) { shards[random.within(0...count - 1)].append(file) }
    }
    for (number, shard) in shards.enumerated() {
      let report = try bench.runShard(number, of: shard) { job in
        set(&job)
        // A shard needs only its records.
        if cheap { job.outputs = [OutputSpecification(NDJSON())] }
        job.threads = random.within(1...2)
      }
      #expect(report.counts.files.isBalanced && report.counts.records.isBalanced)
    }
    try bench.deliver(files)
    let whole = try bench.run(into: "at-once", set)
    var names = (0..<count).map { "shard-\($0)" }
    names.shuffle(using: &random)
    let threads = random.pick([1, 4])
    let memory = random.pick([16 << 20, 1 << 30])
    let report = try bench.mergeAsPlanned(names, into: "merged", isByJob: cheap) {
      set(&$0)
      $0.threads = threads
      $0.memory = memory
    }
    let comment: Comment = "\(variant), \(count) shards, cheap \(cheap), overlapping \(overlaps)"
    try bench.expectEqual("merged", "at-once", comment)
    #expect(report.ending == whole.ending, comment)
    #expect(report.counts.records == whole.counts.records, comment)
    #expect(report.counts.records.isBalanced && report.counts.files.isBalanced)
    #expect(report.failures.map(\.source) == whole.failures.map(\.source))
    #expect(report.trailing == whole.trailing)

    try bench.merge(Array(names.prefix(names.count / 2 + 1)), into: "tree", isByJob: cheap, set)
    try bench.merge(["tree"] + names.suffix(2), into: "twice", isByJob: cheap, set)
    try bench.mergeAsPlanned(names + ["twice"], into: "tree", isByJob: cheap, set)
    try bench.expectEqual("tree", "at-once", comment)
    let again = try bench.mergeAsPlanned(["merged", "tree"], into: "tree", isByJob: cheap, set)
    #expect(!again.isCommitted)
    try bench.expectEqual("tree", "at-once", comment)
  }
}

extension Workbench {
  /// Runs a job over some files alone, by the names that they have with the others.
  @discardableResult
  func runShard(
    _ number: Int, of files: [TreeFile], _ change: (inout Job) -> Void = { _ in }
  ) throws -> RunReport {
    let input = folder.appending("shards/\(number)/input")
    try FileSystem.createFolders(Path(input))
    try FileTree.write(files, in: input)
    return try run(into: "shard-\(number)") {
      $0.inputs = [Job.Input(written: "input", path: input)]
      change(&$0)
    }
  }

  /// Merges datasets after a dry run, which must say the same, and touch nothing.
  @discardableResult
  func mergeAsPlanned(
    _ names: [String], into name: String, isByJob: Bool = true,
    _ change: (inout Job) -> Void = { _ in }
  ) throws -> RunReport {
    let isThere = FileSystem.exists(Path(dataset(name)))
    let before = isThere ? try FileTree.listing(of: dataset(name)) : ""
    var plan = try planMerge(
      names.map { Path(dataset($0)) }, by: job(into: name, change), decidesOutputs: isByJob)
    #expect(isThere == FileSystem.exists(Path(dataset(name))))
    if isThere { #expect(try FileTree.listing(of: dataset(name)) == before) }
    var report = try merge(names, into: name, isByJob: isByJob, change)
    let result = report
    #expect(plan.isDryRun && !plan.isCommitted)
    let refused = report.counts.strictReadersRefuse.counts
    #expect(plan.counts.strictReadersRefuse.counts == refused)
    (plan.isDryRun, plan.isCommitted) = (false, report.isCommitted)
    (plan.started, plan.finished, plan.seconds) = (report.started, report.finished, report.seconds)
    plan.peakMemory = report.peakMemory
    plan.counts.strictReadersRefuse = StrictReadersRefuse()
    report.counts.strictReadersRefuse = StrictReadersRefuse()
    #expect(plan.json().span.text() == report.json().span.text())
    return result
  }

  /// Merges datasets without waiting for the disk.
  @discardableResult
  func merge(
    _ names: [String], into name: String, isByJob: Bool = true,
    _ change: (inout Job) -> Void = { _ in }
  ) throws -> RunReport {
    var settings = RunSettings()
    settings.syncs = false
    settings.now = 1_795_163_415
    return try JobRunner.merge(
      names.map { Path(dataset($0)) }, by: job(into: name, change), decidesOutputs: isByJob,
      settings)
  }
}
