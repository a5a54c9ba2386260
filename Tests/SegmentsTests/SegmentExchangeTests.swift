import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

/// A file of segments that one process writes and another reads, each with numbers of its own.
struct SegmentExchangeTests {
  private static func cell(_ number: Int) -> Cell {
    Cell(
      family: number % 2 == 0 ? .events : .insight,
      account: PartitionValue("\(100_000_000_000 + number)".utf8.span),
      region: PartitionValue("eu/west \(number)".utf8.span),
      day: Day(daysSince1970: Int32(20_000 + number)))
  }

  /// A name that is no UTF-8 in the place of file 2.
  private static func path(_ number: Int) -> Path {
    number == 2 ? Path(bytes: [0x61, 0xFF, 0x2F, 0x22]) : Path(SourceTable.madePath(number))
  }

  private static func sources(_ order: [Int]) -> SourceTable {
    SourceTable.earlier(order.map(path))
  }

  /// What the writer puts into the file: three cells and rejected records.
  private struct Written {
    let sources = SegmentExchangeTests.sources(Array(0..<6))
    let cells = CellTable()
    var records: [[MadeRecord]] = []
    var rejected: [MadeRecord] = []

    init(to path: Path, seed: UInt64 = 1, count: Int = 40) throws {
      let writer = try SegmentFileWriter(path)
      var source = RecordSource(seed: seed)
      for number in 0..<3 {
        let cell = cells.number(of: SegmentExchangeTests.cell(number))
        var made = source.records(count, files: 6)
        for index in made.indices { made[index].cell = cell }
        let model = MergeModel([MergeModel.Part(records: made)], sources)
        records.append(model.records)
        _ = try writer.append(
          merging: [try segment(model.records)], as: .cell(cell), sources)
      }
      rejected =
        MergeModel([MergeModel.Part(records: source.records(5, files: 6))], sources).records
      _ = try writer.append(merging: [try segment(rejected)], as: .rejected(.insight), sources)
      try writer.finish(cells: cells, sources: sources)
    }

    private func segment(_ records: [MadeRecord]) throws -> MemorySegment {
      MemorySegment(try RecordBatch(records), 0..<records.count)
    }
  }

  @Test(arguments: [[5, 4, 3, 2, 1, 0], [], [3]])
  func `cells, sources and records are the same, whatever their numbers are`(
    _ order: [Int]
  ) throws {
    try TemporaryFolder.with { folder in
      let path = Path(folder.appending("segments"))
      let written = try Written(to: path)
      let (cells, sources) = (CellTable(), Self.sources(order))
      // The reader has met other cells before.
      _ = cells.number(of: Self.cell(9))
      let read = try SortedSegments(of: path, cells: cells, sources: sources)
      #expect(read.cells.map { cells.cell($0.cell) } == (0..<3).map(Self.cell))
      #expect(read.rejected.map(\.family) == [.insight])
      let expected = written.records + [written.rejected]
      for (found, records) in zip(
        read.cells.map(\.segment) + read.rejected.map(\.segment), expected)
      {
        let contents = try contents(of: found)
        #expect(found.recordCount == records.count)
        #expect(contents.map(\.text) == records.map(\.text))
        let paths = try contents.map { try sources.path($0.place.source) }
        #expect(paths == (try records.map { try written.sources.path($0.place.source) }))
        #expect(contents.map(\.place.index) == records.map(\.place.index))
      }
      #expect(
        read.cells.allSatisfy { cell, segment in
          (try? segment.cursor().entry.cell) == cell
        })
    }
  }

  @Test func `of copies in two files the one whose path comes first stays, whoever merges`() throws
  {
    try TemporaryFolder.with { folder in
      var source = RecordSource(seed: 3)
      let record = source.record()
      // File 4 is `8-4.json`, file 3 is `1-3.json`: numbers and paths have opposite orders.
      var paths: [Path] = []
      for number in [3, 4] {
        let table = Self.sources([number])
        let path = Path(folder.appending("segments-\(number)"))
        let (writer, cells) = (try SegmentFileWriter(path), CellTable())
        let cell = cells.number(of: Self.cell(0))
        _ = try writer.append(
          merging: [MemorySegment(try RecordBatch([record]), 0..<1)], as: .cell(cell), table)
        try writer.finish(cells: cells, sources: table)
        paths.append(path)
      }
      for order in [[0, 1], [1, 0]] {
        let (cells, sources) = (CellTable(), Self.sources([]))
        let segments = try order.flatMap { number in
          try SortedSegments(of: paths[number], cells: cells, sources: sources).cells
        }
        #expect(Set(segments.map(\.cell)).count == 1)
        var kept: [Path] = []
        let counts = try merge(segments.map(\.segment), sources) { entry, _ in
          kept.append(try sources.path(entry.source))
        }
        #expect(counts.duplicates == 1 && kept == [Self.path(3)])
      }
    }
  }

  /// Reads all of a file; the message of what keeps it from that, nil for nothing.
  private func problem(of path: Path) throws -> String? {
    do {
      let read = try SortedSegments(of: path, cells: CellTable(), sources: Self.sources([]))
      for (_, segment) in read.cells { _ = try contents(of: segment) }
      for (_, segment) in read.rejected { _ = try contents(of: segment) }
      return nil
    } catch let error as SegmentFileError {
      return error.description
    }
  }

  @Test func `every flipped bit is an error that names the file`() throws {
    try TemporaryFolder.with { folder in
      let path = Path(folder.appending("segments"))
      _ = try Written(to: path, count: 2)
      let whole = try FileSystem.contents(of: path)
      #expect(try problem(of: path) == nil)
      var damaged = whole
      #expect(
        faults("byte", in: whole.indices) { place in
          damaged[place] ^= 1 << UInt8(place % 8)
          defer { damaged[place] = whole[place] }
          try OpenFile(path, .writing).write(damaged.span)
          guard let problem = try problem(of: path) else { return "read as if nothing were wrong" }
          return problem.contains(path.description) ? nil : problem
        } == [])
    }
  }

  @Test func `a file that is cut off or goes on is an error that names it`() throws {
    try TemporaryFolder.with { folder in
      let path = Path(folder.appending("segments"))
      _ = try Written(to: path, count: 2)
      let whole = try FileSystem.contents(of: path)
      #expect(
        faults("length", in: 0...whole.count) { count in
          let bytes = count == whole.count ? whole + [0] : Array(whole.prefix(count))
          try OpenFile(path, .writing).write(bytes.span)
          guard let problem = try problem(of: path) else { return "read as if nothing were wrong" }
          return problem.contains(path.description) ? nil : problem
        } == [])
    }
  }

  @Test func `a file of a later version is not guessed at`() throws {
    try TemporaryFolder.with { folder in
      let path = Path(folder.appending("segments"))
      _ = try Written(to: path, count: 1)
      var bytes = try FileSystem.contents(of: path)
      bytes[8] = 2
      try OpenFile(path, .writing).write(bytes.span)
      #expect(throws: SegmentFileError.otherVersion(path, 2)) {
        _ = try SortedSegments(of: path, cells: CellTable(), sources: Self.sources([]))
      }
    }
  }

  @Test func `a file that exists is not written over`() throws {
    try TemporaryFolder.with { folder in
      let path = Path(folder.appending("segments"))
      _ = try Written(to: path, count: 1)
      #expect(throws: FileError.self) { _ = try SegmentFileWriter(path) }
    }
  }
}
