import Bytes
import CloudTrail
import Dataset
import Segments
import TestSupport
import Testing

/// Records that a dataset holds come back to a merge as they were committed, or not at all.
struct StoredSegmentTests {
  private static func record(_ number: Int, _ fillerLength: Int? = nil) -> String {
    let length = fillerLength ?? (number % 7 == 0 ? 5000 : 3)
    let filler = String(repeating: "x", count: length)
    return #"{"eventTime":"2026-11-19T08:00:00Z","eventID":"\#(number)","f":"\#(filler)"}"#
  }

  /// Files with these numbers of records, and their index rows.
  private static func segment(
    _ counts: [Int], compressed: Bool = false, in folder: TemporaryFolder,
    longRecords: LongRecords = LongRecords(), records: (Int) -> String = { record($0) }
  ) throws -> StoredSegment {
    var first = 0
    let files = try counts.enumerated().map { part, count in
      let text = (first..<(first + count)).map { records($0) + "\n" }.joined()
      first += count
      let name = "part-0000\(part).ndjson" + (compressed ? ".gz" : "")
      try FileTree.write(text, to: name, in: folder.path)
      let path = Path(folder.appending(name))
      let bytes = try FileSystem.contents(of: path)
      return StoredSegment.File(
        path: path,
        part: OutputPart(
          name: name, byteCount: bytes.count, recordCount: count,
          hash: SHA256Digest(of: bytes.span), firstTime: EventTime(seconds: 0),
          lastTime: EventTime(seconds: 0)))
    }
    return StoredSegment(family: .events, files: files, longRecords: longRecords) { range, buffer in
      for number in range {
        let id = RecordIdentity(hashing: String(number).utf8.span, kind: .otherText)
        let place = SourcePlace(source: 9, index: UInt32(number))
        IndexRow(identity: id, place: place).append(to: &buffer)
      }
    }
  }

  /// The records' texts, each with its place.
  private static func contents(_ segment: StoredSegment) throws -> [String] {
    let cursor = try segment.cursor()
    var texts: [String] = []
    repeat {
      cursor.withRecord { texts.append("\(cursor.entry.place.index) " + $0.text()) }
    } while try cursor.advance()
    return texts
  }

  @Test func `records of one file or several come back in order, packed or not`() throws {
    for counts in [[1], [3000], [1, 1, 1], [2048, 1], [100, 2000, 7]] {
      for compressed in [false, true] {
        try TemporaryFolder.with { folder in
          let segment = try Self.segment(counts, compressed: compressed, in: folder)
          let count = counts.reduce(0, +)
          #expect(segment.isWritten && segment.recordCount == count)
          let expected = (0..<count).map { "\($0) " + Self.record($0) }
          let found = try Self.contents(segment)
          #expect(difference(of: found, from: expected) == nil, "\(counts)")
        }
      }
    }
  }

  /// Whether they may wait on disk or not.
  @Test(arguments: [false, true], [false, true])
  func `long records come back whole, as often as they are asked for`(
    compressed: Bool, onDisk: Bool
  ) throws {
    let lengths = [3, 200 << 10, 5, 3 << 20, 2 << 20, 128 << 10, 7, (1 << 20) + 9, 1 << 20]
    let records = lengths.enumerated().map { Self.record($0, $1) }
    try TemporaryFolder.with { folder in
      let longRecords = onDisk ? LongRecords { Path(folder.appending("long")) } : LongRecords()
      let segment = try Self.segment(
        [4, 4, 1], compressed: compressed, in: folder, longRecords: longRecords,
        records: { records[$0] })
      let cursor = try segment.cursor()
      for (number, record) in records.enumerated() {
        for _ in 1...2 {
          var isSame = false
          cursor.withRecord { isSame = $0.isEqual(to: record.utf8.span) }
          #expect(isSame, "record \(number)")
        }
        #expect(try cursor.advance() == (number + 1 < records.count))
      }
      #expect(try FileTree.read(folder.path).count == segment.files.count)
    }
  }

  @Test func `any changed byte of a file is noticed before the merge ends`() throws {
    for compressed in [false, true] {
      try TemporaryFolder.with { folder in
        let segment = try Self.segment([3], compressed: compressed, in: folder)
        let name = segment.files[0].part.name
        let bytes = try FileSystem.contents(of: segment.files[0].path)
        for place in stride(from: 0, to: bytes.count, by: 29) {
          var changed = bytes
          changed[place] ^= 0x20
          try FileTree.write(changed, to: name, in: folder.path)
          #expect(throws: DatasetError.self, "\(name) byte \(place)") {
            try Self.contents(segment)
          }
        }
      }
    }
  }

  @Test func `a record that its row does not name is noticed`() throws {
    try TemporaryFolder.with { folder in
      let segment = try Self.segment([3], in: folder)
      let shifted = StoredSegment(family: .events, files: segment.files) { range, buffer in
        for number in range {
          let id = RecordIdentity(hashing: String(number / 2 * 2).utf8.span, kind: .otherText)
          let place = SourcePlace(source: 9, index: UInt32(number))
          IndexRow(identity: id, place: place).append(to: &buffer)
        }
      }
      let error = #expect(throws: DatasetError.self) { try Self.contents(shifted) }
      #expect(error?.description.contains("not the record committed") == true)
    }
  }

  @Test func `a file that is shorter, longer or gone is noticed`() throws {
    try TemporaryFolder.with { folder in
      let segment = try Self.segment([5, 5], in: folder)
      let bytes = try FileSystem.contents(of: segment.files[1].path)
      for changed in [[], Array(bytes.dropLast(30)), bytes + Array("{}\n".utf8), bytes + bytes] {
        try FileTree.write(changed, to: "part-00001.ndjson", in: folder.path)
        #expect(throws: DatasetError.self, "\(changed.count) bytes") {
          try Self.contents(segment)
        }
      }
      try FileSystem.removeFile(segment.files[1].path)
      let error = #expect(throws: DatasetError.self) { try Self.contents(segment) }
      #expect(error?.description.contains("part-00001.ndjson is missing") == true)
    }
  }
}
