import Bytes
import CloudTrail
import Segments
import TestSupport

/// A record made from a seed: what decides its place is known without reading it.
struct MadeRecord: Hashable {
  /// Nanoseconds since 1970.
  var time: Int
  /// The eventID's bytes; empty for none.
  var id: [UInt8]
  var text: String
  var cell: UInt32 = 0
  var place = SourcePlace(source: 0, index: 0)

  /// The order of every output, slow and by the book: the time, the eventID, the text.
  static func precedes(_ left: MadeRecord, _ right: MadeRecord) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.id != right.id { return left.id.lexicographicallyPrecedes(right.id) }
    return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  static func == (left: MadeRecord, right: MadeRecord) -> Bool {
    left.text == right.text && left.cell == right.cell && left.place == right.place
  }
}

extension MadeRecord: CustomStringConvertible {
  var description: String { "\(text) of file \(place.source), record \(place.index)" }
}

/// Makes records of few times, ids and texts, so that copies and conflicts are frequent.
struct RecordSource {
  var random: SeededGenerator
  /// The most bytes that fill up a record.
  var fillerLimit = 12

  init(seed: UInt64) {
    random = SeededGenerator(seed: seed)
  }

  /// The eventIDs, as JSON and as bytes: UUIDs, other texts, and what is none.
  private static let ids: [(json: String, bytes: String)] = [
    (#""11111111-2222-4333-8444-555555555555""#, "11111111-2222-4333-8444-555555555555"),
    (#""11111111-2222-4333-8444-555555555556""#, "11111111-2222-4333-8444-555555555556"),
    (#""ffffffff-2222-4333-8444-000000000000""#, "ffffffff-2222-4333-8444-000000000000"),
    (#""1111\u0031111-2222-4333-8444-555555555555""#, "11111111-2222-4333-8444-555555555555"),
    (#""FFFFFFFF-2222-4333-8444-000000000000""#, "FFFFFFFF-2222-4333-8444-000000000000"),
    (#""a""#, "a"), (#""ab""#, "ab"), (#""\u00e9""#, "é"), (#""é""#, "é"), (#""0""#, "0"),
    ("null", ""), (#""""#, ""), ("17", ""),
  ]

  mutating func record() -> MadeRecord {
    let second = random.within(0...3)
    let fraction = random.pick(["", ".5", ".25", ".000000001"])
    let nanoseconds = ["": 0, ".5": 500_000_000, ".25": 250_000_000, ".000000001": 1]
    let id = random.pick(RecordSource.ids)
    let filler = String(repeating: "x", count: random.within(0...fillerLimit))
    return MadeRecord(
      time: (1_795_046_400 + second) * 1_000_000_000 + (nanoseconds[fraction] ?? 0),
      id: Array(id.bytes.utf8),
      text: #"{"eventTime":"2026-11-19T00:00:0\#(second)\#(fraction)Z","eventID":\#(id.json),"#
        + #""f":"\#(filler)"}"#)
  }

  /// Records of `files` files, each at a place of its own.
  mutating func records(_ count: Int, files: Int, cells: Int = 1) -> [MadeRecord] {
    var next = [UInt32](repeating: 0, count: files)
    return (0..<count).map { _ in
      var record = record()
      let file = random.within(0...(files - 1))
      record.place = SourcePlace(source: UInt32(file), index: next[file])
      record.cell = UInt32(random.within(0...(cells - 1)))
      next[file] += 1
      return record
    }
  }
}

extension RecordBatch {
  /// A batch of these records, keyed as reading does.
  convenience init(_ records: [MadeRecord]) throws {
    self.init(capacity: 64)
    for record in records {
      let start = bytes.count
      bytes.append(utf8: record.text)
      let range = start..<bytes.count
      let key = try withBytes { bytes in
        var scanner = JSONScanner(bytes.extracting(0..<range.upperBound), at: start)
        var fields = RecordFields()
        _ = try fields.capture(&scanner, shape: nil)
        return RecordKey(bytes, range, fields)
      }
      guard let key else { throw UnusableRecord(text: record.text) }
      entries.append(
        Entry(
          key, cell: record.cell, range: range, source: record.place.source,
          index: record.place.index))
    }
  }

  /// The record that an entry is about.
  func record(_ entry: Entry) -> MadeRecord {
    withBytes { MadeRecord(entry, $0.extracting(entry.range)) }
  }
}

extension MadeRecord {
  /// What came out of a merge.
  init(_ entry: Entry, _ record: Span<UInt8>) {
    var id = ByteBuffer()
    RecordOrder.appendID(entry, record, to: &id)
    self.init(
      time: Int(entry.time.seconds) * 1_000_000_000 + Int(entry.time.nanoseconds),
      id: id.bytes.copied(), text: record.text(), cell: entry.cell, place: entry.place)
  }
}

struct UnusableRecord: Error {
  var text: String
}

extension SourceTable {
  /// Files whose path order is not their number order: file 3 is `1-3.json`.
  static func made(count: Int) -> SourceTable { earlier((0..<count).map { Path(madePath($0)) }) }

  static func madePath(_ number: Int) -> String { "\(number * 7 % 10)-\(number).json" }

  /// Files of earlier runs, in any order.
  static func earlier(_ paths: [Path]) -> SourceTable {
    let table = SourceTable()
    // Nothing is read from the disk, so that nothing can fail.
    _ = try? table.numbers(of: "list") { paths }
    return table
  }

  /// Files of this run: their numbers are in the order of their paths.
  static func current(count: Int) -> SourceTable {
    let table = SourceTable()
    let names = (0..<count).map { Array("\($0 + 100).json".utf8) }
    _ = try? table.add(names, in: "m", delivery: nil)
    return table
  }
}
