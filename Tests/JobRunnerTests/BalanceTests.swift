import Bytes
import Dataset
import Reading
import TestSupport
import Testing
import Writing

@testable import JobRunner

/// The sums of a run, from made-up fates of files and records.
struct BalanceTests {
  private static let reasons = ["before from", "eventName"]

  /// What mapping came to that met these fates.
  private static func mapped(
    _ outcomes: [FileOutcome], reasons: [String] = reasons, duplicateCount: Int = 0,
    written: WritingCounts = WritingCounts()
  ) -> MapOutput {
    var output = MapOutput()
    for outcome in outcomes {
      // Each file is of a unit of its own.
      var unit = ReadingTally()
      unit.add(outcome, of: "file", reasons: reasons)
      output.tally += unit
    }
    output.duplicateCount = duplicateCount
    output.written = written
    return output
  }

  private static func outcome(_ records: Int, _ change: (inout FileOutcome) -> Void) -> FileOutcome
  {
    var outcome = FileOutcome()
    outcome.recordCount = records
    outcome.storedByteCount = 10
    outcome.inflatedByteCount = 100
    change(&outcome)
    return outcome
  }

  @Test func `every file is in one class, those that were not read included`() {
    var found = RunCounts.Files()
    (found.found, found.alreadyRead, found.failed) = (9, 2, 1)
    found.skipped = ["other file type": 1, "not selected": 1]
    let mapped = Self.mapped(
      [
        Self.outcome(0) { $0.error = .empty }, Self.outcome(0) { $0.skip = .otherFileType },
        Self.outcome(3) { _ in },
        // Whole records before the damage are taken, and the file has failed all the same.
        Self.outcome(2) { $0.error = .changed },
      ])
    let counts = RunCounts(found, mapped, settled: ConflictResolution.Counts())
    #expect(counts.files.failed == 3)
    #expect(counts.files.skipped == ["other file type": 2, "not selected": 1])
    #expect(counts.files.read == 1)
    #expect(counts.files.isBalanced)
    #expect(counts.records.input == 5)
    #expect(counts.bytes.stored == 40 && counts.bytes.inflated == 400)
  }

  @Test func `filtered records are counted by reason, and those without any have none`() {
    let mapped = Self.mapped(
      [
        Self.outcome(5) { $0.filteredCounts = [2, 1] }, Self.outcome(4) { $0.filteredCounts = [1] },
        Self.outcome(4) { _ in },
      ], reasons: Self.reasons + ["never"])
    let counts = RunCounts(RunCounts.Files(), mapped, settled: ConflictResolution.Counts())
    #expect(counts.records.filtered == 4)
    #expect(counts.filteredBy == ["before from": 3, "eventName": 1])
  }

  /// Fates of records as the stages would count them.
  private struct Fates {
    var outcomes: [FileOutcome] = []
    var duplicateCount = 0
    var written = WritingCounts()
    var settled = ConflictResolution.Counts()

    init(_ random: inout SeededGenerator) {
      for _ in 0..<random.within(1...5) {
        let kept = random.within(0...9)
        var outcome = FileOutcome()
        outcome.rejectedCount = random.within(0...3)
        outcome.filteredCounts = [random.within(0...3), random.within(0...3)]
        outcome.recordCount = kept + outcome.rejectedCount + outcome.filteredCount
        outcomes.append(outcome)
        for _ in 0..<kept {
          switch random.within(0...5) {
          case 0: duplicateCount += 1
          case 1: written.duplicates += 1
          case 2:
            // Written, then found to be a text that lost.
            written.written += 1
            settled.unwritten += 1
            settled.conflicts += 1
          case 3:
            // Written in two cells, and kept in one.
            written.written += 1
            settled.unwritten += 1
            settled.duplicates += 1
          default: written.written += 1
          }
        }
      }
    }

    func counts(_ change: (inout Fates) -> Void = { _ in }) -> RunCounts {
      var fates = self
      change(&fates)
      return RunCounts(
        RunCounts.Files(),
        BalanceTests.mapped(
          fates.outcomes, duplicateCount: fates.duplicateCount, written: fates.written),
        settled: fates.settled)
    }
  }

  @Test(arguments: seeds(20))
  func `the balance closes when each record has one fate, and not when one is lost`(
    seed: UInt64
  ) {
    var random = SeededGenerator(seed: seed)
    let fates = Fates(&random)
    #expect(fates.counts().records.isBalanced)
    #expect(!fates.counts { $0.duplicateCount += 1 }.records.isBalanced)
    #expect(!fates.counts { $0.written.written += 1 }.records.isBalanced)
    #expect(!fates.counts { $0.written.duplicates += 1 }.records.isBalanced)
    #expect(!fates.counts { $0.settled.unwritten += 1 }.records.isBalanced)
    #expect(!fates.counts { $0.settled.conflicts += 1 }.records.isBalanced)
    #expect(!fates.counts { $0.outcomes[0].rejectedCount += 1 }.records.isBalanced)
  }
}
