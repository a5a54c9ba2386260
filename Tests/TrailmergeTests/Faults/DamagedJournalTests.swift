import Bytes
import Dataset
import Foundation
import TestSupport
import Testing
import Verification

/// A run that was killed in its commit, and whose journal or staged files are then damaged.
@Suite("A repair", .serialized)
struct DamagedJournalTests {
  private static let journal = "_trailmerge/journal.ndjson"
  private static let staging = "_trailmerge/staging/"
  private static let isWhole = ProcessInfo.processInfo.environment["TRAILMERGE_SEEDS"] != nil

  private enum Damage: CaseIterable {
    case flippedBit, cutOff, empty
  }

  /// Leaves in `killed`, for points of a night at which there is a journal, what a kill there leaves; for
  /// all of them with `TRAILMERGE_SEEDS`.
  private func forEachCommit(
    _ bench: FaultBench, _ environment: [String: String],
    _ body: (_ point: Int, _ isFirst: Bool) throws -> Void
  ) throws {
    var commitCount = 0
    let last = try bench.changeCount(environment)
    for point in stride(from: 1, through: last, by: Self.isWhole ? 1 : 2) {
      try bench.restore("killed")
      let killed = try bench.run(
        into: "killed",
        environment: environment.merging(["TRAILMERGE_KILL_BEFORE": "\(point)"]) { $1 })
      try #require(killed.status == 9)
      guard FileSystem.exists(Path(bench.folder.appending("killed/" + Self.journal))) else {
        continue
      }
      commitCount += 1
      try body(point, commitCount == 1)
    }
    #expect(commitCount > 2)
  }

  private func repair(_ bench: FaultBench) throws -> VerificationReport {
    try verify(Path(bench.folder.appending("work")), repairing: true)
  }

  private func damageJournal(_ bench: FaultBench, _ damage: Damage) throws {
    let work = bench.folder.appending("work")
    var bytes = try FileSystem.contents(of: Path(work + "/" + Self.journal))
    switch damage {
    case .flippedBit: bytes[bytes.count / 3] ^= 1
    case .cutOff: bytes.removeLast(bytes.count / 2)
    case .empty: bytes = []
    }
    try FileTree.write(bytes, to: Self.journal, in: work)
  }

  private func expectWhole(_ bench: FaultBench, as name: String, _ what: Comment) throws {
    let difference = try bench.difference("work", name)
    #expect(difference == nil, what)
    #expect(try verify(Path(bench.folder.appending("work"))).problems == [], what)
  }

  @Test(
    "finishes a commit whose journal is damaged, wherever its run was killed",
    arguments: [[:], ["TRAILMERGE_WITHOUT_EXCHANGE": "1"]])
  func damagedJournal(_ environment: [String: String]) throws {
    let bench = try FaultBench(.small)
    try forEachCommit(bench, environment) { point, isFirst in
      let damage = Damage.allCases[point % Damage.allCases.count]
      let what: Comment = "point \(point), \(damage)"
      try bench.restore("work", from: "killed")
      try damageJournal(bench, damage)
      let damaged = try bench.files("work")
      if isFirst {
        let run = try bench.run(into: "work")
        #expect(run.status == 4 && run.errors.contains("verify --repair"), what)
        #expect(FileTree.firstDifference(try bench.files("work"), damaged) == nil, what)
      }
      let report = try repair(bench)
      #expect(report.problems.map(\.path) == [Path(Self.journal)], what)
      #expect(report.ending == .integrity, what)
      try expectWhole(bench, as: "new", what)
    }
  }

  @Test("undoes a commit whose staged bytes are gone too, or changes nothing")
  func damagedStaging() throws {
    let bench = try FaultBench(.small)
    var endings: Set<String> = []
    try forEachCommit(bench, [:]) { point, _ in
      let staged = try bench.files("killed").filter { $0.path.hasPrefix(Self.staging) }
      for (number, file) in staged.enumerated() where Self.isWhole || number % 4 == point % 4 {
        let what: Comment = "point \(point), \(file.path)"
        try bench.restore("work", from: "killed")
        try FileSystem.removeFile(Path(bench.folder.appending("work/" + file.path)))
        if point % 2 == 0 { try damageJournal(bench, .flippedBit) }
        let damaged = try bench.files("work")
        do {
          let report = try repair(bench)
          let isNew = try bench.difference("work", "new") == nil
          endings.insert(isNew ? "new" : "old")
          // Without the list nobody can tell whose these are.
          for stray in report.problems where stray.remedy == .remove {
            #expect(file.path.hasPrefix(Self.staging + "own-"), what)
            try FileSystem.removeFile(Path(bench.folder.appending("work")).appending(stray.path))
          }
          try expectWhole(bench, as: isNew ? "new" : "old", what)
        } catch DatasetError.cannotEnd {
          endings.insert("refused")
          #expect(FileTree.firstDifference(try bench.files("work"), damaged) == nil, what)
        }
      }
    }
    #expect(endings == ["new", "old", "refused"])
  }
}
