import Bytes
import CloudTrail
import Dataset
import Segments
import Validation
import Writing

/// What a piece has beside its records: the ledger of the files that they come from, and of a piece that
/// is carved out what else is known of those files.
struct PieceFiles {
  private(set) var ledger: MergedLedger
  private(set) var rejected: SideFiles?
  private(set) var evidence = Evidence()

  /// `digests`: Those of the piece; nil if it has records and files only.
  init(
    _ context: RunContext, _ operand: MergeOperand, _ split: LedgerSplit, _ piece: Int,
    _ digests: KeptDigests?
  ) throws {
    ledger = MergedLedger(context.ledgerUpdate())
    let known = digests == nil ? nil : try context.sideFiles(.rejected)
    rejected = known
    var open: (slot: DeliverySlot, rejected: RejectedOfFiles)?
    try split.forEachEntry(of: piece) { slot, entry in
      try StopSignal.check()
      if let known, open?.slot != slot {
        try open?.rejected.finish()
        open = (slot, try RejectedOfFiles(slot, of: operand.dataset, into: known))
      }
      try open?.rejected.take(entry.path)
      try ledger.update.note(entry, in: slot)
      ledger.count(entry, isNew: true)
    }
    try open?.rejected.finish()
    if let digests {
      evidence = try Evidence(keeping: operand.dataset, context) { try digests.holds($0.path) }
    }
  }
}

/// Takes the rejected records of some files of a delivery, which are given by path, as these are.
private final class RejectedOfFiles {
  private let file: DatasetFile
  private let target: SideFiles
  private let lines: SideFileReader?
  private var hasLine = false

  init(_ slot: DeliverySlot, of dataset: StoredDataset, into target: SideFiles) throws {
    file = DatasetFile.ofDelivery(.rejected, slot)
    self.target = target
    lines = try SideFileReader(file, of: dataset)
    try step()
  }

  private func step() throws { hasLine = try lines?.next() ?? false }

  func take(_ path: Path) throws {
    while hasLine, let line = lines?.line, line.place.path <= path {
      if line.place.path == path { try target.add(line, to: file) }
      try step()
    }
  }

  /// Reads the rest: only then is the file known to be the one that was committed.
  func finish() throws { while hasLine { try step() } }
}

extension Settlement {
  /// Keeps what a dataset lists of the eventIDs that a piece of it has.
  ///
  /// - Throws: `DatasetError` for a file that is not as it was committed; `FileError`; `Stopped`.
  init(_ context: RunContext, listed operands: [MergeOperand]) throws {
    self.init()
    let listed = try context.sideFiles(.conflicts)
    for operand in operands {
      let doubles = DoublesByDay(
        sorting: context.rowSorter("listed"), memory: context.budget / 8)
      try doubles.addListed(in: operand.dataset) { operand.selection?.takes($0) ?? true }
      try doubles.forEachGroup { day, group in
        let present = try operand.identities(of: day, among: group.identities)
        let file = DatasetFile.conflicts(day.day)
        guard !present.isEmpty, let lines = try SideFileReader(file, of: operand.dataset)
        else { return }
        while try lines.next() {
          guard lines.line.family == day.family, present.contains(lines.line.identity)
          else { continue }
          try listed.add(lines.line, to: file)
        }
      }
    }
    self.init(listing: listed)
  }
}

extension MergeOperand {
  /// Which of some identities the cells of a day have that are taken.
  fileprivate func identities(
    of day: EventDay, among identities: IdentitySet
  ) throws -> Set<RecordIdentity> {
    guard let index = try DayIndex(day, of: dataset) else { return [] }
    var present: Set<RecordIdentity> = []
    for (cell, range) in index.cells where selection?.takes(cell) ?? true {
      try index.forEachRow(in: range) { row in
        if identities.has(row.identity) { present.insert(row.identity) }
      }
    }
    return present
  }
}
