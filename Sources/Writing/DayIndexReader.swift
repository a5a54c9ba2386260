public import Bytes
public import CloudTrail
public import Dataset
public import Segments

/// The dataset's index of a day, its file numbers turned into the run's.
public struct DayIndexReader: Sendable {
  public let index: DayIndex
  /// The run's numbers of the files that rows name.
  private let numbers: Range<UInt32>

  /// - Throws: `DatasetError` when there is none, or one that is not as it was committed.
  init(_ day: EventDay, _ indexes: DayIndexes, _ sources: SourceTable) throws {
    guard let index = try indexes.index(of: day) else {
      let manifest = indexes.dataset.layout.manifest
      throw DatasetError.damaged(manifest, "it has cells of \(day.day) and no index")
    }
    self.index = index
    numbers = try sources.numbers(of: index.path) { try index.paths() }
  }

  public var path: Path { index.path }

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
