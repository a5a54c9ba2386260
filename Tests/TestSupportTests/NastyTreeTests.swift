import TestSupport
import Testing

@Suite("Nasty trees")
struct NastyTreeTests {
  @Test("are the same for the same seed")
  func determinism() throws {
    #expect(try NastyTree.files(seed: 7) == NastyTree.files(seed: 7))
    #expect(try NastyTree.files(seed: 7) != NastyTree.files(seed: 8))
  }

  @Test("close the balance, whatever the seed", arguments: 0..<UInt64(40))
  func balance(_ seed: UInt64) throws {
    let oracle = Oracle(try NastyTree.files(seed: seed))
    let totals = oracle.totals
    #expect(
      totals.recordsIn
        == totals.written + totals.duplicates + totals.conflicts + totals.rejected)
    #expect(oracle.partitions.values.reduce(0) { $0 + $1.count } == totals.written)
    #expect(oracle.fates.count == totals.recordsIn)
  }

  @Test("meet every outcome and every fate within forty seeds")
  func coverage() throws {
    var outcomes: Set<String> = []
    var fates: Set<Oracle.Fate> = []
    for seed in 0..<UInt64(40) {
      let oracle = Oracle(try NastyTree.files(seed: seed))
      for file in oracle.files {
        switch file.outcome {
        case .read(let records, let hasTrailingData):
          outcomes.insert(hasTrailingData ? "trailing" : records == 0 ? "none read" : "read")
        case .failed(let failure): outcomes.insert("failed: \(failure)")
        case .skipped(let name): outcomes.insert("skipped: \(name)")
        }
      }
      fates.formUnion(oracle.fates.map(\.fate))
    }
    #expect(fates == [.written, .duplicate, .conflict, .rejected])
    #expect(
      outcomes == [
        "read", "none read", "trailing", "failed: empty", "failed: damagedGzip", "failed: notJSON",
        "failed: wrongShape", "skipped: CloudTrail-Insight", "skipped: CloudTrail-Digest",
        "skipped: Config", "skipped: vpcflowlogs", "skipped: hidden", "skipped: other file type",
        "skipped: no record", "skipped: partial download",
      ])
  }
}
