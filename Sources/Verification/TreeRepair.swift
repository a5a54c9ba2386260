import Bytes
import CloudTrail
import Dataset
import Segments

/// Mends the files that describe a dataset, as far as the store can tell.
///
/// Indexes are made again from the records: which file each came from is known again when the file
/// is read again. Columns of identities are made again from the indexes. What only the inputs can tell is put
/// aside: files that the ledger no longer has count as not read, so that a run gets them again. No
/// stored record leaves.
struct TreeRepair {
  private let dataset: StoredDataset
  private let outputs: CommittedOutputs

  /// In place of the file that a record came from.
  ///
  /// It comes after the paths of inputs whose names are ASCII, so that a copy of the record that is read
  /// later puts its own file in its place.
  static let unknownSource: Path = "~unknown"

  init(_ dataset: StoredDataset, _ outputs: CommittedOutputs) {
    (self.dataset, self.outputs) = (dataset, outputs)
  }

  /// Mends what can be.
  ///
  /// - Returns: The files that are as they should be again, and a problem for each that was put aside;
  ///   nil for nothing to do.
  /// - Throws: What the commit throws; `Stopped`.
  func run(
    _ problems: [VerificationReport.Problem]
  ) throws -> (repaired: [Path], aside: [VerificationReport.Problem])? {
    let damaged = problems.filter { $0.remedy == .repair && dataset.manifest.files[$0.path] != nil }
    let files = Set(damaged.map(\.path)).sorted().compactMap { DatasetFile(path: $0) }
    if files.isEmpty { return nil }
    let scratch = ScratchFolder(dataset.layout)
    defer { scratch.remove() }
    var tree = TreeUpdate(dataset)
    var repaired: [Path] = []
    var lost: [DatasetFile] = []
    for file in files {
      switch file {
      case .partitions: continue  // Made again before, as far as their files are believed.
      case .index(let day):
        guard try makeIndex(day, scratch, in: &tree) else { continue }
        repaired += [file, .identities(day)].filter(files.contains).map(\.path)
      case .identities(let day):
        // They come with the index where that is damaged, too.
        if files.contains(.index(day)) { continue }
        if try makeIdentities(day, scratch, in: &tree) { repaired.append(file.path) }
      default: lost.append(file)
      }
    }
    let aside = try tree.putAside(lost)
    try tree.describe(recounted)
    try tree.finish().commit.run(syncs: true)
    return (repaired, aside)
  }

  /// The number of lines in side files that are left.
  private func recounted(_ manifest: inout Manifest) throws {
    var counts = (conflicts: 0, rejected: 0)
    for path in manifest.files.keys {
      guard let file = DatasetFile(path: path) else { continue }
      switch file {
      case .conflicts: counts.conflicts += try TreeFiles.lineCount(file, of: dataset)
      case .ofDelivery(.rejected, _): counts.rejected += try TreeFiles.lineCount(file, of: dataset)
      default: break
      }
    }
    manifest.totals.conflictCount = counts.conflicts
    manifest.totals.rejectedCount = counts.rejected
  }

  // MARK: Index

  /// Stages an index made from the records of its day.
  ///
  /// - Returns: False when the records are damaged, too.
  private func makeIndex(
    _ day: EventDay, _ scratch: ScratchFolder, in tree: inout TreeUpdate
  ) throws -> Bool {
    let cells = outputs.cells(of: day.day).filter { $0.key.eventDay == day }
      .sorted { $0.key < $1.key }
    if cells.isEmpty { return false }
    let sources = SourceTable { try scratch.path("sources") }
    let unknown = try sources.number(of: TreeRepair.unknownSource)
    let dataset = dataset
    let update = IndexUpdate(
      cells.map { ($0.key, $0.value.recordCount) }, sources: sources,
      rows: { cell, body in
        var index: UInt32 = 0
        var row = ByteBuffer(capacity: IndexRow.size)
        try forEachIdentity(of: cell, in: dataset) { identity in
          row.removeAll()
          IndexRow(identity: identity, place: SourcePlace(source: unknown, index: index))
            .append(to: &row)
          try body(row.bytes)
          index += 1
        }
      })
    let staged = try tree.stagedIndex()
    do {
      let hashes = try update.write(to: staged, sorter(day, scratch))
      tree.overwrite(staged, hashes, of: day)
    } catch is DatasetError {
      return false
    }
    return true
  }

  /// Stages the column of identities of a day, made from its index.
  ///
  /// - Returns: False when there is no index.
  private func makeIdentities(
    _ day: EventDay, _ scratch: ScratchFolder, in tree: inout TreeUpdate
  ) throws -> Bool {
    guard let index = try DayIndex(day, of: dataset) else { return false }
    let staged = try tree.stagedFile()
    let hash = try IdentityColumn.write(of: index, sorter(day, scratch), to: staged)
    tree.overwrite(staged, hash, as: .identities(day))
    return true
  }

  private func sorter(_ day: EventDay, _ scratch: ScratchFolder) -> IdentitySorter {
    IdentitySorter(memory: TreeRepair.sortingMemory) {
      try scratch.path("identities-\(day.family.rawValue)-\(day.day)")
    }
  }

  /// Bytes for sorting the identities of a day.
  private static let sortingMemory = 16 << 20
}

/// Passes the identities of a cell's records, in their order.
///
/// - Throws: `DatasetError.changedFromOutside` when the records are not as they were committed.
private func forEachIdentity(
  of cell: Cell, in dataset: StoredDataset, _ body: (RecordIdentity) throws -> Void
) throws {
  let lines = try LineReader()
  var fields = RecordFields()
  for file in try dataset.storeFiles(of: cell) {
    try lines.open(file)
    while try lines.next() {
      try StopSignal.check()
      let identity = lines.withLine { record -> RecordIdentity? in
        guard fields.captureStored(record, of: cell.family) != nil else { return nil }
        return RecordKey(record, 0..<record.count, fields)?.identity
      }
      guard let identity else {
        throw DatasetError.changedFromOutside(file.path, "has a line that is no record")
      }
      try body(identity)
    }
  }
}

extension TreeUpdate {
  /// Takes damaged files out of the tree and keeps them beside, with the ledgers of the files that have to
  /// be read again to make them good.
  ///
  /// - Returns: What became of each, and what is no longer known.
  mutating func putAside(_ damaged: [DatasetFile]) throws -> [VerificationReport.Problem] {
    let ledgers = manifest.files { file in
      if case .ofDelivery(.ledger, _) = file { file } else { nil }
    }
    let problems = try damaged.map { file in
      VerificationReport.Problem(
        path: file.path, what: "\(try putAside(file, as: "was damaged")): \(file.loss)",
        remedy: .run)
    }
    for ledger in ledgers
    where !damaged.contains(ledger) && damaged.contains(where: { $0.isMadeGood(by: ledger) }) {
      _ = try putAside(ledger)
    }
    return problems
  }

  /// Takes a file out of the tree and keeps it beside.
  ///
  /// - Returns: What became of it, in words.
  mutating func putAside(_ file: DatasetFile, as what: String) throws -> String {
    try putAside(file).map { "\(what), and is \($0) now" } ?? "was gone"
  }
}

extension DatasetFile {
  /// What is no longer known without the file.
  var loss: String {
    switch self {
    case .ofDelivery(.ledger, _), .ofDelivery(.rejected, _): "its files count as not read"
    case .conflicts: "all files count as not read, since any may have such a record"
    default: "what digests said of these files is no longer known"
    }
  }
  /// Whether reading the files of a ledger again gives records that the file had.
  fileprivate func isMadeGood(by ledger: DatasetFile) -> Bool {
    switch self {
    case .ofDelivery(.rejected, let slot): ledger == .ofDelivery(.ledger, slot)
    // The day is that of the event, and tells nothing of when another text of it was delivered.
    case .conflicts: true
    default: false
    }
  }
}
