import Bytes
import Dataset
import Segments

/// The rows of one cell in the index, one after the other.
final class IndexRows {
  private let index: DayIndex
  private let end: Int
  private var position: Int
  private var buffer = ByteBuffer(capacity: IndexRows.rowsAtOnce * IndexRow.size)
  private var bufferStart: Int

  private static let rowsAtOnce = 2048

  init(_ index: DayIndex, _ range: Range<Int>) {
    self.index = index
    (position, end, bufferStart) = (range.lowerBound, range.upperBound, range.lowerBound)
  }

  /// The next row; nil after the last.
  func next() throws -> IndexRow? {
    guard position < end else { return nil }
    if (position - bufferStart) * IndexRow.size >= buffer.count {
      buffer.removeAll()
      bufferStart = position
      try index.read(position..<min(position + IndexRows.rowsAtOnce, end), into: &buffer)
    }
    defer { position += 1 }
    return buffer.withBytes { IndexRow($0, at: (position - bufferStart) * IndexRow.size) }
  }
}
