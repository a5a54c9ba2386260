public import Bytes
public import CloudTrail
public import Segments

/// A cell's records as they are in NDJSON files, with the index rows that say where each came from.
///
/// The files are those of the dataset, or were staged earlier in this run.
public struct StoredSegment: Segment {
  /// One NDJSON file.
  public struct File: Sendable {
    public var path: Path
    public var part: OutputPart

    public init(path: Path, part: OutputPart) {
      self.path = path
      self.part = part
    }
  }

  /// What the records are called by: aggregated events have names of their own for their fields.
  public let family: Family
  public let files: [File]
  public let recordCount: Int
  /// Gives the rows of the cell in order, `IndexRow.size` bytes each, with the run's file numbers.
  let rows: @Sendable (Range<Int>, inout ByteBuffer) throws -> Void
  fileprivate let longRecords: LongRecords

  public init(
    family: Family, files: [File], longRecords: LongRecords = LongRecords(),
    rows: @escaping @Sendable (Range<Int>, inout ByteBuffer) throws -> Void
  ) {
    self.family = family
    self.files = files
    recordCount = files.reduce(0) { $0 + $1.part.recordCount }
    self.rows = rows
    self.longRecords = longRecords
  }

  public var isWritten: Bool { true }

  public func cursor() throws -> any RecordCursor {
    try StoredCursor(self)
  }
}

/// Reads stored records line by line and makes their keys again.
private final class StoredCursor: RecordCursor {
  private let segment: StoredSegment
  private let lines: LineReader
  private var nextFile = 0
  private var nextRecord = 0
  private var rows = ByteBuffer(capacity: StoredCursor.rowsAtOnce * IndexRow.size)
  private var firstRow = 0
  private var fields = RecordFields()
  private(set) var entry: Entry
  /// The record under the cursor, if it is a long one.
  private var onDisk: MappedBytes?

  private static let rowsAtOnce = 512

  init(_ segment: StoredSegment) throws {
    self.segment = segment
    entry = Entry(
      RecordKey(contentOf: ByteBuffer().bytes), cell: 0, range: 0..<0, source: 0, index: 0)
    lines = try LineReader()
    _ = try advance()
  }

  func withRecord(_ body: (Span<UInt8>) throws -> Void) rethrows {
    if let onDisk { return try onDisk.withBytes(body) }
    try lines.buffer.withBytes { try body($0.extracting(entry.range)) }
  }

  func advance() throws -> Bool {
    onDisk = nil
    guard nextRecord < segment.recordCount else {
      try lines.finish()
      return false
    }
    while true {
      switch try lines.next(upTo: LongRecords.length) {
      case .line:
        try takeLine()
        return true
      case .longLine:
        let isWhole = try segment.longRecords.oneAtATime {
          guard try lines.next() else { return false }
          try takeLine()
          return true
        }
        if isWhole { return true }
      case .end: try openNextFile()
      }
    }
  }

  private func openNextFile() throws {
    guard nextFile < segment.files.count else {
      throw DatasetError.changedFromOutside(
        segment.files.last?.path ?? "", "has fewer records than were committed")
    }
    try lines.open(segment.files[nextFile])
    nextFile += 1
  }

  private func takeLine() throws {
    let row = try nextRow()
    let line = lines.line
    let path = segment.files[max(0, nextFile - 1)].path
    let (key, hasDoubtfulText) = try lines.buffer.withBytes { bytes -> (RecordKey, Bool) in
      guard let isDoubtful = fields.captureStored(bytes, line, of: segment.family),
        let key = RecordKey(bytes, line, fields), key.identity == row.identity
      else { throw StoredCursor.changed(path) }
      return (key, isDoubtful)
    }
    entry = Entry(
      key, cell: 0, range: line, source: row.place.source, index: row.place.index,
      hasDoubtfulText: hasDoubtfulText)
    onDisk = try lines.withLine { try segment.longRecords.onDisk($0) }
    if onDisk != nil { lines.dropLine() }
  }

  private static func changed(_ path: Path) -> DatasetError {
    .changedFromOutside(path, "has a line that is not the record committed")
  }

  private func nextRow() throws -> IndexRow {
    if (nextRecord - firstRow) * IndexRow.size >= rows.count {
      rows.removeAll()
      firstRow = nextRecord
      let end = min(nextRecord + StoredCursor.rowsAtOnce, segment.recordCount)
      try segment.rows(nextRecord..<end, &rows)
    }
    let row = IndexRow(rows.bytes, at: (nextRecord - firstRow) * IndexRow.size)
    nextRecord += 1
    return row
  }
}
