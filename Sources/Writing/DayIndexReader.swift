public import Bytes
public import CloudTrail
public import Dataset
public import Segments
import Synchronization

/// The dataset's index of a day, its file numbers turned into the run's.
public final class DayIndexReader: Sendable {
  public let path: Path
  public let index: DayIndex
  /// The run's numbers of the files that rows name.
  private let numbers: Range<UInt32>

  /// `isChecked`: Whether the run has found the file to be as it was committed.
  fileprivate init(
    _ day: EventDay, of dataset: StoredDataset, _ sources: SourceTable, isChecked: Bool
  ) throws {
    path = dataset.layout[.index(day)]
    let index =
      isChecked ? try DayIndex(dataset.layout[.index(day)]) : try DayIndex(day, of: dataset)
    guard let index else {
      throw DatasetError.damaged(dataset.layout.manifest, "it has cells of \(day.day) and no index")
    }
    self.index = index
    numbers = try sources.numbers(of: path) { try index.paths() }
  }

  /// About how many bytes it takes.
  fileprivate var byteCount: Int { index.cells.count * 128 }

  public func range(of cell: Cell) -> Range<Int>? { index.cells[cell] }

  /// Appends rows with the run's file numbers.
  func read(_ rows: Range<Int>, into buffer: inout ByteBuffer) throws {
    try forEachPiece(in: rows) { buffer.append($0) }
  }

  /// Passes rows with the run's file numbers, otherwise as they are on disk.
  ///
  /// - Throws: `DatasetError.damaged` for a row that names no file; `FileError`; `Stopped`; what `body`
  ///   throws.
  func forEachPiece(in rows: Range<Int>, _ body: (Span<UInt8>) throws -> Void) throws {
    var numbered = ByteBuffer()
    try index.forEachPiece(in: rows) { piece in
      numbered.removeAll()
      numbered.reserve(piece.count)
      try IndexRow.forEach(in: piece) { row in
        var row = row
        guard Int(row.place.source) < numbers.count else {
          throw DatasetError.damaged(path, "a row names no file")
        }
        row.place.source += numbers.lowerBound
        row.append(to: &numbered)
      }
      try body(numbered.bytes)
    }
  }

  /// Passes rows with the run's file numbers.
  ///
  /// - Throws: As `forEachPiece`.
  public func forEachRow(in rows: Range<Int>, _ body: (IndexRow) throws -> Void) throws {
    try forEachPiece(in: rows) { try IndexRow.forEach(in: $0, body) }
  }
}

/// The indexes of a dataset's days, those that were asked for last at hand.
final class DayIndexReaders: Sendable {
  private struct State {
    /// The one that was asked for last is at the end.
    var readers: [(day: EventDay, reader: DayIndexReader)] = []
    /// Days whose index was found to be as it was committed.
    var checked: Set<EventDay> = []

    /// The reader of a day, if it is at hand.
    mutating func known(_ day: EventDay) -> DayIndexReader? {
      guard let place = readers.lastIndex(where: { $0.day == day }) else { return nil }
      let found = readers.remove(at: place)
      readers.append(found)
      return found.reader
    }
  }

  private let dataset: StoredDataset
  private let sources: SourceTable
  private let state = Mutex(State())

  /// Bytes of readers that are kept, beside the last.
  private let memory: Int

  init(_ dataset: StoredDataset, _ sources: SourceTable, memory: Int) {
    (self.dataset, self.sources, self.memory) = (dataset, sources, memory)
  }

  /// The index of a day.
  ///
  /// - Throws: `DatasetError` when there is none, or one that is not as it was committed.
  func reader(_ day: EventDay) throws -> DayIndexReader {
    let (known, isChecked) = state.withLock { state in
      (state.known(day), state.checked.contains(day))
    }
    if let known { return known }
    // Read without the lock: two workers may read the same file at once, and keep one of the two.
    let reader = try DayIndexReader(day, of: dataset, sources, isChecked: isChecked)
    return state.withLock { state in
      if let known = state.known(day) { return known }
      state.checked.insert(day)
      state.readers.append((day, reader))
      var byteCount = state.readers.reduce(0) { $0 + $1.reader.byteCount }
      while byteCount > memory, state.readers.count > 1 {
        byteCount -= state.readers.removeFirst().reader.byteCount
      }
      return reader
    }
  }
}
