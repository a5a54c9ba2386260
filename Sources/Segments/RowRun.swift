import Bytes

/// Rows in memory, and their order.
struct RowTable: ~Copyable, Sendable {
  private struct Row {
    /// The first eight bytes: they mostly decide.
    var prefix: UInt64
    var start: Int
    var count: Int
  }

  private var bytes = ByteBuffer()
  private var rows: [Row] = []

  var isEmpty: Bool { rows.isEmpty }

  var count: Int { rows.count }

  /// Bytes that the rows and their order take.
  var byteCount: Int { bytes.count + rows.count * MemoryLayout<Row>.stride }

  mutating func append(_ row: Span<UInt8>) {
    rows.append(Row(prefix: RowTable.prefix(row), start: bytes.count, count: row.count))
    bytes.append(row)
  }

  /// The first bytes as a number that orders as they do; short rows count as if zeros followed, so that
  /// equal numbers say nothing.
  static func prefix(_ row: Span<UInt8>) -> UInt64 {
    if row.count >= 8 { return row.number(at: 0, as: UInt64.self).byteSwapped }
    var prefix: UInt64 = 0
    for place in row.indices { prefix |= UInt64(row[place]) << UInt64(56 - 8 * place) }
    return prefix
  }

  mutating func sort() {
    bytes.withBytes { bytes in
      rows.sort { left, right in
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return bytes.extracting(left.start..<(left.start + left.count))
          .compare(to: bytes.extracting(right.start..<(right.start + right.count))) < 0
      }
    }
  }

  /// Lends the row at a place in the order.
  func withRow<Result>(
    _ place: Int, _ body: (Span<UInt8>) throws -> Result
  ) rethrows -> Result {
    let row = rows[place]
    return try bytes.withBytes { try body($0.extracting(row.start..<(row.start + row.count))) }
  }

  /// Passes the rows in their order.
  func passRows(to body: (Span<UInt8>) throws -> Void) throws {
    for place in rows.indices { try withRow(place, body) }
  }

  mutating func removeAll() {
    bytes.removeAll()
    rows.removeAll(keepingCapacity: true)
  }
}

/// A temporary file of sorted runs, which has no name.
final class RunFile: Sendable {
  let file: OpenFile

  /// `path`: A name that it has for a moment.
  init(_ path: Path) throws(FileError) {
    file = try OpenFile.nameless(path)
  }
}

/// Writes rows one after the other, each after its length.
final class RunWriter {
  private let file: RunFile
  private let start: Int
  private var position: Int
  private var output = ByteBuffer(capacity: RunWriter.pieceSize + (4 << 10))

  /// How much waits before it is written.
  private static let pieceSize = 64 << 10

  init(_ file: RunFile, at position: Int) {
    (self.file, self.position, start) = (file, position, position)
  }

  func append(_ row: Span<UInt8>) throws(FileError) {
    output.append(littleEndian: UInt32(row.count))
    output.append(row)
    if output.count >= RunWriter.pieceSize { try flush() }
  }

  /// Ends the run; returns where it is.
  func finish() throws(FileError) -> Range<Int> {
    try flush()
    return start..<position
  }

  private func flush() throws(FileError) {
    let offset = position
    try output.withBytes { (bytes) throws(FileError) in try file.file.write(bytes, at: offset) }
    position += output.count
    output.removeAll()
  }
}

/// One sorted run on disk, read through a window.
final class RowRun: MergeSource {
  private let file: RunFile
  private let range: Range<Int>
  /// Where in the file the window ends.
  private var position: Int
  private var window = ByteBuffer()
  /// The current row in the window.
  private var row = 0..<0
  private var prefix: UInt64 = 0

  private static let headerSize = 4

  init(_ file: RunFile, _ range: Range<Int>) {
    (self.file, self.range, position) = (file, range, range.lowerBound)
  }

  /// Goes back to before the first row.
  func rewind() {
    (position, row) = (range.lowerBound, 0..<0)
    window.removeAll()
  }

  /// Goes to the next row; false after the last.
  func next() throws -> Bool {
    var start = row.upperBound
    if window.count < start + RowRun.headerSize {
      if position == range.upperBound && start == window.count {
        window.removeAll()
        row = 0..<0
        return false
      }
      try read(keeping: &start, RowRun.headerSize)
    }
    var length = rowLength(at: start)
    if window.count < start + RowRun.headerSize + length {
      try read(keeping: &start, RowRun.headerSize + length)
      length = rowLength(at: start)
    }
    let first = start + RowRun.headerSize
    row = first..<(first + length)
    prefix = window.withBytes { RowTable.prefix($0.extracting(first..<(first + length))) }
    return true
  }

  private func rowLength(at start: Int) -> Int {
    window.withBytes { Int($0.number(at: start, as: UInt32.self)) }
  }

  /// Reads on until at least `count` bytes from `start` on are in the window.
  private func read(keeping start: inout Int, _ count: Int) throws {
    try StopSignal.check()
    window.removeFirst(start)
    start = 0
    let wanted = max(count - window.count, RowSorter.windowSize - window.count)
    let rest = range.upperBound - position
    let read = try file.file.read(min(wanted, rest), at: position, into: &window)
    position += read
    if window.count < count { throw FileError.cutOff(file.file.path) }
  }

  func withRow<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try window.withBytes { try body($0.extracting(row)) }
  }

  /// Whether its row comes before another's.
  func precedes(_ other: RowRun) -> Bool {
    if prefix != other.prefix { return prefix < other.prefix }
    return withRow { mine in other.withRow { mine.compare(to: $0) } } < 0
  }
}
