import Bytes
import CloudTrail
import Listing
import Reading
import Segments
import TestSupport
import Testing

@testable import JobRunner

/// In which order files are read, and in what units.
struct ReadingOrderTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
  }

  private func write(_ paths: String...) throws {
    try FileTree.write(paths.map { TreeFile(path: $0, bytes: [0x7B, 0x7D]) }, in: folder.path)
  }

  /// All files below the folder, ordered in memory or on disk.
  private func files(memory: Int = 1 << 20) throws -> FilesToRead {
    let root = InputRoot(path: try FileSystem.resolved(Path(folder.path)), source: "in")
    let path = Path(folder.path + "-order")
    let order = ReadingOrder(memory: memory) { path }
    _ = try discover(
      in: FolderSource([root]), families: [.events], sources: SourceTable()
    ) { try order.add($0) }
    return try order.finish()
  }

  private func sources(_ groups: [FileGroup]) -> [String] {
    groups.flatMap { group in group.files.map { group.source(of: $0).description } }
  }

  @Test func `files of one account and region come together, then by day, then by path`() throws {
    let top = "AWSLogs/o-ab12cd34ef"
    let days = [
      "111122223333/CloudTrail/eu-west-1/2026/11/20",
      "111122223333/CloudTrail/us-east-1/2026/11/19",
      "444455556666/CloudTrail/eu-west-1/2026/11/19",
    ]
    for day in days.reversed() {
      try write("\(top)/\(day)/b.json", "\(top)/\(day)/a.json", "AWSLogs/\(day)/c.json")
    }
    try write("aside.json")
    let expected = days.flatMap { day in
      ["in/AWSLogs/\(day)/c.json", "in/\(top)/\(day)/a.json", "in/\(top)/\(day)/b.json"]
    }
    let files = try files()
    var groups: [FileGroup] = []
    while let group = try files.next() { groups.append(group) }
    #expect(sources(groups) == expected + ["in/aside.json"])
    #expect(files.fileCount == 10 && files.storedByteCount == 20)
  }

  @Test func `units are in order, and say which cells and regions they end`() throws {
    for day in 18...21 {
      for region in ["eu-west-1", "us-east-1"] {
        for name in ["a", "b", "c"] {
          try write("AWSLogs/111122223333/CloudTrail/\(region)/2026/11/\(day)/\(name).json")
        }
      }
    }
    try write("aside.json")
    let (cells, shuffle) = (CellTable(), Shuffle())
    var memory = MemoryPlan(budget: 1 << 30, threads: 1, openFiles: 1000, outputCount: 1)
    // Two files of two bytes count for this much.
    memory.batchCapacity = 2 * 1044 / 3 * 4
    let plan = ReadingPlan(try files(), cells: cells, memory: memory, announcing: shuffle)
    var units: [ReadingPlan.Unit] = []
    while let unit = try plan.next() { units.append(unit) }
    #expect(units.allSatisfy { $0.fileCount <= 2 } && units.count == 13)
    #expect(sources(units.flatMap(\.groups)).last == "in/aside.json")
    // Each cell and region ends once, with the last unit that has files of it.
    for (number, unit) in units.enumerated() {
      let later = units[(number + 1)...]
      let stay = Set(later.flatMap(\.cells))
      #expect(unit.lastCells == unit.cells.subtracting(stay))
      #expect(unit.lastRegions == Set(unit.regions.keys).subtracting(later.flatMap(\.regions.keys)))
    }
    #expect(units.reduce(0) { $0 + $1.lastRegions.count } == 2)
    #expect(units.reduce(0) { $0 + $1.lastCells.count } == 10)
  }
}
