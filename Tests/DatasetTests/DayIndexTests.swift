import Bytes
import CloudTrail
import Dataset
import Segments
import TestSupport
import Testing

struct DayIndexTests {
  private static let cells: [(cell: Cell, recordCount: Int)] = [
    ("1", 3), ("2\"\\", 0), ("é", 5000),
  ]
  .map { account, count in
    let value = PartitionValue(account.utf8.span)
    return (
      Cell(family: .insight, account: value, region: .missing, day: Day(daysSince1970: -3)), count
    )
  }
  private static let paths = [Path("m/a.json"), Path(bytes: [0x62, 0xFF, 0x22])]

  private static func row(_ number: Int) -> IndexRow {
    IndexRow(
      identity: RecordIdentity(high: UInt64(number), low: .max),
      place: SourcePlace(source: UInt32(number % 2), index: UInt32(number)))
  }

  private static func bytes() -> [UInt8] {
    var output = ByteBuffer()
    DayIndex.appendHeader(cells: cells, paths: paths, to: &output)
    for number in 0..<5003 { row(number).append(to: &output) }
    return output.bytes.copied()
  }

  private func withIndex(_ bytes: [UInt8], _ body: (Path) throws -> Void) throws {
    try TemporaryFolder.with { folder in
      try FileTree.write(bytes, to: "day.index", in: folder.path)
      try body(Path(folder.appending("day.index")))
    }
  }

  @Test func `cells, paths and rows come back`() throws {
    try withIndex(Self.bytes()) { path in
      let index = try DayIndex(path)
      #expect(
        index.cells == [
          Self.cells[0].cell: 0..<3, Self.cells[1].cell: 3..<3, Self.cells[2].cell: 3..<5003,
        ])
      let paths = try index.paths()
      #expect(paths == Self.paths)
      for range in [0..<3, 3..<3, 3..<5003, 4094..<4099] {
        var places: [SourcePlace] = []
        try index.forEachRow(in: range) { places.append($0.place) }
        #expect(difference(of: places, from: range.map { Self.row($0).place }) == nil, "\(range)")
      }
    }
  }

  @Test func `an index that is cut off is damaged, or says that rows are missing`() throws {
    let bytes = Self.bytes()
    let headerEnd = bytes.count - 5003 * IndexRow.size
    try TemporaryFolder.with { folder in
      for count in Array(0..<headerEnd) + [headerEnd, headerEnd + 1, bytes.count - 1] {
        try FileTree.write(Array(bytes[..<count]), to: "day.index", in: folder.path)
        let path = Path(folder.appending("day.index"))
        // Rows that are missing are noticed as soon as the cells have more than there is room for.
        if count < bytes.count - 1 {
          #expect(throws: DatasetError.self, "\(count) bytes") { try DayIndex(path).paths() }
        } else {
          let index = try DayIndex(path)
          #expect(try index.paths() == Self.paths)
          #expect(throws: FileError.cutOff(path), "\(count) bytes") {
            try index.forEachRow(in: 0..<5003) { _ in }
          }
        }
      }
    }
  }

  @Test func `lengths and counts that cannot be are damage, not a crash`() throws {
    for place in [8, 16] {
      for length in [UInt64.max, UInt64(Int.max), 1 << 40] {
        var bytes = Self.bytes()
        for byte in 0..<8 { bytes[place + byte] = UInt8(truncatingIfNeeded: length >> (8 * byte)) }
        try withIndex(bytes) { path in
          #expect(throws: DatasetError.self) { try DayIndex(path) }
        }
      }
    }
    for (old, new) in [
      (#""records":5000"#, #""records":-999"#), (#""records":5000"#, #""records":9999"#),
      (#""day":-3,"records":3"#, #""day":99999999999"#), ("m/a.json\"", "m/a.json "),
    ] {
      var text = Self.bytes()
      let place = try #require(text.firstRange(of: Array(old.utf8)))
      let padding = [UInt8](repeating: 0x20, count: max(0, old.utf8.count - new.utf8.count))
      text.replaceSubrange(place, with: Array(new.utf8) + padding)
      try withIndex(text) { path in
        #expect(throws: DatasetError.self, "\(new)") { try DayIndex(path).paths() }
      }
    }
  }
}
