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
  private let outputs: CommittedOutputs

  /// Bytes for the identities of all workers that wait to be sorted.
  private static let sortingMemory = 64 << 20
  /// How many doubled eventIDs are reported one by one.
  private static let doubleLimit = 20

  init(_ dataset: StoredDataset, _ outputs: CommittedOutputs) {
    (self.dataset, self.outputs) = (dataset, outputs)
  }

  /// What is wrong, and with `run` for a remedy what is only worth a word.
  ///
  /// `isWholeTree`: Whether all files that the manifest names are as they were committed.
  func run(
    _ workers: some ParallelMapping, isWholeTree: Bool
  ) throws -> [VerificationReport.Problem] {
    let files = try filesOfLedger(workers)
    let shared = Mutex<[Problem]>([])
    let days = dataset.days
    try workers.forEach(days.count) { number in
      let cells = outputs.cells(of: days[number])
      for family in Family.allCases {
        let cells = cells.filter { $0.key.family == family }
        if cells.isEmpty { continue }
        let found = try check(EventDay(family: family, day: days[number]), cells, files)
        shared.withLock { $0 += found }
      }
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

  private func check(
    _ day: EventDay, _ cells: [Cell: CellSummary], _ files: Set<Int>?
  ) throws -> [Problem] {
    func problem(_ what: String) -> [Problem] {
      [Problem(path: day.path, what: what, remedy: .rebuild)]
    }
    do {
      guard let index = try DayIndex(day, of: dataset) else { return problem("is missing") }
      for (cell, summary) in cells.sorted(by: { $0.key < $1.key }) {
        guard let rows = index.cells[cell], rows.count == summary.recordCount else {
          return problem("and the manifest count the records of \(cell.folder) differently")
        }
      }
      if index.cells.count != cells.count { return problem("has cells that the manifest lacks") }
      let paths = try index.paths()
      var sum = IdentityColumn.Sum()
      try index.forEachRow(in: 0..<cells.keys.reduce(0) { $0 + (index.cells[$1]?.count ?? 0) }) {
        row in
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

  /// eventIDs that are there twice, anywhere.
  ///
  /// - Complexity: O(records · log records); what is more than the memory for it is sorted on disk.
  private func doubles(_ workers: some ParallelMapping) throws -> [Problem] {
    let scratch = TemporaryFiles()
    defer { scratch.remove() }
    let sorter = IdentitySorter(memory: IndexCheck.sortingMemory, threads: workers.count) {
      try scratch.path()
    }
    // An id may be in each family once. Numbers are given a family at a time: what is the same in one of
    // them is side by side.
    let cells = CellTable()
    let days = dataset.manifest.eventDays
      .sorted { ($0.family.rawValue, $0.day) < ($1.family.rawValue, $1.day) }
    for day in days {
      for cell in outputs.cells(of: day.day).keys.sorted() where cell.family == day.family {
        _ = cells.number(of: cell)
      }
    }
    let threads = workers.count
    try workers.forEach(threads) { worker in
      var part = sorter.part()
      for place in stride(from: worker, to: days.count, by: threads) {
        guard let index = try DayIndex(days[place], of: dataset) else { continue }
        for (cell, rows) in index.cells {
          let number = cells.number(of: cell)
          try index.forEachRow(in: rows) {
            try part.append(PlacedIdentity($0.identity, cell: number))
          }
        }
      }
      try part.finish()
    }
    return try doubles(in: sorter.finish(), cells)
  }

  private func doubles(in sorted: SortedIdentities, _ cells: CellTable) throws -> [Problem] {
    var problems: [Problem] = []
    var count = 0
    var last: PlacedIdentity?
    try sorted.forEachRow { row in
      defer { last = row }
      guard let last, last.identity == row.identity else { return }
      let (first, second) = (cells.cell(last.cell), cells.cell(row.cell))
      guard first.family == second.family else { return }
      count += 1
      guard problems.count < IndexCheck.doubleLimit else { return }
      let folders = [first.folder, second.folder].sorted()
      problems.append(
        Problem(
          path: Path(dataset.manifest.store),
          what: "has the event \(row.identity.uuidText) in \(folders[0]) and \(folders[1])",
          remedy: .rebuild))
    }
    if count > problems.count {
      let rest = count - problems.count
      problems.append(
        Problem(path: "", what: "\(rest) more eventIDs are there twice", remedy: .rebuild))
    }
    return problems
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
