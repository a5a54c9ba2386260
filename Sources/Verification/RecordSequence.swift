import Bytes
import CloudTrail
import Dataset
import Segments

/// Records as they follow one another through the parts of a partition, checked one by one.
///
/// Of each part only the first problem is kept.
struct RecordSequence {
  private let family: Family
  private let rows: IndexRows?
  private var part: OutputPart?
  /// How many records the part has, so far.
  private(set) var count = 0
  /// The times of the part's first and last record, so far.
  private(set) var times: (first: EventTime, last: EventTime)?
  /// The records of all parts that strict readers refuse, so far.
  private(set) var textFlaws = TextFlawCounts()
  private var fields = RecordFields()
  private var last: Entry?
  private var lastRecord: [UInt8] = []
  private var problem: String?

  init(of family: Family, rows: IndexRows?) {
    self.family = family
    self.rows = rows
  }

  /// Begins a part; what came before it goes on to count for the order.
  ///
  /// `part`: What is said of it; nil for nothing.
  mutating func begin(_ part: OutputPart?) {
    self.part = part
    (count, times) = (0, nil)
  }

  /// Checks the next record.
  mutating func add(_ record: Span<UInt8>, _ place: RecordPlace) throws {
    count += 1
    let row = try rows?.next()
    guard let isDoubtful = fields.captureStored(record, of: family) else {
      return note("line \(count) is not a record")
    }
    if isDoubtful { textFlaws.note(record) }
    guard let key = RecordKey(record, 0..<record.count, fields) else {
      return note("line \(count) has no usable eventTime")
    }
    if let row, row.identity != key.identity {
      note("line \(count) is not the record that the index names")
    }
    if rows != nil && row == nil { note("line \(count) is not in the index") }
    if let misplaced = place.problem(record, fields, key.time) {
      note("the record in line \(count) \(misplaced)")
    }
    let entry = Entry(key, cell: 0, range: 0..<record.count, source: 0, index: 0)
    if let last {
      let order = RecordOrder.compare(last, lastRecord.span, entry, record)
      if order == 0 { note("line \(count) is the record before it again") }
      if order > 0 { note("line \(count) comes before the line above it") }
    }
    times = (times?.first ?? key.time, key.time)
    if count == 1, let part, key.time != part.firstTime {
      note("begins at \(key.time.text), not at \(part.firstTime.text) as the manifest says")
    }
    last = entry
    lastRecord = record.copied()
  }

  /// Ends a part that was read to its end.
  mutating func endPart() {
    if let part, let last = times?.last, last != part.lastTime {
      note("ends at \(last.text), not at \(part.lastTime.text) as the manifest says")
    }
  }

  /// What is wrong once all parts are read.
  func finish() throws -> String? {
    guard let rows, try rows.next() != nil else { return nil }
    return "has fewer records than the index"
  }

  /// The first problem since this was last asked.
  mutating func takeProblem() -> String? {
    defer { problem = nil }
    return problem
  }

  private mutating func note(_ text: String) {
    if problem == nil { problem = text }
  }
}
