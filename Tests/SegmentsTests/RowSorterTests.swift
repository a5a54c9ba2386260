import Bytes
import Segments
import TestSupport
import Testing

@Suite("Rows are sorted in bounded memory")
struct RowSorterTests {
  /// Rows that differ late, early, in length only, and not at all.
  private func rows(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let length = Int.random(in: 0...40, using: &random)
      return (0..<length).map { _ in UInt8.random(in: 0...3, using: &random) * 85 }
    }
  }

  private func sort(_ rows: [[UInt8]], memory: Int, passes: Int = 1) throws -> [[UInt8]] {
    let folder = try TemporaryFolder()
    let sorter = RowSorter(memory: memory) { Path(folder.path).appending("rows") }
    for row in rows { try sorter.append(row.span) }
    let sorted = try sorter.finish()
    var result: [[UInt8]] = []
    for _ in 0..<passes {
      result = []
      try sorted.rewind()
      while try sorted.next() { result.append(sorted.withRow { $0.copied() }) }
    }
    return result
  }

  @Test(
    "Whatever the memory, rows come out as an array sorts them",
    arguments: [1, 200 << 10, 1 << 30])
  func order(memory: Int) throws {
    for (count, seed) in [(0, 1), (1, 2), (1000, 3), (40_000, 4)] {
      let rows = rows(count, seed: UInt64(seed))
      let expected = rows.sorted { $0.lexicographicallyPrecedes($1) }
      #expect(try sort(rows, memory: memory) == expected)
    }
  }

  @Test("A row may be longer than all memory")
  func longRows() throws {
    let rows = (0..<20).map { [UInt8](repeating: UInt8($0 * 7 % 20), count: 300_000) }
    #expect(try sort(rows, memory: 1) == rows.sorted { $0.lexicographicallyPrecedes($1) })
  }

  @Test("The rows can be read again", arguments: [1, 1 << 30])
  func again(memory: Int) throws {
    let rows = rows(20_000, seed: 5)
    #expect(
      try sort(rows, memory: memory, passes: 3) == rows.sorted { $0.lexicographicallyPrecedes($1) })
  }
}
