import Bytes
import TestSupport
import Testing

/// A commit that is cut off is finished by the next run, wherever it and its recovery die.
@Suite("A recovery", .serialized)
struct RecoveryTests {
  /// What makes a recovery harder.
  struct Conditions: CustomTestStringConvertible {
    /// Whether the file system cannot let two folders change places, as NFS.
    var isWithoutExchange = false
    /// Whether the dataset is copied between the runs.
    var isCopied = false

    var environment: [String: String] {
      isWithoutExchange ? ["TRAILMERGE_WITHOUT_EXCHANGE": "1"] : [:]
    }

    var testDescription: String {
      "\(isWithoutExchange ? "without" : "with") exchange, \(isCopied ? "copied" : "in place")"
    }

    static let all = [false, true].flatMap { isWithoutExchange in
      [false, true].map { Conditions(isWithoutExchange: isWithoutExchange, isCopied: $0) }
    }
  }

  /// Runs into the dataset `work` until the run is killed before its `point`-th change.
  ///
  /// - Returns: Whether it was killed; else it came to its end.
  private func isKilled(
    _ bench: FaultBench, at point: Int, _ conditions: Conditions
  ) throws -> Bool {
    let environment = conditions.environment.merging(["TRAILMERGE_KILL_BEFORE": "\(point)"]) { $1 }
    let result = try bench.run(into: "work", environment: environment)
    if conditions.isCopied { try bench.copyInPlace("work") }
    try #require(result.status == 9 || result.status == 0, "\(result.errors)")
    return result.status == 9
  }

  /// Checks that the next run comes to the bytes of a night that nothing disturbed.
  private func expectRecovery(
    _ bench: FaultBench, _ conditions: Conditions, _ comment: Comment
  ) throws {
    let next = try bench.run(into: "work", environment: conditions.environment)
    #expect(next.status == 0, "\(comment): \(next.errors)")
    let difference = try bench.difference("work", "new")
    #expect(difference == nil, comment)
  }

  /// In a copy only the files are others to the file system: every third point is tried there, and all
  /// with `TRAILMERGE_SEEDS=3`.
  @Test(
    "of a run that is killed before any of its changes ends with the same bytes",
    arguments: Conditions.all)
  func everyPoint(_ conditions: Conditions) throws {
    let bench = try FaultBench(.small)
    let step = conditions.isCopied ? max(1, 3 / seeds(1).count) : 1
    var point = 0
    var wasKilled = true
    while wasKilled {
      point += step
      try bench.restore("work")
      wasKilled = try isKilled(bench, at: point, conditions)
      if !conditions.isWithoutExchange {
        #expect(try bench.mixedPartitions("work") == [], "point \(point)")
      }
      try expectRecovery(bench, conditions, "point \(point)")
    }
    #expect(point > 20)
  }

  @Test(
    "is not needed after a disk was full at any change: the dataset is the old one, or the new",
    arguments: [false, true])
  func fullDisk(_ isWithoutExchange: Bool) throws {
    let bench = try FaultBench(.small)
    let conditions = Conditions(isWithoutExchange: isWithoutExchange)
    for point in 1...(try bench.changeCount()) {
      try bench.restore("work")
      let environment = conditions.environment.merging(["TRAILMERGE_FULL_AT": "\(point)"]) { $1 }
      let full = try bench.run(into: "work", environment: environment)
      #expect([0, 1, 3].contains(full.status), "point \(point): \(full.errors)")
      let difference = try bench.difference("work", full.status == 1 ? "old" : "new")
      #expect(difference == nil, "point \(point)")
      try expectRecovery(bench, conditions, "point \(point)")
    }
  }

  /// With `TRAILMERGE_SEEDS` at twice the number of changes or above, these are all pairs.
  @Test("that is killed itself ends with the same bytes", arguments: Conditions.all)
  func pairs(_ conditions: Conditions) throws {
    let bench = try FaultBench(.small)
    let last = try bench.changeCount(conditions.environment)
    var pairCount = 0
    for first in bench.points(upTo: last, seed: 9, count: 4) {
      try bench.restore("work")
      try #require(try isKilled(bench, at: first, conditions), "point \(first) of \(last)")
      try bench.restore("killed", from: "work")
      // What is left to do may take more changes than the night, and mostly takes fewer.
      for second in bench.points(upTo: 2 * last, seed: UInt64(first), count: 6) {
        try bench.restore("work", from: "killed")
        guard try isKilled(bench, at: second, conditions) else { break }
        try expectRecovery(bench, conditions, "points \(first) and \(second)")
        pairCount += 1
      }
    }
    #expect(pairCount > 4)
  }

  @Test("whose own recovery is killed ends with the same bytes")
  func triples() throws {
    let bench = try FaultBench(.small)
    let last = try bench.changeCount()
    for seed in seeds(12) {
      let conditions = Conditions.all[Int(seed) % Conditions.all.count]
      var random = SeededGenerator(seed: seed)
      let points = (1...3).map { random.within(1...(last / $0)) }
      try bench.restore("work")
      for point in points { _ = try isKilled(bench, at: point, conditions) }
      try expectRecovery(bench, conditions, "\(conditions): points \(points)")
    }
  }
}
