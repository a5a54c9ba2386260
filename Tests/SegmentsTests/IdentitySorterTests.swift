import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

@Suite("An identity sorter")
struct IdentitySorterTests {
  private static func rows(_ count: Int, _ seed: UInt64) -> [PlacedIdentity] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let identity = RecordIdentity(
        high: UInt64.random(in: 0..<50, using: &random), low: random.next() & 3)
      return PlacedIdentity(identity, cell: UInt32.random(in: 0..<4, using: &random))
    }
  }

  @Test(
    "gives what a sort gives, in memory and on disk, from one part or several",
    arguments: [0, 1, 5000, 60_000], [1, 3])
  func sorts(count: Int, partCount: Int) throws {
    for memory in [0, 1 << 26] {
      let folder = try TemporaryFolder()
      let path = Path(folder.appending("rows"))
      let sorter = IdentitySorter(memory: memory, threads: partCount) { path }
      let rows = Self.rows(count, 7)
      for number in 0..<partCount {
        var part = sorter.part()
        for place in stride(from: number, to: count, by: partCount) { try part.append(rows[place]) }
        try part.finish()
      }
      let sorted = try sorter.finish()
      #expect(sorted.count == count)
      for _ in 0..<2 {
        var found: [PlacedIdentity] = []
        try sorted.forEachRow { found.append($0) }
        #expect(found == rows.sorted())
      }
      var unique: [PlacedIdentity] = []
      try sorted.unique().forEachRow { unique.append($0) }
      #expect(unique == Set(rows).sorted())
    }
  }
}
