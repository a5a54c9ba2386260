public import Bytes
public import CloudTrail
public import Dataset
public import Segments
import Synchronization

/// The cells this run has written, and where to read a cell from that it has not.
///
/// What is known of a written cell waits on disk, for there may be hundreds of thousands: where it is
/// and how many rows the cell has are in memory.
public final class WrittenCells: Sendable {
  /// Where something is in the spool.
  private struct Place {
    var offset: Int
    var byteCount: UInt32
  }

  private struct Written {
    var place: Place
    var rowCount: UInt32
  }

  private struct State {
    var days: [EventDay: [AccountRegion: Written]] = [:]
    var gathered: [Period: [Place]] = [:]
    /// The files that have the rows of cells: the spool names them by their places here.
    var rowFiles: [IndexRowFile] = []

    subscript(cell: Cell) -> Written? { days[cell.eventDay]?[cell.accountRegion] }

    mutating func number(of file: IndexRowFile) -> UInt32 {
      if let place = rowFiles.firstIndex(where: { $0 === file }) { return UInt32(place) }
      rowFiles.append(file)
      return UInt32(rowFiles.count - 1)
    }
  }

  /// What the dataset held before.
  public let dataset: StoredDataset
  private let sources: SourceTable
  private let state = Mutex(State())
  private let spool: Spool
  private let indexes: DayIndexes
  private let longRecords: LongRecords
  private let nextStaged = Atomic(0)
  private let retention: Retention?
  /// The days of which nothing stays: all their cells count as written, without records.
  private let leavingDays: Set<EventDay>

  /// - Parameters:
  ///   - dataset: What it held before.
  ///   - sources: Knows the numbers that rows name files by.
  ///   - retention: What of the dataset leaves, as if it had never been there.
  ///   - indexMemory: Bytes for indexes that are kept at hand, beside the last.
  ///   - longRecords: Those of all that read the cells.
  public init(
    _ dataset: StoredDataset, _ sources: SourceTable, dropping retention: Retention? = nil,
    indexMemory: Int = 4 << 20, longRecords: LongRecords = LongRecords()
  ) {
    self.dataset = dataset
    self.sources = sources
    self.retention = retention
    self.longRecords = longRecords
    leavingDays = Set(
      retention.map { retention in
        dataset.manifest.eventDays.filter { $0.day < retention.firstDay }
      } ?? [])
    let layout = dataset.layout
    spool = Spool { layout.staging.appending("cells") }
    indexes = DayIndexes(dataset, memory: indexMemory)
  }

  // MARK: Written cells

  /// The event days that have written cells, in order.
  public var days: [EventDay] {
    leavingDays.union(state.withLock { Set($0.days.keys) }).sorted()
  }

  /// The written cells of an event day, in order.
  ///
  /// - Throws: `DatasetError` when the list of a day that leaves is not as it was committed.
  public func cells(of day: EventDay) throws -> [Cell] {
    if leavingDays.contains(day) {
      return try dataset.list(Period(day.day)).cells.keys.filter { $0.eventDay == day }.sorted()
    }
    return state.withLock { $0.days[day]?.keys.sorted() ?? [] }.map { Cell($0, on: day.day) }
  }

  public func contains(_ cell: Cell) -> Bool {
    leavingDays.contains(cell.eventDay) || state.withLock { $0[cell] } != nil
  }

  public subscript(cell: Cell) -> WrittenCell? {
    get throws {
      if leavingDays.contains(cell.eventDay) {
        return WrittenCell(partitions: [], storeIndexes: [], rows: .empty)
      }
      guard let written = state.withLock({ $0[cell] }) else { return nil }
      let bytes = try read(written.place)
      var input = RowReader(bytes.span)
      let rows = rows(written, &input)
      return WrittenCell(&input, rows: rows)
    }
  }

  /// How many rows a written cell has.
  public func rowCount(of cell: Cell) -> Int? {
    if leavingDays.contains(cell.eventDay) { return 0 }
    return state.withLock { $0[cell] }.map { Int($0.rowCount) }
  }

  /// The rows of a written cell.
  public func rows(of cell: Cell) throws -> IndexRowExtent? {
    try self[cell]?.rows
  }

  public func set(_ cell: Cell, _ value: WrittenCell) throws {
    var output = ByteBuffer(capacity: 1 << 10)
    append(value.rows, to: &output)
    value.append(to: &output)
    let written = Written(
      place: try keep(output.bytes), rowCount: UInt32(value.rows.count))
    state.withLock { $0.days[cell.eventDay, default: [:]][cell.accountRegion] = written }
  }

  private func append(_ rows: IndexRowExtent, to output: inout ByteBuffer) {
    output.append(rows.file == nil ? 0 : 1)
    guard let file = rows.file else { return }
    output.append(littleEndian: state.withLock { $0.number(of: file) })
    output.append(littleEndian: rows.offset)
  }

  private func rows(_ written: Written, _ input: inout RowReader) -> IndexRowExtent {
    if input.byte() == 0 { return .empty }
    let number = input.littleEndian(UInt32.self)
    return IndexRowExtent(
      file: state.withLock { $0.rowFiles[Int(number)] }, offset: input.littleEndian(),
      count: Int(written.rowCount))
  }

  // MARK: Partitions of several cells

  /// Keeps a partition that gathers several cells.
  public func add(_ gathered: StagedPartition) throws {
    var output = ByteBuffer(capacity: 1 << 10)
    gathered.append(to: &output)
    let place = try keep(output.bytes)
    state.withLock { $0.gathered[Period(folder: gathered.folder), default: []].append(place) }
  }

  /// The periods of the partitions that gather several cells, in order.
  public var gatheredPeriods: [Period] { state.withLock { $0.gathered.keys.sorted() } }

  /// The partitions of a period that gather several cells.
  public func gathered(_ period: Period) throws -> [StagedPartition] {
    try (state.withLock { $0.gathered[period] } ?? []).map { place in
      let bytes = try read(place)
      var input = RowReader(bytes.span)
      return StagedPartition(&input)
    }
  }

  private func keep(_ bytes: Span<UInt8>) throws -> Place {
    Place(offset: try spool.append(bytes), byteCount: UInt32(bytes.count))
  }

  private func read(_ place: Place) throws -> [UInt8] {
    var bytes = ByteBuffer(capacity: Int(place.byteCount))
    try spool.read(Int(place.byteCount), at: place.offset, into: &bytes)
    return bytes.bytes.copied()
  }

  // MARK: All cells

  /// The cells that the dataset will have of a day, in order, with their record counts.
  ///
  /// - Throws: `DatasetError` when the list of the day is not as it was committed.
  public func cellsToBe(of day: Day) throws -> [(cell: Cell, recordCount: Int)] {
    if let retention, day < retention.firstDay { return [] }
    var counts = try dataset.list(Period(day)).cells.mapValues(\.recordCount)
    for family in Family.allCases {
      let written = state.withLock { $0.days[EventDay(family: family, day: day)] } ?? [:]
      for (region, value) in written { counts[Cell(region, on: day)] = Int(value.rowCount) }
    }
    return counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }
      .map { (cell: $0.key, recordCount: $0.value) }
  }

  // MARK: Reading

  /// A name in the staging area for a partition of its own.
  public func stagedPath() -> Path {
    let number = nextStaged.add(1, ordering: .relaxed).newValue
    return dataset.layout.staging.appending(String(number))
  }

  /// The records that the cell has now: as this run wrote them, or as the dataset holds them.
  public func current(_ cell: Cell) throws -> (any Segment)? {
    if let written = try self[cell] { return written.segment(cell.family, longRecords) }
    return try stored(cell)
  }

  /// The records that the dataset held of the cell before this run, without what leaves.
  public func stored(_ cell: Cell) throws -> (any Segment)? {
    guard let retention, cell.day <= retention.firstDay else { return try committed(cell) }
    if cell.day < retention.firstDay { return nil }
    return try committed(cell).flatMap { try RestOfSegment(of: $0, retention) }
  }

  private func committed(_ cell: Cell) throws -> (any Segment)? {
    guard try dataset.summary(of: cell) != nil else { return nil }
    let files = try dataset.storeFiles(of: cell)
    let index = try self.index(of: cell)
    guard let range = index.range(of: cell) else {
      throw DatasetError.damaged(index.path, "it lacks a cell of the manifest")
    }
    let segment = StoredSegment(family: cell.family, files: files, longRecords: longRecords) {
      rows, buffer in
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
    try forEachPiece(of: cell) { try IndexRow.forEach(in: $0, body) }
  }

  /// The same, thousands of rows at a time, as they are on disk.
  public func forEachPiece(of cell: Cell, _ body: (Span<UInt8>) throws -> Void) throws {
    if let rows = try rows(of: cell) { return try rows.forEachPiece(body) }
    let index = try index(of: cell)
    guard let range = index.range(of: cell) else { return }
    try index.forEachPiece(in: range, body)
  }

  /// The dataset's index of the cell's day.
  public func index(of cell: Cell) throws -> DayIndexReader {
    try DayIndexReader(cell.eventDay, indexes, sources)
  }
}
