import Bytes
import CloudTrail
import Dataset
import Segments
import Synchronization

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

/// The indexes of a dataset's days, a few of them open at a time.
final class OpenIndexes: Sendable {
  private let dataset: StoredDataset
  private let open = Mutex<[(day: EventDay, index: DayIndex)]>([])

  /// Cells are asked for day by day, by a few workers at a time.
  private static let limit = 16

  init(_ dataset: StoredDataset) {
    self.dataset = dataset
  }

  /// The index of a day; nil without one.
  ///
  /// - Throws: When it is missing or cannot be understood.
  func index(of day: EventDay) throws -> DayIndex? {
    if let known = open.withLock({ $0.first { $0.day == day }?.index }) { return known }
    // Read without the lock: two workers may read the same file at once, and keep one of the two.
    guard let index = try DayIndex(day, of: dataset) else { return nil }
    return open.withLock { open in
      if let known = open.first(where: { $0.day == day }) { return known.index }
      if open.count == OpenIndexes.limit { open.removeFirst() }
      open.append((day, index))
      return index
    }
  }
}
