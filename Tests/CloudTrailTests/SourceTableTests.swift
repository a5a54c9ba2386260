import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

/// The first of two places is that with the first path, whichever run read the file.
struct SourceTableTests {
  private let folder: TemporaryFolder
  private let table: SourceTable
  /// The paths by number: those of this run come first, in order.
  private var paths: [Path] = []

  init() throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    table = SourceTable { Path(folder.appending("sources")) }
    for name in ["a", "m"] {
      let names = ["a", "a.json", "a.json.gz", "b", "é"].map { Array($0.utf8) }
      let first = try table.add(names, in: Path(name), delivery: Day("2026-11-19"))
      #expect(Int(first) == paths.count)
      paths += names.map { Path(name).appending($0) }
    }
    for (list, listed): (Path, [Path]) in [
      ("1", ["z", "m/a", "a"]), ("2", ["m/aa", "m/\u{0}", "m/a"]),
    ] {
      let numbers = try table.numbers(of: list) { listed }
      #expect(Int(numbers.lowerBound) == paths.count && numbers.count == listed.count)
      paths += listed
    }
    #expect(Int(try table.number(of: "single")) == paths.count)
    paths.append("single")
  }

  @Test func `a number leads to its path, and to when it was delivered`() throws {
    for (number, path) in paths.enumerated() {
      #expect(try table.path(UInt32(number)) == path)
      #expect(try table.delivery(UInt32(number)) == (number < 10 ? Day("2026-11-19") : nil))
    }
  }

  @Test func `what was met before keeps its numbers`() throws {
    #expect(try table.numbers(of: "1") { [] } == 10..<13)
    #expect(try table.number(of: "single") == 16)
    #expect(try table.number(of: "other") == 17)
  }

  @Test func `places are in the order of their paths and of the records in them`() throws {
    let places = paths.indices.flatMap { number in
      [0, 1, UInt32.max].map { SourcePlace(source: UInt32(number), index: $0) }
    }
    for left in places {
      for right in places {
        let (path, other) = (paths[Int(left.source)], paths[Int(right.source)])
        let expected = path == other ? left.index < right.index : path < other
        #expect(try table.precedes(left, right) == expected, "\(path) and \(other)")
      }
    }
  }

  @Test func `paths that do not fit the memory come back from the disk`() throws {
    let names = (0..<100_000).map { Array("file-\($0 + 1_000_000).json.gz".utf8) }
    let first = try table.add(names, in: "m/AWSLogs/012345678910/CloudTrail", delivery: nil)
    for number in stride(from: 0, to: names.count, by: 997) {
      let path = Path("m/AWSLogs/012345678910/CloudTrail").appending(names[number])
      #expect(try table.path(first + UInt32(number)) == path)
    }
    #expect(try table.path(16) == "single")
  }
}
