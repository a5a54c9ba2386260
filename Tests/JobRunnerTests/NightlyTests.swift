import Bytes
import JobRunner
import SampleTrails
import TestSupport
import Testing

@Suite("A dataset grown night by night")
struct NightlyTests {
  @Test("equals the one made at once: nasty files", arguments: seeds(25))
  func nastyTrees(_ seed: UInt64) throws {
    try expectLaw(seed, try NastyTree.files(seed: seed, count: 24))
  }

  @Test("equals the one made at once: an organization's trails", arguments: seeds(5))
  func sampleTrails(_ seed: UInt64) throws {
    let bench = try Workbench()
    _ = try SampleTrail.write(SameBytesTests.sample(seed: seed, events: 300), to: bench.input)
    try expectLaw(seed, try FileTree.read(bench.input))
  }

  /// Splits files over random nights in random order; every night has its own threads and memory.
  private func expectLaw(_ seed: UInt64, _ files: [TreeFile]) throws {
    let bench = try Workbench()
    var random = SeededGenerator(seed: seed)
    let variant = random.pick(OutputVariant.allCases)
    let isSalvaging = random.oneIn(3)
    let nightCount = random.within(2...7)
    let nights = Dictionary(grouping: files) { _ in random.within(1...nightCount) }
    for night in 1...nightCount {
      try bench.deliver(nights[night] ?? [])
      let (threads, memory) = (random.within(1...3), random.pick([16, 64]))
      let report = try bench.run(into: "grown") {
        $0.outputs = variant.outputs
        $0.salvage = isSalvaging
        $0.threads = threads
        $0.memory = memory << 20
      }
      #expect(report.counts.files.isBalanced && report.counts.records.isBalanced)
    }
    try bench.run(into: "at-once") {
      $0.outputs = variant.outputs
      $0.salvage = isSalvaging
    }
    try bench.expectEqual("grown", "at-once", "\(variant), \(nightCount) nights")
  }
}
