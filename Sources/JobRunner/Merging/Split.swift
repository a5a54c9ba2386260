public import Bytes
import CloudTrail
public import Dataset
public import JobFiles
import Segments
import Validation
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
/// After a kill the same split goes on: pieces that are there stay, the others are written.
///
/// - Parameters:
///   - folder: The dataset.
///   - cut: How it is cut.
///   - job: Where to write: a folder that is new or empty, or in which the same split was begun; and with
///     how much of the machine. What it selects is carved out.
///   - settings: Of the run.
///   - meter: Hears how far it is.
/// - Returns: The pieces, each committed.
/// - Throws: `RunError.usage` for a folder that holds anything, or days that are not whole; what a merge
///   throws.
public func split(
  _ folder: Path, _ cut: SplitCut, by job: Job, _ settings: RunSettings = RunSettings(),
  meter: ProgressMeter = ProgressMeter()
) throws -> [SplitPiece] {
  do {
    let operand = try MergeOperand(folder)
    try operand.checkIsOutside(Path(job.dataset))
    let target = try SplitTarget(Path(job.dataset))
    do {
      let splitter = try Splitter(operand, cut, job, settings, meter)
      let pieces: [SplitPiece]
      do {
        defer { splitter.scratch.remove() }
        pieces = try splitter.run(in: target)
      }
      try target.removeLeftovers()
      return pieces
    } catch {
      target.remove([])
      throw error
    }
  } catch {
    throw RunError.orStopped(error)
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
  /// As how many pieces at most the dataset is cut.
  private let mostPieces: Int?
  /// Whether pieces have what is known of their files.
  private let hasFiles: Bool
  private let job: Job
  private let settings: RunSettings
  private let meter: ProgressMeter
  private let rules: MergeRules
  private let ledger: LedgerSplit
  /// Whether what is carved out has anything of that.
  private var knowsFiles = false
  /// Of what is carved out with what is known of its files.
  private var digests: KeptDigests?
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
      mostPieces = nil
      let selection = try CellSelection(job.select)
      pieces = [
        PlannedPiece(
          path: target, selection: selection,
          part: DatasetPart(carving: selection.description, of: operand.root))
      ]
    case .pieces(let count):
      isCarving = false
      mostPieces = count
      let selections = try SplitPlan(operand, rules.outputs).selections(count)
      pieces = selections.enumerated().map { number, selection in
        Splitter.piece(number, selection, of: operand, below: target)
      }
    }
    let share = min(job.memoryBudget / 8, 64 << 20)
    ledger = LedgerSplit(
      pieceCount: pieces.count, sorting: RowSorter(memory: share) { try scratch.path("files") },
      RowSorter(memory: share) { try scratch.path("entries") })
    if hasFiles { try shareLedger(memory: share) }
    let hasMore = ledger.restCount > 0 || pieces.isEmpty || operand.hasFilesWithoutTime
    if hasMore && !isCarving {
      pieces.append(Splitter.piece(pieces.count, nil, of: operand, below: target))
    }
    if !isCarving {
      for number in pieces.indices {
        pieces[number].part.count = pieces.count
        pieces[number].part.mostPieces = mostPieces
      }
    }
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

  /// Finds out which files each piece has records of, and of what is carved out the evidence.
  private mutating func shareLedger(memory: Int) throws {
    let evidence = isCarving ? evidenceCut(memory: memory) : nil
    for (number, piece) in pieces.enumerated() {
      guard let selection = piece.selection else { continue }
      for day in operand.eventDays where selection.takes(day.day) {
        try operand.forEachSource(of: day, selection) { path in
          try ledger.add(path, to: number)
          try evidence?.add(taken: path)
        }
      }
    }
    if let evidence {
      try evidence.addAll(of: operand.dataset)
      // Of the files that its digests list the piece knows what the whole does: they are not absent.
      digests = try evidence.finish { try ledger.add($0, to: 0) }
    }
    try ledger.share(Ledger(operand.dataset))
    knowsFiles =
      ledger.hasEntries(of: 0) || digests?.isEmpty == false
      || operand.manifest.files[DatasetFile.publicKeys.path] != nil
  }

  private func evidenceCut(memory: Int) -> EvidenceCut? {
    guard let selection = pieces.first?.selection else { return nil }
    let scratch = scratch
    let start = selection.first?.secondsSince1970 ?? .min
    return EvidenceCut(
      selects: { selection.takes(account: Array($0.utf8)) },
      days: start..<max(start, selection.end?.secondsSince1970 ?? .max), memory: memory,
      scratch: { try scratch.path("evidence") })
  }

  /// Writes all pieces that are not there.
  ///
  /// `target`: Where they are written.
  func run(in target: SplitTarget) throws -> [SplitPiece] {
    try target.check(pieces) { manifest, piece in
      if let other = otherCut(manifest, piece) { throw target.isCut(into: other) }
      return isPiece(manifest, piece)
    }
    var written: [PlannedPiece] = []
    do {
      return try pieces.enumerated().map { number, piece in
        if try !FileSystem.isThere(DatasetLayout(piece.path).manifest) { written.append(piece) }
        return try write(piece, number, in: target)
      }
    } catch DatasetError.locked(let path) {
      // Another split has begun here.
      throw DatasetError.locked(path)
    } catch {
      target.remove(written)
      throw error
    }
  }

  /// Whether a dataset is a piece of this split.
  private func isPiece(_ manifest: Manifest, _ piece: PlannedPiece) -> Bool {
    guard manifest.job == rules.job, manifest.parts == parts(of: piece) else { return false }
    let knowsFiles = manifest.files.contains { path, _ in
      switch DatasetFile(path: path) {
      case .ofDelivery?, .publicKeys?: true
      default: false
      }
    }
    return !isCarving || knowsFiles == self.knowsFiles
  }

  /// Into how many pieces the same dataset was to be cut by the split that a piece is of, if that is another
  /// number.
  private func otherCut(_ manifest: Manifest, _ piece: PlannedPiece) -> Int? {
    manifest.parts.first {
      $0.kind == .split && $0.whole == piece.part.whole && $0.mostPieces != mostPieces
    }?.mostPieces
  }

  private func parts(of piece: PlannedPiece) -> [DatasetPart] {
    operand.manifest.parts + [piece.part]
  }

  private func write(
    _ piece: PlannedPiece, _ number: Int, in target: SplitTarget
  ) throws -> SplitPiece {
    let dataset = try OpenDataset.open(piece.path, lockWait: 0, isRebuild: false)
    defer { dataset.release() }
    if let there = try Baseline.dataset(dataset.layout)?.manifest {
      guard isPiece(there, piece) else { throw target.notEmpty }
      return SplitPiece(
        path: piece.path, recordCount: there.totals.recordCount, part: piece.part)
    }
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
    let known = try PieceFiles(context, operand, ledger, number, digests)
    let isRest = piece.selection == nil
    let reducer = try Reducer(context, SourceTable { try context.scratch.path("sources") })
    let cells = try MergedCells(reducer, operands, encoder: rules.encoder)
    var results = MergeResults(
      ledger: known.ledger, settlement: try Settlement(context, listed: operands),
      evidence: isRest
        ? try Evidence(keeping: operand.dataset, context) { _ in true } : known.evidence,
      indexOrigins: cells.owners, parts: parts(of: piece),
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
