public import Bytes
public import CloudTrail
public import Dataset
public import Segments
import Synchronization

/// A partition that was written to the staging area.
public struct StagedPartition: Sendable {
  /// Relative to the dataset.
  public var folder: Path
  public var files: StagedParts
  /// Fields of it that are not exactly what the record says.
  public var altered: AlteredFields
}

/// A cell as this run leaves it.
public struct WrittenCell: Sendable {
  public var partitions: [StagedPartition]
  /// Which of the partitions are the store's, in order.
  public var storeIndexes: [Int]
  public var rows: RowExtent
  public var summary: CellSummary?

  /// What a later step of the run reads the cell's records from.
  public func segment(_ family: Family) -> StoredSegment {
    let files = storeIndexes.flatMap { index in
      let files = partitions[index].files
      return files.parts.map { StoredSegment.File(path: files.path(of: $0), part: $0) }
    }
    let rows = rows
    return StoredSegment(family: family, files: files) { try rows.read($0, into: &$1) }
  }
}

/// The cells this run has written, and where to read a cell from that it has not.
public final class WrittenCells: Sendable {
  /// What the dataset held before.
  public let dataset: StoredDataset
  private let sources: SourceTable
  private let written = Mutex<[Cell: WrittenCell]>([:])
  private let indexes = Mutex<[EventDay: DayIndexReader]>([:])
  private let nextStaged = Atomic(0)

  public init(_ dataset: StoredDataset, _ sources: SourceTable) {
    self.dataset = dataset
    self.sources = sources
  }

  public var all: [Cell: WrittenCell] { written.withLock { $0 } }

  public subscript(cell: Cell) -> WrittenCell? { written.withLock { $0[cell] } }

  public func set(_ cell: Cell, _ value: WrittenCell) { written.withLock { $0[cell] = value } }

  /// A name in the staging area for a partition of its own.
  public func stagedPath() -> Path {
    let number = nextStaged.add(1, ordering: .relaxed).newValue
    return dataset.layout.staging.appending(String(number))
  }

  /// The records that the cell has now: as this run wrote them, or as the dataset holds them.
  public func current(_ cell: Cell) throws -> (any Segment)? {
    if let written = self[cell] { return written.segment(cell.family) }
    return try stored(cell)
  }

  /// The records that the dataset held of the cell before this run.
  public func stored(_ cell: Cell) throws -> (any Segment)? {
    guard try dataset.summary(of: cell) != nil else { return nil }
    let files = try dataset.storeFiles(of: cell)
    let index = try self.index(of: cell)
    guard let range = index.range(of: cell) else {
      throw DatasetError.damaged(index.path, "it lacks a cell of the manifest")
    }
    let segment = StoredSegment(family: cell.family, files: files) { rows, buffer in
      let start = range.lowerBound
      try index.read((start + rows.lowerBound)..<(start + rows.upperBound), into: &buffer)
    }
    guard range.count == segment.recordCount else {
      throw DatasetError.damaged(index.path, "it and the manifest count records differently")
    }
    return segment
  }

  /// Passes the index rows that the cell has now, their sources by the run's numbers.
  public func forEachRow(of cell: Cell, _ body: (IndexRow) throws -> Void) throws {
    if let written = self[cell] { return try written.rows.forEachRow(body) }
    let index = try index(of: cell)
    guard let range = index.range(of: cell) else { return }
    try index.forEachRow(in: range, body)
  }

  /// The dataset's index of the cell's day.
  public func index(of cell: Cell) throws -> DayIndexReader {
    let day = cell.eventDay
    if let known = indexes.withLock({ $0[day] }) { return known }
    // Read without the lock: two workers may read the same file at once, and keep one of the two.
    let read = try DayIndexReader(day, of: dataset, sources)
    return indexes.withLock { indexes in
      let index = indexes[day] ?? read
      indexes[day] = index
      return index
    }
  }
}

/// The dataset's index of a day, its file numbers turned into the run's.
public final class DayIndexReader: Sendable {
  public let path: Path
  public let index: DayIndex
  /// The run's numbers of the files that rows name.
  private let numbers: Range<UInt32>

  init(_ day: EventDay, of dataset: StoredDataset, _ sources: SourceTable) throws {
    path = dataset.layout[.index(day)]
    guard let index = try DayIndex(day, of: dataset) else {
      throw DatasetError.damaged(dataset.layout.manifest, "it has cells of \(day.day) and no index")
    }
    self.index = index
    numbers = try sources.numbers(of: path) { try index.paths() }
  }

  public func range(of cell: Cell) -> Range<Int>? { index.cells[cell] }

  /// Appends rows with the run's file numbers.
  func read(_ rows: Range<Int>, into buffer: inout ByteBuffer) throws {
    try forEachRow(in: rows) { $0.append(to: &buffer) }
  }

  /// Passes rows with the run's file numbers.
  public func forEachRow(in rows: Range<Int>, _ body: (IndexRow) throws -> Void) throws {
    try index.forEachRow(in: rows) { row in
      var row = row
      guard Int(row.place.source) < numbers.count else {
        throw DatasetError.damaged(path, "a row names no file")
      }
      row.place.source += numbers.lowerBound
      try body(row)
    }
  }
}
