import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

/// The first of two places is that with the first path, whichever run read the file.
struct SourceTableTests {
  private static let paths: [Path] = [
    "m/b.json", "m/a.json", "m/a", "n", "m/é.json", "m/a.json.gz",
  ]

  private static func table(_ paths: [Path] = paths) -> SourceTable {
    SourceTable(count: paths.count, path: { paths[$0] }, precedes: { paths[$0] < paths[$1] })
  }

  @Test func `a file of this run is found by its path, and its number leads back`() {
    let table = Self.table()
    for (number, path) in Self.paths.enumerated() {
      #expect(table.number(of: path) == UInt32(number))
      #expect(table.path(UInt32(number)) == path)
    }
  }

  @Test func `a file of an earlier run gets a number of its own, once`() {
    let table = Self.table()
    let first = table.number(of: "m/earlier")
    let second = table.number(of: "a")
    #expect(first == 6 && second == 7)
    #expect(table.number(of: "m/earlier") == first)
    #expect(table.path(first) == "m/earlier" && table.path(second) == "a")
    #expect(table.number(of: "n") == 3)
  }

  @Test func `a run without files knows those of earlier ones`() {
    let table = Self.table([])
    #expect(table.number(of: "x") == 0)
    #expect(table.path(0) == "x")
  }

  @Test func `places are in the order of their paths and of the records in them`() {
    let table = Self.table()
    let earlier: [Path] = ["a", "m/a.jso", "m/aa", "z", "m/\u{0}"]
    let numbers = (Self.paths + earlier).map(table.number)
    let places = numbers.flatMap { number in
      [0, 1, UInt32.max].map { SourcePlace(source: number, index: $0) }
    }
    #expect(
      faults("place", in: places) { left in
        for right in places {
          let (path, other) = (table.path(left.source), table.path(right.source))
          let expected = path == other ? left.index < right.index : path < other
          if table.precedes(left, right) != expected {
            return "\(path), \(left.index) and \(other), \(right.index) are in the wrong order"
          }
        }
        return nil
      } == [])
  }

  @Test func `any number of files is found by halving`() {
    #expect(
      faults("count", in: 0...40) { count in
        var random = SeededGenerator(seed: UInt64(count))
        let paths = (0..<count).map { Path("p\($0 * 2)") }.shuffled(using: &random)
        let table = Self.table(paths)
        for number in 0..<count where table.number(of: paths[number]) != UInt32(number) {
          return "\(paths[number]) is not found"
        }
        for odd in 0...count {
          let number = table.number(of: Path("p\(odd * 2 + 1)"))
          if Int(number) < count { return "p\(odd * 2 + 1) is taken for \(paths[Int(number)])" }
        }
        return nil
      } == [])
  }
}
