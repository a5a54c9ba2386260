import Bytes
import CloudTrail
import Dataset
import Segments
import Synchronization

/// Checks the index of every day: its cells against the manifest, its files against the ledger, its
/// identities against their column, and that no eventID is in it twice.
struct IndexCheck {
  private typealias Problem = VerificationReport.Problem

  private let dataset: StoredDataset
  private let contents: PartitionList
  private let days: [(day: EventDay, cells: [Cell])]

  /// Identities that one worker sorts at a time: 48 MiB.
  private static let identitiesAtOnce = 2 << 20
  /// How many doubled eventIDs are reported one by one.
  private static let doubleLimit = 20

  /// `contents`: The lists of all periods together.
  init(_ dataset: StoredDataset, _ contents: PartitionList) {
    self.dataset = dataset
    self.contents = contents
    days = Dictionary(grouping: contents.cells.keys, by: \.eventDay)
      .map { ($0.key, $0.value) }.sorted { $0.day < $1.day }
  }

  /// What is wrong, and with `run` for a remedy what is only worth a word.
  ///
  /// `isWholeTree`: Whether all files that the manifest names are as they were committed.
  func run(
    _ workers: some ParallelMapping, isWholeTree: Bool
  ) throws -> [VerificationReport.Problem] {
    let files = try filesOfLedger(workers)
    let shared = Mutex<[Problem]>([])
    try workers.forEach(days.count) { number in
      let found = try check(days[number].day, days[number].cells, files)
      shared.withLock { $0 += found }
    }
    var problems = shared.withLock { $0 }
    // A column can be made again: it says nothing against the index.
    if isWholeTree, problems.allSatisfy({ $0.remedy == .repair }) {
      problems += try doubles(workers)
    }
    return problems
  }

  /// The hashes of the paths of all files in the ledger.
  ///
  /// A ledger file that is not as it was committed is a problem of the tree; what it lacks nobody can
  /// tell.
  private func filesOfLedger(_ workers: some ParallelMapping) throws -> Set<Int>? {
    let ledger = Ledger(dataset)
    let slots = ledger.slots
    let shared = Mutex<Set<Int>?>([])
    try workers.forEach(slots.count) { number in
      do {
        let entries = try ledger.entries(slots[number])
        shared.withLock { $0?.formUnion(entries.keys.map(\.hashValue)) }
      } catch let error where error is DatasetError || error is FileError {
        shared.withLock { $0 = nil }
      }
    }
    return shared.withLock { $0 }
  }

  private func check(_ day: EventDay, _ cells: [Cell], _ files: Set<Int>?) throws -> [Problem] {
    func problem(_ what: String) -> [Problem] {
      [Problem(path: day.path, what: what, remedy: .rebuild)]
    }
    do {
      guard let index = try DayIndex(day, of: dataset) else { return problem("is missing") }
      for cell in cells.sorted() {
        guard let rows = index.cells[cell], rows.count == contents.cells[cell]?.recordCount else {
          return problem("and the manifest count the records of \(cell.folder) differently")
        }
      }
      if index.cells.count != cells.count { return problem("has cells that the manifest lacks") }
      let paths = try index.paths()
      var sum = IdentityColumn.Sum()
      try index.forEachRow(in: 0..<cells.reduce(0) { $0 + (index.cells[$1]?.count ?? 0) }) { row in
        guard Int(row.place.source) < paths.count else {
          throw DatasetError.damaged(day.path, "has a row that names no file")
        }
        sum.add(row.identity)
      }
      if let problem = try columnProblem(of: day, sum) { return [problem] }
      guard let files else { return [] }
      var notes: [String] = []
      if paths.contains(TreeRepair.unknownSource) {
        notes.append(
          "was made again by a repair, and has \(TreeRepair.unknownSource) for the files that its "
            + "records came from")
      }
      let lacking = paths.filter {
        $0 != TreeRepair.unknownSource && !files.contains($0.hashValue)
      }
      if let first = lacking.first {
        notes.append("names \(lacking.count) files that the ledger lacks, such as \(first)")
      }
      return notes.map { Problem(path: day.path, what: $0, remedy: .run) }
    } catch DatasetError.damaged(_, let what) {
      return problem(what)
    } catch DatasetError.changedFromOutside {
      // That is a problem of the tree.
      return []
    } catch let error as FileError {
      return [Problem(path: day.path, unreadable: error, remedy: .rebuild)]
    }
  }

  /// What is wrong with the column of a day whose identities add up to `sum`.
  private func columnProblem(of day: EventDay, _ sum: IdentityColumn.Sum) throws -> Problem? {
    if try IdentityColumn(day, of: dataset).isColumn(of: sum) { return nil }
    return Problem(
      path: DatasetFile.identities(day).path, what: "does not have the identities of the index",
      remedy: .repair)
  }

  /// eventIDs that are there twice, anywhere: as many passes over the index as the memory asks for.
  private func doubles(_ workers: some ParallelMapping) throws -> [Problem] {
    // Not the sum that the manifest has: the indexes agree with the lists, and it may agree with neither.
    let recordCount = contents.cells.values.reduce(0) { $0 + $1.recordCount }
    let passCount = max(workers.count, recordCount / IndexCheck.identitiesAtOnce + 1)
    let shared = Mutex<[Problem]>([])
    try workers.forEach(passCount) { pass in
      let found = try doubles(pass: pass, of: passCount)
      shared.withLock { $0 += found }
    }
    let all = shared.withLock { $0 }
    guard all.count > IndexCheck.doubleLimit else { return all }
    let rest = all.count - IndexCheck.doubleLimit
    return all.prefix(IndexCheck.doubleLimit)
      + [Problem(path: "", what: "\(rest) more eventIDs are there twice", remedy: .rebuild)]
  }

  private func doubles(pass: Int, of passCount: Int) throws -> [Problem] {
    struct Item {
      var identity: RecordIdentity
      /// The place of the family in `Family.allCases`: one id may be in each.
      var family: UInt8
      var cell: UInt32

      func isSame(as other: Item) -> Bool {
        identity == other.identity && family == other.family
      }
    }
    var items: [Item] = []
    var cells: [Cell] = []
    for (day, _) in days {
      guard let index = try DayIndex(day, of: dataset) else { continue }
      for (cell, rows) in index.cells {
        let number = UInt32(cells.count)
        cells.append(cell)
        let family = UInt8(Family.allCases.firstIndex(of: cell.family) ?? 0)
        try index.forEachRow(in: rows) { row in
          guard row.identity.pass(of: passCount) == pass else { return }
          items.append(Item(identity: row.identity, family: family, cell: number))
        }
      }
    }
    items.sort {
      $0.identity == $1.identity ? $0.family < $1.family : $0.identity < $1.identity
    }
    return items.indices.dropFirst().filter { items[$0].isSame(as: items[$0 - 1]) }
      .map { place in
        let folders = [items[place - 1], items[place]].map { cells[Int($0.cell)].folder }.sorted()
        return Problem(
          path: Path(dataset.manifest.store),
          what:
            "has the event \(items[place].identity.uuidText) in \(folders[0]) and \(folders[1])",
          remedy: .rebuild)
      }
  }
}

extension EventDay {
  /// Where the index of the day is, relative to the dataset.
  fileprivate var path: Path { DatasetFile.index(self).path }
}

extension Cell {
  /// `account=…/region=…/dt=…`, for messages.
  fileprivate var folder: Path { folder(by: [.account, .region, .dt]) }
}

extension RecordIdentity {
  /// The bits as a UUID is written: the eventID itself where that is a UUID.
  fileprivate var uuidText: String {
    var hex = ByteBuffer(capacity: 36)
    for (place, word) in [high, low].enumerated() {
      for byte in 0..<8 {
        if place == 0 && (byte == 4 || byte == 6) || place == 1 && (byte == 0 || byte == 2) {
          hex.append(ASCII.hyphen)
        }
        JSONText.appendHex(UInt8(truncatingIfNeeded: word >> UInt64(56 - byte * 8)), to: &hex)
      }
    }
    return hex.bytes.text()
  }
}
