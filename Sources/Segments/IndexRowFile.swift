public import Bytes

/// A temporary file of index rows: what each cell that was written holds, and from which files.
///
/// Rows name files by the run's numbers. Every worker appends to one of its own.
public final class IndexRowFile: Sendable {
  private let file: OpenFile

  public init(_ path: Path) throws {
    file = try OpenFile.nameless(path)
  }

  fileprivate func write(_ bytes: Span<UInt8>, at offset: Int) throws {
    try file.write(bytes, at: offset)
  }

  fileprivate func read(_ byteCount: Int, at offset: Int, into buffer: inout ByteBuffer) throws {
    guard try file.read(byteCount, at: offset, into: &buffer) == byteCount else {
      throw FileError.cutOff(file.path)
    }
  }
}

/// The rows of one cell in a row file.
public struct IndexRowExtent: Sendable {
  /// Nil if there are no rows.
  public let file: IndexRowFile?
  /// Where the first row begins in the file, in bytes.
  public let offset: Int
  public let count: Int

  public init(file: IndexRowFile?, offset: Int, count: Int) {
    self.file = file
    self.offset = offset
    self.count = count
  }

  /// No rows.
  public static let empty = IndexRowExtent(file: nil, offset: 0, count: 0)

  /// Appends the rows of `range` as they are on disk.
  public func read(_ range: Range<Int>, into buffer: inout ByteBuffer) throws {
    try file?.read(
      range.count * IndexRow.size, at: offset + range.lowerBound * IndexRow.size, into: &buffer)
  }

  /// Passes all rows as they are on disk, a few thousand in memory at a time.
  ///
  /// - Throws: `FileError`; `Stopped`; what `body` throws.
  public func forEachPiece(_ body: (Span<UInt8>) throws -> Void) throws {
    var buffer = ByteBuffer(capacity: min(count, IndexRow.countAtOnce) * IndexRow.size)
    var next = 0
    while next < count {
      try StopSignal.check()
      let end = min(next + IndexRow.countAtOnce, count)
      buffer.removeAll()
      try read(next..<end, into: &buffer)
      try body(buffer.bytes)
      next = end
    }
  }

  /// Passes all rows, a few thousand in memory at a time.
  ///
  /// - Throws: As `forEachPiece`.
  public func forEachRow(_ body: (IndexRow) throws -> Void) throws {
    try forEachPiece { try IndexRow.forEach(in: $0, body) }
  }
}

/// Appends the rows of one cell after the other.
public struct IndexRowWriter: ~Copyable {
  private let file: IndexRowFile
  private var buffer = ByteBuffer(capacity: 64 << 10)
  private var position = 0
  private var start = 0
  private var count = 0

  public init(_ file: IndexRowFile) {
    self.file = file
  }

  /// Begins the rows of a cell.
  public mutating func begin() {
    start = position + buffer.count
    count = 0
  }

  @inline(__always)
  /// Appends a row to those of the cell.
  public mutating func append(_ row: IndexRow) throws {
    row.append(to: &buffer)
    count += 1
    if buffer.count > (64 << 10) - IndexRow.size { try flush() }
  }

  /// Appends rows to those of the cell, as they are on disk.
  public mutating func append(rows: Span<UInt8>) throws {
    try flush()
    try file.write(rows, at: position)
    position += rows.count
    count += rows.count / IndexRow.size
  }

  /// Ends the cell; its rows can be read from now on.
  public mutating func finish() throws -> IndexRowExtent {
    try flush()
    return IndexRowExtent(file: file, offset: start, count: count)
  }

  private mutating func flush() throws {
    guard !buffer.isEmpty else { return }
    try file.write(buffer.bytes, at: position)
    position += buffer.count
    buffer.removeAll()
  }
}
