import Bytes
import CloudTrail
import Dataset
import Segments
import Synchronization
import Writing

/// Which cells of the result are one operand's alone, record for record.
final class CellOrigins: Sendable {
  private let operands = Mutex<[Cell: Int]>([:])

  func note(_ cell: Cell, _ operand: Int) { operands.withLock { $0[cell] = operand } }

  /// Forgets cells that were written again.
  func forget(_ cells: [Cell]) {
    operands.withLock { operands in
      for cell in cells { operands[cell] = nil }
    }
  }

  /// The operand that has all of some cells alone; nil if there is none.
  func only(_ cells: [Cell]) -> Int? {
    operands.withLock { operands in
      guard let first = cells.first, let operand = operands[first] else { return nil }
      return cells.allSatisfy { operands[$0] == operand } ? operand : nil
    }
  }
}

/// Merges the cells of datasets into the result: those that one of them has alone are taken over as they
/// are.
struct MergedCells: Sendable {
  let reducer: Reducer
  private let operands: [MergeOperand]
  private let cells: [OperandCells]
  /// The hash of the result's manifest as it was.
  private let root: SHA256Digest
  let origins = CellOrigins()

  private var context: RunContext { reducer.context }

  private typealias Task = (cell: Cell, operands: [Int])

  /// How many cells are shared out at once.
  private static let cellsAtOnce = 10_000

  init(_ reducer: Reducer, _ operands: [MergeOperand], encoder: String) throws {
    (self.reducer, self.operands) = (reducer, operands)
    let plan = reducer.context.outputs
    let count = operands.count
    let settings = reducer.context.settings
    root = reducer.context.baseline.root
    cells = try operands.map {
      try $0.cells(
        reducer.sources, plan: plan, encoder: encoder, longRecords: reducer.context.longRecords,
        among: count,
        settings.isDryRun ? .nothing : settings.onlyPrepares ? .names : .files)
    }
  }

  /// Writes all cells.
  ///
  /// - Throws: `DatasetError` for what is not as it was committed; `FileError`; `Stopped`.
  func write() throws {
    context.meter.expect(
      recordsToMerge: operands.map(\.manifest.totals.recordCount).clampedSum())
    var tasks: [Task] = []
    for day in Set(operands.flatMap(\.days)).sorted() {
      var found: [Cell: [Int]] = [:]
      for (number, operand) in operands.enumerated() {
        for cell in try operand.cells(of: day) { found[cell, default: []].append(number) }
      }
      tasks += found.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      guard tasks.count >= MergedCells.cellsAtOnce else { continue }
      try write(tasks)
      tasks = []
    }
    try write(tasks)
    try context.absent.check()
  }

  private func write(_ tasks: [Task]) throws {
    try context.workers.forEach(
      tasks.count, with: { try MergeWorker(self, number: $0) },
      { number, worker in try worker.write(tasks[number].cell, of: tasks[number].operands) })
  }

  /// Writes the outputs that gather cells, or takes them over.
  func gather() throws {
    try reducer.gather { task in
      if let operand = origins.only(task.cells),
        let taken = try cells[operand].take(task, into: reducer.cells, context.outputs)
      {
        return taken
      }
      let segments = try task.cells.compactMap { try reducer.cells.current($0) as? StoredSegment }
      return try context.absent.lacks(segments.flatMap(\.files)) ? [] : nil
    }
    try context.absent.check()
  }

  /// The datasets that together have exactly some cells of a day, record for record, and nothing else of
  /// that day; none if there are no such datasets.
  ///
  /// - Throws: `DatasetError` for a dataset that lacks what it must have.
  func owners(_ day: EventDay, _ all: [(cell: Cell, recordCount: Int)]) throws -> [StoredDataset] {
    var counts: [Int: Int] = [:]
    for (cell, recordCount) in all {
      guard let number = origins.only([cell]) else { return [] }
      counts[number, default: 0] += recordCount
    }
    // A merge that is only prepared has no columns at hand.
    if counts.count > (context.settings.onlyPrepares ? 1 : IdentityColumn.mergeLimit) { return [] }
    var owners: [StoredDataset] = []
    for (number, count) in counts.sorted(by: { $0.key < $1.key }) {
      let dataset = operands[number].dataset
      guard try IdentityColumn(day, of: dataset).count == count else { return [] }
      owners.append(dataset)
    }
    return owners
  }

  /// What one worker merges cells with.
  private final class MergeWorker {
    private let merge: MergedCells
    private let writer: CellWriter
    private var rows: IndexRowWriter

    init(_ merge: MergedCells, number: Int) throws {
      self.merge = merge
      writer = try merge.reducer.cellWriter(number)
      rows = IndexRowWriter(
        try IndexRowFile(try merge.context.scratch.path("taken-rows-\(number)")))
    }

    func write(_ cell: Cell, of operands: [Int]) throws {
      let (reducer, context) = (merge.reducer, merge.context)
      let recordCount = try operands.reduce(0) {
        try $0 + (merge.operands[$1].dataset.summary(of: cell)?.recordCount ?? 0)
      }
      defer { context.meter.note(recordsMerged: recordCount) }
      if operands.count == 1, try isAlone(cell, in: merge.operands[operands[0]]) {
        merge.origins.note(cell, operands[0])
        let own = merge.cells[operands[0]]
        if try own.take(cell, into: reducer.cells, context.outputs, rows: &rows) { return }
      }
      let datasets = [context.baseline.stored] + operands.map { merge.operands[$0].dataset }
      if try context.absent.lacks(datasets.flatMap { try $0.storeFiles(of: cell) }) { return }
      try writer.write(cell, adding: operands.compactMap { try merge.cells[$0].segment(cell) })
    }

    /// Whether the result holds nothing of a cell that an operand does not have.
    private func isAlone(_ cell: Cell, in operand: MergeOperand) throws -> Bool {
      if operand.manifest.hasAll(of: cell.day, in: merge.root) { return true }
      return try merge.context.baseline.stored.summary(of: cell) == nil
    }
  }
}
