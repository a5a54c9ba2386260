import Bytes
import CloudTrail
import Segments
import TestSupport
import Testing

/// Index rows of many cells in one file: each cell gets back its own.
struct IndexRowFileTests {
  private static func row(_ cell: Int, _ number: Int) -> IndexRow {
    IndexRow(
      identity: RecordIdentity(high: UInt64(cell) << 32 | UInt64(number), low: .max),
      place: SourcePlace(source: UInt32(cell), index: UInt32(number)))
  }

  /// How the rows from `first` on differ from those that cell had; nil if they do not.
  private static func fault(_ rows: [IndexRow], of cell: Int, from first: Int = 0) -> String? {
    difference(
      of: rows.map(\.place),
      from: rows.indices.map { SourcePlace(source: UInt32(cell), index: UInt32(first + $0)) })
      ?? difference(
        of: rows.map(\.identity), from: rows.indices.map { row(cell, first + $0).identity })
  }

  private static func rows(_ extent: IndexRowExtent) throws -> [IndexRow] {
    var rows: [IndexRow] = []
    try extent.forEachRow { rows.append($0) }
    return rows
  }

  /// Numbers of rows around what is buffered (64 KiB) and what is read at once (4096 rows).
  private static let counts = [0, 1, 2, 2729, 2730, 2731, 4095, 4096, 4097, 0, 9000, 3]

  @Test func `each cell's rows come back, whatever their number`() throws {
    try TemporaryFolder.with { folder in
      let file = try IndexRowFile(Path(folder.appending("rows")))
      #expect(try FileTree.read(folder.path).isEmpty, "the file has a name and could be left over")
      var writer = IndexRowWriter(file)
      var extents: [IndexRowExtent] = []
      for (cell, count) in Self.counts.enumerated() {
        writer.begin()
        for number in 0..<count { try writer.append(Self.row(cell, number)) }
        extents.append(try writer.finish())
      }
      #expect(
        faults("cell", in: Self.counts.indices) { cell in
          let rows = try Self.rows(extents[cell])
          if rows.count != Self.counts[cell] { return "\(rows.count) rows of \(Self.counts[cell])" }
          return Self.fault(rows, of: cell)
        } == [])
    }
  }

  @Test func `rows of a cell that was given up are in no other`() throws {
    try TemporaryFolder.with { folder in
      var writer = IndexRowWriter(try IndexRowFile(Path(folder.appending("rows"))))
      writer.begin()
      for number in 0..<5000 { try writer.append(Self.row(0, number)) }
      writer.begin()
      for number in 0..<7 { try writer.append(Self.row(1, number)) }
      let rows = try Self.rows(try writer.finish())
      #expect(rows.count == 7)
      #expect(Self.fault(rows, of: 1) == nil)
    }
  }

  @Test func `any stretch of rows is read as it is on disk, after what the buffer holds`() throws {
    try TemporaryFolder.with { folder in
      var writer = IndexRowWriter(try IndexRowFile(Path(folder.appending("rows"))))
      writer.begin()
      for number in 0..<40 { try writer.append(Self.row(3, number)) }
      let extent = try writer.finish()
      var buffer = ByteBuffer()
      buffer.append(0x21)
      try extent.read(10..<13, into: &buffer)
      #expect(buffer.count == 1 + 3 * IndexRow.size && buffer.bytes[0] == 0x21)
      let rows = (0..<3).map { IndexRow(buffer.bytes, at: 1 + $0 * IndexRow.size) }
      #expect(Self.fault(rows, of: 3, from: 10) == nil)
      #expect(throws: FileError.self) { try extent.read(39..<41, into: &buffer) }
    }
  }
}
