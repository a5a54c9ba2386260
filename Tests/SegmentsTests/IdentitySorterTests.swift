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

  /// Identities as they are in practice, and as somebody might choose them.
  private static func highs(_ count: Int) -> [String: [UInt64]] {
    var random = SeededGenerator(seed: 9)
    let even = (0..<count).map { _ in random.next() }
    return [
      "even": even,
      "all the same": even.map { _ in 7 },
      "all but one the same": even.indices.map { $0 == 3 ? .max : 7 },
      "counted": even.indices.map { UInt64($0) << 20 },
      "with the same leading bits": even.map { 0xABCD << 48 | $0 >> 40 },
      "at both ends": even.map { $0 & 1 == 0 ? $0 & 0xFF : .max - $0 & 0xFF },
    ]
  }

  @Test(
    "sorts identities that are not spread evenly, and parts of them are cut between identities",
    arguments: [8, 9, 700, 20_000])
  func sortsAnySpread(count: Int) throws {
    for (kind, highs) in Self.highs(count) {
      let rows = highs.enumerated().map { place, high in
        PlacedIdentity(
          RecordIdentity(high: high, low: UInt64(place % 3)), cell: UInt32(place % 5))
      }
      for memory in [0, 1 << 26] {
        let folder = try TemporaryFolder()
        let path = Path(folder.appending("rows"))
        let sorter = IdentitySorter(memory: memory, threads: 2) { path }
        for half in [rows.prefix(count / 3), rows.dropFirst(count / 3)] {
          var part = sorter.part()
          for row in half { try part.append(row) }
          try part.finish()
        }
        let sorted = try sorter.finish()
        let bounds = try sorted.bounds(ofParts: 4)
        var (found, firsts): ([PlacedIdentity], [UInt64]) = ([], [])
        for part in try sorted.parts(cutAt: bounds) {
          let start = found.count
          try part.forEachRow { found.append($0) }
          #expect(found.count - start == part.count)
          if start > 0, start < found.count {
            #expect(found[start - 1].identity.high < found[start].identity.high)
          }
          firsts.append(contentsOf: found.dropFirst(start).prefix(1).map(\.identity.high))
        }
        #expect(found == rows.sorted(), "\(kind), \(memory) bytes")
        if memory > 0 { #expect(bounds.count == 3) }
        if memory > 0, kind == "even", count > 100 { #expect(firsts.count == 4) }
      }
    }
  }
}
