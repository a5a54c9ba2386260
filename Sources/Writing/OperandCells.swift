import Bytes
public import CloudTrail
public import Dataset
public import Segments

/// Another dataset whose cells and partitions are merged into this one.
public struct OperandCells: Sendable {
  public let dataset: StoredDataset
  private let cells: WrittenCells
  /// Its outputs that have the very bytes of the plan's, in the order of the plan; nil where it has none.
  private let byCell: [PlannedOutput?]
  private let gathered: [PlannedOutput?]
  private let taking: Taking

  /// What is done with files that are taken over as they are.
  public enum Taking: Sendable {
    /// They are linked or copied.
    case files
    /// They stay where they are, if they are there at all, and only their names are taken.
    case names
    /// They are read, to see whether they could be taken.
    case nothing
  }

  /// - Parameters:
  ///   - dataset: The other dataset.
  ///   - sources: Gives numbers to the files that its rows name.
  ///   - outputs: Its outputs.
  ///   - plan: The outputs of this one.
  ///   - encoder: What compresses this one's.
  ///   - indexMemory: Bytes for its indexes that are kept at hand.
  ///   - longRecords: Those of the merge.
  ///   - taking: What is done with files that are taken over.
  public init(
    _ dataset: StoredDataset, _ sources: SourceTable, outputs: OutputPlan, plan: OutputPlan,
    encoder: String, indexMemory: Int, longRecords: LongRecords, taking: Taking = .files
  ) {
    self.dataset = dataset
    self.taking = taking
    cells = WrittenCells(
      dataset, sources, indexMemory: indexMemory, longRecords: longRecords)
    let all = outputs.byCell + outputs.gathered
    let isSameEncoder = dataset.manifest.encoder == encoder
    func counterpart(_ output: PlannedOutput) -> PlannedOutput? {
      guard isSameEncoder || !output.isCompressed else { return nil }
      return all.first { $0.hasSameBytes(as: output) }
    }
    byCell = plan.byCell.map(counterpart)
    gathered = plan.gathered.map(counterpart)
  }

  /// The records of a cell, to be added to those of this dataset; nil if it has none.
  ///
  /// - Throws: `DatasetError` when what it says of the cell is not as it was committed.
  public func segment(_ cell: Cell) throws -> (any Segment)? {
    try cells.stored(cell).map { AddedSegment(all: $0) }
  }

  // MARK: Taking over

  /// Whether cells can be taken over as they are.
  public var hasAllOutputsByCell: Bool { byCell.allSatisfy { $0 != nil } }

  /// Takes over a cell that nobody else has: its files, its rows, what is known of it.
  ///
  /// - Parameters:
  ///   - cell: The cell.
  ///   - target: Gets it.
  ///   - plan: The outputs of the target.
  ///   - rows: Gets its rows.
  /// - Returns: Whether it could be.
  /// - Throws: `DatasetError` for what is not as it was committed; `FileError`; `Stopped`.
  public func take(
    _ cell: Cell, into target: WrittenCells, _ plan: OutputPlan, rows: inout IndexRowWriter
  ) throws -> Bool {
    guard hasAllOutputsByCell, let summary = try dataset.summary(of: cell) else { return false }
    var taken = WrittenCell(partitions: [], storeIndexes: [], rows: .empty, summary: summary)
    for (number, output) in plan.byCell.enumerated() {
      guard let own = byCell[number] else { return false }
      for (folder, place) in zip(output.folders(of: cell), own.folders(of: cell)) {
        guard let partition = try take(place, as: folder, of: output, into: target) else {
          continue
        }
        if number == 0 { taken.storeIndexes.append(taken.partitions.count) }
        taken.partitions.append(partition)
      }
    }
    rows.begin()
    let index = try cells.index(of: cell)
    guard let range = index.range(of: cell), range.count == summary.recordCount else {
      throw DatasetError.damaged(index.path, "it and the manifest count records differently")
    }
    try index.forEachPiece(in: range) { try rows.append(rows: $0) }
    taken.rows = try rows.finish()
    try target.set(cell, taken)
    return true
  }

  /// Takes over the partitions that gather cells, if the dataset has those of exactly these cells.
  ///
  /// - Parameters:
  ///   - task: The partition, or all hours of it; all of its cells are as this dataset has them.
  ///   - target: Has the cells.
  ///   - plan: The outputs of the target.
  /// - Returns: The partitions as they are staged; nil if they are to be written.
  /// - Throws: As `take`.
  public func take(
    _ task: GatheredOutputs.Task, into target: WrittenCells, _ plan: OutputPlan
  ) throws -> [StagedPartition]? {
    guard let own = gathered[task.output], let cell = task.cells.first else { return nil }
    let folders = zip(plan.gathered[task.output].folders(of: cell), own.folders(of: cell))
    let recordCount = try folders.reduce(0) { count, folders in
      try count + dataset.parts(in: folders.1).reduce(0) { $0 + $1.recordCount }
    }
    let wanted = task.cells.reduce(0) { $0 + (target.rowCount(of: $1) ?? 0) }
    guard recordCount == wanted else { return nil }
    return try folders.compactMap {
      try take($1, as: $0, of: plan.gathered[task.output], into: target)
    }
  }

  private func take(
    _ place: Path, as folder: Path, of output: PlannedOutput, into target: WrittenCells
  ) throws -> StagedPartition? {
    let parts = try dataset.parts(in: place)
    if parts.isEmpty { return nil }
    let source = dataset.layout.root.appending(place)
    let names = parts.indices.map { output.options.names.name($0) }
    // Files that stay where they are keep their names too.
    let staged: StagedParts
    switch taking {
    case .names where names == parts.map(\.name): staged = .naming(parts, in: source)
    case .nothing: staged = try .checking(parts, in: source, leftBy: dataset.lastCommit)
    default:
      staged = try .taking(
        parts, in: source, leftBy: dataset.lastCommit, as: target.stagedPath()
      ) { names[$0] }
    }
    return StagedPartition(folder: folder, files: staged, altered: AlteredFields())
  }
}

/// Records of another dataset, which are new in this one.
private struct AddedSegment: Segment {
  let all: any Segment

  var recordCount: Int { all.recordCount }

  var isWritten: Bool { false }

  func cursor() throws -> any RecordCursor { try all.cursor() }
}
