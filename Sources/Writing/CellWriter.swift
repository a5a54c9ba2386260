public import Bytes
public import CloudTrail
public import Dataset
public import Segments

/// What writing cells did to the number of records.
public struct WritingCounts: Sendable {
  public var written = 0
  public var duplicates = 0

  public init() {}

  public static func += (left: inout WritingCounts, right: WritingCounts) {
    left.written += right.written
    left.duplicates += right.duplicates
  }
}

/// Merges a cell's segments and writes all outputs whose partitions are within the cell, in one pass.
///
/// Each worker has one and keeps it for the run, with its writers and their buffers.
public final class CellWriter {
  private let outputs: [PlannedOutput]
  private let cells: WrittenCells
  private let sources: SourceTable
  private let runs: SpillFile
  private let writers: WriterSet
  private var rows: IndexRowWriter
  private var counts = WritingCounts()

  /// - Parameters:
  ///   - plan: The outputs.
  ///   - cells: Takes what is written.
  ///   - sources: Knows the numbers that entries name files by.
  ///   - runs: Takes what is too much to be merged at once.
  ///   - rows: Takes the rows of the index.
  ///   - syncs: Whether the run will wait for the disk.
  /// - Throws: What is wrong with a format's options; nothing for those of a validated job.
  public init(
    _ plan: OutputPlan, into cells: WrittenCells, sources: SourceTable, runs: SpillFile,
    rows: IndexRowFile, syncs: Bool
  ) throws {
    outputs = plan.byCell
    self.cells = cells
    self.sources = sources
    self.runs = runs
    writers = try WriterSet(plan.byCell, syncs: syncs)
    self.rows = IndexRowWriter(rows)
  }

  /// What writing did to the number of records since this was last asked.
  public func takeCounts() -> WritingCounts {
    defer { counts = WritingCounts() }
    return counts
  }

  /// Writes a cell again with `segments` added to what it has.
  ///
  /// `drop`: asked for each record in its order whether to leave it out, because it lost to another text
  /// of its eventID.
  public func write(
    _ cell: Cell, adding segments: [any Segment],
    dropping drop: (() throws -> Bool)? = nil
  ) throws {
    try runs.takingTurns(over: segments) { try merge(segments, into: cell, dropping: drop) }
  }

  private func merge(
    _ segments: [any Segment], into cell: Cell, dropping drop: (() throws -> Bool)?
  ) throws {
    let before = try cells.current(cell)
    let (merged, dropped) = try runs.mergePasses(over: segments, sources)
    counts.duplicates += dropped
    var all = merged
    if let before { all.append(before) }
    rows.begin()
    var partitions = OpenPartitions(outputs, cell, cells)
    var summary: CellSummary?
    let result = try Segments.merge(all, sources) { entry, record in
      if let drop, try drop() { return }
      try rows.append(IndexRow(identity: entry.identity, place: entry.place))
      try partitions.turn(to: entry.time, writers)
      try runs.longRecords.inTurn(record) { try writers.append(record, entry, sources) }
      if summary == nil {
        summary = CellSummary(recordCount: 0, firstTime: entry.time, lastTime: entry.time)
      }
      summary?.recordCount += 1
      summary?.lastTime = entry.time
      if entry.hasDoubtfulText { summary?.textFlaws.note(record) }
    }
    try partitions.finish(writers)
    let extent = try rows.finish()
    counts.written += result.added
    counts.duplicates += result.duplicates
    if before != nil && result.added == 0 && result.moved == 0 && drop == nil {
      // Nothing but copies came: what was there stays.
      return try partitions.discard()
    }
    try cells.set(
      cell,
      WrittenCell(
        partitions: partitions.staged, storeIndexes: partitions.storeIndexes, rows: extent,
        summary: summary))
  }
}

/// One writer for each output.
public final class WriterSet {
  private var boxes: [WriterBox]

  /// Makes the writers.
  ///
  /// `syncs`: Whether the run will wait for the disk.
  public init(_ outputs: [PlannedOutput], syncs: Bool) throws {
    boxes = try outputs.map { try WriterBox($0, syncs: syncs) }
  }

  /// Appends a record to all outputs.
  public func append(_ record: Span<UInt8>, _ entry: Entry, _ sources: SourceTable) throws {
    for box in boxes { try box.append(record, entry, sources) }
  }

  /// Appends a record to one output.
  public func append(
    _ record: Span<UInt8>, _ entry: Entry, _ sources: SourceTable, only output: Int
  ) throws {
    try boxes[output].append(record, entry, sources)
  }

  /// Begins a partition; `path` and `folder` are as for `PartitionWriter`.
  public func begin(_ output: Int, at path: Path, as folder: Path) {
    boxes[output].writer.begin(at: path, as: folder)
  }

  /// Ends a partition; gives its files, and how many fields in them were altered.
  public func finish(_ output: Int) throws -> (files: StagedParts, altered: AlteredFields) {
    try boxes[output].writer.finish()
  }

  /// Lets a writer, which cannot be copied, be held in an array.
  private final class WriterBox {
    var writer: PartitionWriter
    private let needsOrigin: Bool

    init(_ output: PlannedOutput, syncs: Bool) throws {
      writer = try PartitionWriter(
        output.encoding.makeEncoder(), output.options, startsWriteback: syncs)
      needsOrigin = output.encoding.needsOrigin
    }

    func append(_ record: Span<UInt8>, _ entry: Entry, _ sources: SourceTable) throws {
      var origin: RecordOrigin?
      if needsOrigin {
        origin = RecordOrigin(path: try sources.path(entry.source), index: Int(entry.index))
      }
      try writer.append(record, at: entry.time, from: origin)
    }
  }
}

/// The partitions of one cell while it is written: one an output, or one an hour.
private struct OpenPartitions {
  private let outputs: [PlannedOutput]
  private let cell: Cell
  private let cells: WrittenCells
  private var hour = -1
  private(set) var staged: [StagedPartition] = []
  private(set) var storeIndexes: [Int] = []
  private var open: [(output: Int, folder: Path)] = []

  init(_ outputs: [PlannedOutput], _ cell: Cell, _ cells: WrittenCells) {
    self.outputs = outputs
    self.cell = cell
    self.cells = cells
  }

  /// Opens what a record at `time` belongs to, if it is not open.
  mutating func turn(to time: EventTime, _ writers: WriterSet) throws {
    let next = time.hour
    guard hour != next else { return }
    for (number, output) in outputs.enumerated() where hour < 0 || output.keys.contains(.hour) {
      try close(number, writers)
      let folder = output.folder(of: cell, hour: next)
      writers.begin(number, at: cells.stagedPath(), as: folder)
      open.append((number, folder))
    }
    hour = next
  }

  mutating func finish(_ writers: WriterSet) throws {
    for number in outputs.indices { try close(number, writers) }
  }

  private mutating func close(_ output: Int, _ writers: WriterSet) throws {
    guard let place = open.firstIndex(where: { $0.output == output }) else { return }
    let partition = open.remove(at: place)
    if output == 0 { storeIndexes.append(staged.count) }
    let (files, altered) = try writers.finish(output)
    staged.append(StagedPartition(folder: partition.folder, files: files, altered: altered))
  }

  /// Removes what was written.
  func discard() throws {
    for partition in staged { try FileSystem.removeTree(partition.files.path) }
  }
}
