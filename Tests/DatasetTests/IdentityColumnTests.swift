import Bytes
import CloudTrail
import Dataset
import Segments
import TestSupport
import Testing

/// Columns of identities, written, compared and damaged.
@Suite("A column of identities")
struct IdentityColumnTests {
  private static let day = EventDay(family: .events, day: Day(daysSince1970: 20_000))

  /// A dataset that has nothing but the column of some numbers, each with any second half.
  private func dataset(of numbers: [UInt64], in folder: TemporaryFolder) throws -> StoredDataset {
    let layout = DatasetLayout(Path(folder.path))
    let file = DatasetFile.identities(Self.day)
    try FileSystem.createFolders(layout[file].parent)
    let sorter = IdentitySorter(memory: 0) { layout.root.appending("sorted") }
    var part = sorter.part()
    for (place, number) in numbers.enumerated() {
      let identity = RecordIdentity(high: number, low: UInt64(place))
      try part.append(PlacedIdentity(identity, cell: 0))
    }
    try part.finish()
    var manifest = Manifest()
    manifest.files[file.path] = try IdentityColumn.write(sorter.finish(), to: layout[file])
    return StoredDataset(layout, manifest)
  }

  private func numbers(_ count: Int, below end: UInt64, _ seed: UInt64) -> [UInt64] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in UInt64.random(in: 0..<end, using: &random) }
  }

  @Test("has eight bytes a record, and finds what it shares with others, however few or many")
  func intersection() throws {
    #expect(
      faults("seed", in: 0..<60) { seed in
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: UInt64(seed))
        let end: UInt64 = [10, 1000, .max].randomElement(using: &random) ?? 10
        let own = numbers(Int.random(in: 0..<6000, using: &random), below: end, UInt64(seed + 1))
        let some = numbers(Int.random(in: 0..<3000, using: &random), below: end, UInt64(seed + 2))
        let dataset = try dataset(of: own, in: folder)
        let byteCounts = dataset.manifest.files.values.map(\.byteCount)
        if byteCounts != [8 * own.count] { return "has \(byteCounts) bytes" }
        let found = try IdentityColumn(Self.day, of: dataset)
          .intersection(with: Set(some + own.prefix(5)).sorted())
        return difference(of: found, from: Set(own).intersection(some + own.prefix(5)).sorted())
      } == [])
  }

  @Test("is not believed when a byte of it is another")
  func damage() throws {
    let folder = try TemporaryFolder()
    let dataset = try dataset(of: numbers(20_000, below: .max, 1), in: folder)
    let path = DatasetFile.identities(Self.day).path.description
    var bytes = try FileSystem.contents(of: Path(folder.appending(path)))
    bytes[bytes.count / 2] ^= 1
    try FileTree.write(bytes, to: path, in: folder.path)
    #expect(throws: DatasetError.self) {
      try IdentityColumn(Self.day, of: dataset).intersection(with: [1])
    }
    try FileTree.write(Array(bytes.dropLast(8)), to: path, in: folder.path)
    #expect(throws: DatasetError.self) {
      try IdentityColumn(Self.day, of: dataset).intersection(with: [1])
    }
  }

  @Test("is told from the column of other identities")
  func sum() throws {
    let folder = try TemporaryFolder()
    let own = numbers(500, below: .max, 3)
    let dataset = try dataset(of: own, in: folder)
    func isColumn(of numbers: [UInt64]) throws -> Bool {
      var sum = IdentityColumn.Sum()
      for number in numbers { sum.add(RecordIdentity(high: number, low: 0)) }
      return try IdentityColumn(Self.day, of: dataset).isColumn(of: sum)
    }
    #expect(try isColumn(of: own.shuffled()))
    #expect(try !isColumn(of: Array(own.dropLast())))
    #expect(try !isColumn(of: own.dropLast(2) + [own[498] + 1, own[499] - 1]))
  }
}
