import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Finds eventIDs of one family that are in the dataset more than once.
///
/// Copies that meet in one cell are gone by now; what is left are eventIDs with several texts, in
/// one cell or in several. The identities of the days that this run touches are sorted. Those of the
/// other days stream past them as columns, and only where one meets, the index of its day is opened.
///
/// - Complexity: O(n log n) for the n records of the touched days, and 8 bytes for each other record
///   of the dataset.
struct UniquenessCheck {
  let family: Family
  let cells: WrittenCells
  let cellTable: CellTable
  let context: RunContext

  private var dataset: StoredDataset { cells.dataset }
  private var workers: Workers { context.workers }

  /// The identities that are there more than once.
  ///
  /// - Throws: `DatasetError` when a column or an index is not as it was committed; `FileError`;
  ///   `Stopped`.
  func run() throws -> DoubledIdentities {
    let touched = cells.days.filter { $0.family == family }
    if touched.isEmpty { return doubles(SortedIdentities()) }
    let sorted = try identities(of: touched)
    let isTouched = Set(touched)
    let others = dataset.manifest.eventDays.filter {
      $0.family == family && !isTouched.contains($0)
    }
    let met = try others.isEmpty ? SortedIdentities() : identities(of: others, meeting: sorted)
    return doubles(try join(sorted, met))
  }

  private func doubles(_ rows: SortedIdentities) -> DoubledIdentities {
    DoubledIdentities(family: family, rows: rows, cellTable: cellTable)
  }

  private func sorter(_ name: String, sharing count: Int) -> IdentitySorter {
    let (context, family) = (context, family)
    return IdentitySorter(memory: context.budget / count, threads: workers.count) {
      try context.scratch.path("\(name)-\(family.rawValue)")
    }
  }

  // MARK: Touched days

  /// The identities of some days as they will be.
  private func identities(of days: [EventDay]) throws -> SortedIdentities {
    let sorter = sorter("identities", sharing: 2)
    let pieces = try pieces(of: days)
    try workers.forEach(pieces.count) { number in
      var part = sorter.part()
      for cell in pieces[number] {
        let cellNumber = cellTable.number(of: cell)
        try cells.forEachPiece(of: cell) { rows in
          try IndexRow.forEach(in: rows) {
            try part.append(PlacedIdentity($0.identity, cell: cellNumber))
          }
        }
      }
      try part.finish()
    }
    return try sorter.finish()
  }

  /// The cells of some days, in one piece for each worker.
  private func pieces(of days: [EventDay]) throws -> [[Cell]] {
    var all: [(cell: Cell, recordCount: Int)] = []
    for day in days {
      all += try cells.cellsToBe(of: day.day).filter { $0.cell.family == family }
    }
    let share = all.reduce(0) { $0 + $1.recordCount } / workers.count + 1
    var pieces: [[Cell]] = [[]]
    var count = 0
    for (cell, recordCount) in all {
      if count >= share {
        pieces.append([])
        count = 0
      }
      pieces[pieces.count - 1].append(cell)
      count += recordCount
    }
    return pieces
  }

  // MARK: Other days

  /// The identities of other days whose first half is also that of a touched day's.
  private func identities(
    of days: [EventDay], meeting sorted: SortedIdentities
  ) throws -> SortedIdentities {
    let sorter = sorter("met", sharing: 8)
    // Each worker may have found as many as it has compared with.
    let numbersAtOnce = max(
      1 << 12, context.budget / 8 / MemoryLayout<UInt64>.stride / (workers.count + 1))
    var cursor = try sorted.cursor()
    var next = try cursor.next()
    while next != nil {
      var numbers: [UInt64] = []
      while let row = next, numbers.count < numbersAtOnce || numbers.last == row.identity.high {
        if numbers.last != row.identity.high { numbers.append(row.identity.high) }
        next = try cursor.next()
      }
      let some = numbers
      try workers.forEach(days.count) { number in
        let day = days[number]
        let met = try IdentityColumn(day, of: dataset).intersection(with: some)
        if try met.isEmpty || context.absent.lacksIndex(of: day, dataset) { return }
        var part = sorter.part()
        try forEachRow(of: day, among: met) { try part.append($0) }
        try part.finish()
      }
    }
    return try sorter.finish()
  }

  /// Passes the identities of a day whose first half is one of `numbers`, which are in order.
  private func forEachRow(
    of day: EventDay, among numbers: [UInt64], _ body: (PlacedIdentity) throws -> Void
  ) throws {
    guard let index = try DayIndex(day, of: dataset) else { return }
    for (cell, range) in index.cells {
      var cellNumber: UInt32?
      try index.forEachRow(in: range) { row in
        guard UniquenessCheck.contains(row.identity.high, numbers) else { return }
        let number = cellNumber ?? cellTable.number(of: cell)
        cellNumber = number
        try body(PlacedIdentity(row.identity, cell: number))
      }
    }
  }

  private static func contains(_ number: UInt64, _ numbers: [UInt64]) -> Bool {
    let place = numbers.partitioningIndex { $0 >= number }
    return place < numbers.count && numbers[place] == number
  }

  // MARK: Doubles

  /// The identities that are there twice: in `sorted` alone, or in `sorted` and in `met`.
  private func join(
    _ sorted: SortedIdentities, _ met: SortedIdentities
  ) throws -> SortedIdentities {
    let sorter = sorter("doubles", sharing: 8)
    let bounds = try sorted.bounds(ofParts: min(workers.count, met.partLimit))
    let (parts, others) = (try sorted.parts(cutAt: bounds), try met.parts(cutAt: bounds))
    try workers.forEach(parts.count) { number in
      var part = sorter.part()
      try UniquenessCheck.join(parts[number], others[number]) { try part.append($0) }
      try part.finish()
    }
    return try sorter.finish().unique()
  }

  private static func join(
    _ sorted: SortedIdentities, _ met: SortedIdentities,
    _ add: (PlacedIdentity) throws -> Void
  ) throws {
    var rows = try sorted.cursor()
    var others = try met.cursor()
    var other = try others.next()
    var before: PlacedIdentity?
    while let row = try rows.next() {
      if let before, before.identity == row.identity {
        try add(before)
        try add(row)
      }
      before = row
      while let candidate = other, candidate.identity <= row.identity {
        if candidate.identity == row.identity {
          try add(row)
          try add(candidate)
        }
        other = try others.next()
      }
    }
  }
}
