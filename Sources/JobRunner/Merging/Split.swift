public import Bytes
import CloudTrail
public import Dataset
public import JobFiles
import Segments
import Writing

/// How a dataset is cut.
public enum SplitCut: Sendable {
  /// By time: at most this many pieces, and one more for what has no time.
  case pieces(Int)
  /// Some accounts and days are carved out, as the job selects them.
  case carving
  /// As `carving`, without what is known of the files that the records come from: to be merged with more,
  /// and back into the dataset.
  case records
}

/// A piece that was cut off a dataset.
public struct SplitPiece: Sendable {
  public let path: Path
  public let recordCount: Int
  public let part: DatasetPart
}

/// Cuts a dataset, which is only read, into datasets that merge to its very bytes.
///
/// - Parameters:
///   - folder: The dataset.
///   - cut: How it is cut.
///   - job: Where to write: a folder that is new or empty; and with how much of the machine. What it
///     selects is carved out.
///   - settings: Of the run.
///   - meter: Hears how far it is.
/// - Returns: The pieces, each committed.
/// - Throws: `RunError.wrongFile` for a folder that holds anything, or days that are not whole; what a merge
///   throws.
public func split(
  _ folder: Path, _ cut: SplitCut, by job: Job, _ settings: RunSettings = RunSettings(),
  meter: ProgressMeter = ProgressMeter()
) throws -> [SplitPiece] {
  do {
    let operand = try MergeOperand(folder)
    let target = Path(job.dataset)
    try operand.checkIsOutside(target)
    let isNew = try !FileSystem.isThere(target)
    if !isNew { try removeLeftovers(in: target) }
    try FileSystem.createFolders(target)
    do {
      let splitter = try Splitter(operand, cut, job, settings, meter)
      defer { splitter.scratch.remove() }
      return try splitter.run()
    } catch DatasetError.locked(let path) {
      // Another split has begun here.
      throw DatasetError.locked(path)
    } catch {
      // A part of the pieces is of no use, and keeps the next split out.
      try? removeAll(in: target)
      if isNew { _ = try? FileSystem.removeEmptyFolder(target) }
      throw error
    }
  } catch {
    throw RunError.orStopped(error)
  }
}

/// Removes what a split left that was killed before it had a piece.
///
/// - Throws: `RunError.wrongFile` for a folder with anything else; `DatasetError.locked` for a split that
///   goes on.
private func removeLeftovers(in target: Path) throws {
  let names = try OpenFolder(target).entries().map(\.name)
  if names.isEmpty { return }
  let own = DatasetLayout(target).own.lastComponent
  // A carved piece is the folder itself.
  let folders = names.allSatisfy { $0.elementsEqual(own) } ? [target] : names.map(target.appending)
  for folder in folders {
    let layout = DatasetLayout(folder)
    let isLeftover =
      try FileSystem.status(folder, followLinks: false).kind == .folder
      && OpenFolder(folder).entries().map(\.name).allSatisfy { $0.elementsEqual(own) }
      && FileSystem.isThere(layout.own) && !FileSystem.isThere(layout.manifest)
      && !FileSystem.isThere(layout.journal) && !layout.hasTree()
    guard isLeftover else {
      throw RunError.wrongFile("\(target) is not empty: what is cut off needs a folder of its own")
    }
  }
  for folder in folders {
    let dataset = try OpenDataset.open(folder, lockWait: 0, isMadeAgain: false)
    dataset.release()
  }
  try removeAll(in: target)
}

private func removeAll(in folder: Path) throws {
  for entry in try OpenFolder(folder).entries() {
    try FileSystem.removeTree(folder.appending(entry.name))
  }
}

/// One piece before it is written.
struct PlannedPiece {
  let path: Path
  /// Nil for what has no time.
  let selection: CellSelection?
  var part: DatasetPart
}

/// Writes the pieces of a dataset, one after the other: each is a merge of a part of it alone.
struct Splitter {
  let scratch: ScratchFolder
  private let operand: MergeOperand
  private let isCarving: Bool
  /// Whether pieces have what is known of their files.
  private let hasFiles: Bool
  private let job: Job
  private let settings: RunSettings
  private let meter: ProgressMeter
  private let rules: MergeRules
  private let ledger: LedgerSplit
  private var pieces: [PlannedPiece]

  init(
    _ operand: MergeOperand, _ cut: SplitCut, _ job: Job, _ settings: RunSettings,
    _ meter: ProgressMeter
  ) throws {
    (self.operand, self.settings, self.meter) = (operand, settings, meter)
    rules = try MergeRules([operand], into: nil, job: nil)
    var job = job
    job.outputs = rules.outputs
    self.job = job
    let target = Path(job.dataset)
    let scratch = ScratchFolder(
      DatasetLayout(target), outside: job.tempDirectory.map { Path($0) } ?? target)
    self.scratch = scratch
    if case .records = cut { hasFiles = false } else { hasFiles = true }
    switch cut {
    case .carving, .records:
      isCarving = true
      let selection = try CellSelection(job.select)
      pieces = [
        PlannedPiece(
          path: target, selection: selection,
          part: DatasetPart(carving: selection.description, of: operand.root))
      ]
    case .pieces(let count):
      isCarving = false
      let selections = try SplitPlan(operand, rules.outputs).selections(count)
      pieces = selections.enumerated().map { number, selection in
        Splitter.piece(number, selection, of: operand, below: target)
      }
    }
    let share = min((job.memory ?? MachineMemory.byteCount / 4) / 8, 64 << 20)
    ledger = LedgerSplit(
      pieceCount: pieces.count, sorting: RowSorter(memory: share) { try scratch.path("files") },
      RowSorter(memory: share) { try scratch.path("entries") })
    if hasFiles { try shareLedger() }
    let hasMore = ledger.restCount > 0 || pieces.isEmpty || operand.hasFilesWithoutTime
    if hasMore && !isCarving {
      pieces.append(Splitter.piece(pieces.count, nil, of: operand, below: target))
    }
    if !isCarving { for number in pieces.indices { pieces[number].part.count = pieces.count } }
  }

  private static func piece(
    _ number: Int, _ selection: CellSelection?, of operand: MergeOperand, below target: Path
  ) -> PlannedPiece {
    let digits = String(number)
    let name = String(repeating: "0", count: max(0, 5 - digits.utf8.count)) + digits
    return PlannedPiece(
      path: target.appending(name), selection: selection,
      part: DatasetPart(.split, of: operand.root, numbers: [number + 1], count: 1))
  }

  /// Finds out which files each piece has records of.
  private func shareLedger() throws {
    for (number, piece) in pieces.enumerated() {
      guard let selection = piece.selection else { continue }
      for day in operand.eventDays where selection.takes(day.day) {
        try operand.forEachSource(of: day, selection) { try ledger.add($0, to: number) }
      }
    }
    try ledger.share(Ledger(operand.dataset))
  }

  /// Writes all pieces.
  func run() throws -> [SplitPiece] {
    try pieces.enumerated().map { number, piece in try write(piece, number) }
  }

  private func write(_ piece: PlannedPiece, _ number: Int) throws -> SplitPiece {
    let dataset = try OpenDataset.open(piece.path, lockWait: 0, isMadeAgain: false)
    defer { dataset.release() }
    do {
      let baseline = Baseline(merging: nil, dataset.layout, job: rules.job)
      let context = try RunContext(
        merging: job, into: baseline, hiddenStore: rules.storeCompression, settings, meter)
      defer { context.scratch.remove() }
      let recordCount = try write(piece, number, in: context)
      return SplitPiece(path: piece.path, recordCount: recordCount, part: piece.part)
    } catch {
      try? dataset.recover()
      throw error
    }
  }

  private func write(
    _ piece: PlannedPiece, _ number: Int, in context: RunContext
  ) throws -> Int {
    var operands: [MergeOperand] = []
    if let selection = piece.selection {
      var part = operand
      part.selection = selection
      operands = [part]
    }
    let known = try PieceFiles(context, operand, ledger, number, isCarving: isCarving && hasFiles)
    let isRest = piece.selection == nil
    let reducer = try Reducer(context, SourceTable { try context.scratch.path("sources") })
    let cells = try MergedCells(reducer, operands, encoder: rules.encoder)
    var results = MergeResults(
      ledger: known.ledger, settlement: try Settlement(context, listed: operands),
      evidence: isRest
        ? try Evidence(keeping: operand.dataset, context) { _ in true } : known.evidence,
      indexOrigin: cells.owner, parts: (operand.manifest.parts + [piece.part]),
      encoder: rules.encoder)
    results.rejected = isRest ? try context.mergeRejected([operand]) : known.rejected
    context.meter.enter(.merging)
    try cells.write()
    try cells.gather()
    let staged = try StagedCommit(context, results, reducer)
    let recordCount = staged.manifest.totals.recordCount
    try RunHistory.prepare(context.layout)
    try StopSignal.check()
    try staged.run()
    return recordCount
  }
}
