import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// What a piece has beside its records: the ledger of the files that they come from, and of a piece that
/// is carved out what else is known of those files.
struct PieceFiles {
  private(set) var ledger: MergedLedger
  private(set) var rejected: SideFiles?
  private(set) var evidence = Evidence()

  init(
    _ context: RunContext, _ operand: MergeOperand, _ split: LedgerSplit, _ piece: Int,
    isCarving: Bool
  ) throws {
    ledger = MergedLedger(context.ledgerUpdate())
    let known = isCarving ? try context.sideFiles(.rejected) : nil
    rejected = known
    var open: (slot: DeliverySlot, paths: Set<Path>)?
    // CloudTrail's names are unique. Two with one hash keep a digest too many, which harms nobody.
    var names: Set<Int> = []
    func close() throws {
      guard let known, let files = open else { return }
      try known.add(files.paths, of: files.slot, operand.dataset)
    }
    try split.forEachEntry(of: piece) { slot, entry in
      try StopSignal.check()
      if open?.slot != slot {
        try close()
        open = (slot, [])
      }
      if isCarving {
        open?.paths.insert(entry.path)
        names.insert(entry.path.lastComponent.hashValue)
      }
      try ledger.update.note(entry, in: slot)
      ledger.count(entry, isNew: true)
    }
    try close()
    if isCarving {
      evidence = try Evidence(keeping: operand.dataset, context) { digest in
        digest.document?.logs.contains { log in
          names.contains(Path(bytes: log.object.key).lastComponent.hashValue)
        } ?? false
      }
    }
  }
}

extension SideFiles {
  /// Adds the rejected records of some files of a delivery.
  fileprivate func add(
    _ paths: Set<Path>, of slot: DeliverySlot, _ dataset: StoredDataset
  ) throws {
    let file = DatasetFile.ofDelivery(.rejected, slot)
    guard let lines = try SideFileReader(file, of: dataset) else { return }
    while try lines.next() {
      if paths.contains(lines.line.place.path) { try add(lines.line, to: file) }
    }
  }
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
