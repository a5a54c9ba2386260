import Bytes
import Reading
import Segments
import Synchronization

/// The files that a run reads, in reading order: one group after the other.
final class FilesToRead: Sendable {
  private let rows: Mutex<SortedRows>
  let fileCount: Int
  let storedByteCount: Int

  var isEmpty: Bool { fileCount == 0 }

  init(_ rows: sending SortedRows, fileCount: Int, storedByteCount: Int) {
    self.rows = Mutex(rows)
    (self.fileCount, self.storedByteCount) = (fileCount, storedByteCount)
  }

  /// The next group; nil after the last.
  ///
  /// - Throws: `FileError`; `Stopped`.
  func next() throws -> FileGroup? {
    try rows.withLock { rows in
      guard try rows.next() else { return nil }
      return rows.withRow(FilesToRead.group)
    }
  }

  private static func group(_ row: Span<UInt8>) -> FileGroup {
    let start = row.count - Int(row.number(at: row.count - 4, as: UInt32.self))
    var reader = RowReader(row, at: start)
    return FileGroup(&reader)
  }
}

/// Puts files in reading order while they are chosen.
final class ReadingOrder {
  private let rows: RowSorter
  private var fileCount = 0
  private var storedByteCount = 0

  /// - Parameters:
  ///   - memory: Bytes for groups that wait to be sorted.
  ///   - scratch: Gives the name that a temporary file has for a moment.
  init(memory: Int, scratch: @escaping @Sendable () throws -> Path) {
    rows = RowSorter(memory: memory, scratch: scratch)
  }

  /// Adds files to be read.
  ///
  /// - Throws: `FileError` when the disk is full.
  func add(_ group: FileGroup) throws {
    if group.files.isEmpty { return }
    var row = ByteBuffer(capacity: 4096)
    group.appendReadingOrder(to: &row)
    let start = row.count
    group.append(to: &row)
    // The end says how long the group is, so that its beginning can be found.
    row.append(littleEndian: UInt32(row.count - start + 4))
    try rows.append(row.bytes)
    fileCount += group.files.count
    storedByteCount += group.files.reduce(0) { $0 + $1.byteCount }
  }

  /// The files in their order.
  ///
  /// - Throws: `FileError` when the disk is full; `Stopped`.
  func finish() throws -> FilesToRead {
    FilesToRead(try rows.finish(), fileCount: fileCount, storedByteCount: storedByteCount)
  }
}
