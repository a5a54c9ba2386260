import Bytes
import Foundation
import TestSupport
import Testing

/// A kill leaves what a run wrote to the system; a power cut leaves what the disk has of it.
///
/// With `TRAILMERGE_SEEDS` every cut is tried, and a thousand by chance for each seed.
@Suite("After a power cut", .serialized)
struct PowerCutTests {
  private static let isWhole = ProcessInfo.processInfo.environment["TRAILMERGE_SEEDS"] != nil
  private static let environments: [[String: String]] = [[:], ["TRAILMERGE_WITHOUT_EXCHANGE": "1"]]

  private func recoveryFaults(
    _ history: DiskHistory, at times: some Sequence<Int>
  ) throws -> [String] {
    let cuts = history.distinct(PowerCuts(history.model).systematic(times))
    return faults("cut", in: cuts) { try history.fault($0) }
  }

  @Test("a recovery comes to the dataset before or after the run", arguments: environments)
  func systematic(_ environment: [String: String]) throws {
    let history = try PowerCutBench(environment).history()
    let others = stride(from: 0, through: history.model.time, by: 100)
    let times = PowerCutTests.isWhole ? Array(history.times) : history.commitTimes + others
    let found = try recoveryFaults(history, at: times)
    #expect(found == [])
  }

  @Test("with any part of what no sync covers, the same", arguments: environments)
  func random(_ environment: [String: String]) throws {
    let history = try PowerCutBench(environment).history()
    for seed in seeds(1) {
      let numbers = (0..<(PowerCutTests.isWhole ? 1_000 : 200)).map { seed * 1_000 + $0 }
      let found = faults("subset", in: numbers) { number in
        try history.fault(PowerCuts(history.model).random(history.times, seed: number))
      }
      #expect(found == [])
    }
  }

  @Test("the next run ends with the bytes that it would have had", arguments: environments)
  func nextRun(_ environment: [String: String]) throws {
    let bench = try PowerCutBench(environment)
    let history = try bench.history()
    let found = faults("subset", in: seeds(10)) { seed in
      let times = seed % 2 == 0 ? history.times : history.secondCommit
      return try bench.faultOfNextRun(
        PowerCuts(history.model).random(times, seed: seed), in: history)
    }
    #expect(found == [])
  }

  @Test(
    "while a killed run is finished, a recovery comes to either dataset", arguments: environments)
  func afterKill(_ environment: [String: String]) throws {
    let bench = try PowerCutBench(environment)
    let night = try bench.history()
    for time in some(night.secondCommit) {
      let history = try bench.recovery(killedAt: time, in: night)
      let start = time - night.states[1].time
      let times = start...min(start + 30, history.model.time)
      let found = try recoveryFaults(history, at: times)
      #expect(found == [], "killed at \(time)")
    }
  }

  @Test("while the run of one is finished, another leaves either dataset", arguments: environments)
  func afterPowerCut(_ environment: [String: String]) throws {
    let bench = try PowerCutBench(environment)
    let night = try bench.history()
    for seed in seeds(2) {
      let cut = PowerCuts(night.model).random(night.secondCommit, seed: seed)
      let history = try bench.recovery(after: cut, in: night)
      let found = try recoveryFaults(history, at: 0...min(30, history.model.time))
      #expect(found == [], "seed \(seed)")
    }
  }

  /// Where the journal is not synced yet, some others, and the end; all on request.
  private func some(_ times: ClosedRange<Int>) -> [Int] {
    if PowerCutTests.isWhole { return Array(times) }
    return [times.lowerBound + 5, times.lowerBound + 9, times.upperBound - 5]
  }

  @Test("without any one of its syncs a run would lose data or a report")
  func everySyncIsNeeded() throws {
    let bench = try PowerCutBench()
    let (first, second) = (bench.syncs[0], bench.syncs[1])
    // The staged bytes; the journal and its name; the renames; the journal's end; the report.
    #expect(
      second.map(\.kind) == [
        .syncFileSystem, .syncFile, .syncFolder, .syncFileSystem, .syncFolder, .syncFile,
      ])
    for (number, sync) in second.enumerated() {
      let history = try bench.history(withoutSync: first.count + number)
      let times = history.commitTimes.filter { $0 > history.states[1].time + sync.place }
      var fault: String?
      for cut in PowerCuts(history.model).systematic(times) where fault == nil {
        fault = try history.fault(cut)
      }
      #expect(fault != nil, "\(sync.kind) at \(sync.place) is needless")
    }
  }
}
