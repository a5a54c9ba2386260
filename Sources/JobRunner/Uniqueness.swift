import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Finds eventIDs that are in the dataset more than once.
///
/// Copies that meet in one cell are gone by now; what is left are eventIDs with several texts, in
/// one cell or in several. The identities of the cells written in this run are sorted in memory, in
/// as many passes as the budget asks for, and those of all other cells stream past them.
///
/// - Complexity: O(n log n) for the n records of the written cells, and one look-up for each other
///   record of the dataset.
struct UniquenessCheck {
  /// One identity and the cell it is in, by the cell's place in `cells`.
  private struct Item {
    var identity: RecordIdentity
    var cell: UInt32
  }

  let written: [(cell: Cell, rows: RowExtent)]
  /// The cells of the dataset that this run leaves as they are.
  let others: [Cell]
  let cells: WrittenCells
  let memory: Int

  /// The most identities sorted at a time: a tenth of a second, after which a signal is heard.
  private static let shardSize = 1 << 20

  /// Finds the identities that are there more than once, with the cells they are in.
  func run(_ workers: Workers, noting doubles: DoublesByDay) throws {
    let rowCount = written.reduce(0) { $0 + $1.rows.count }
    guard rowCount > 0 else { return }
    let itemsAtOnce = max(1 << 12, memory / MemoryLayout<Item>.stride / workers.count)
    let passCount = max(workers.count, (rowCount + itemsAtOnce - 1) / itemsAtOnce)
    try workers.forEach(passCount) { pass in
      try check(pass, of: passCount, expectedCount: rowCount / passCount, noting: doubles)
    }
  }

  private func check(
    _ pass: Int, of passCount: Int, expectedCount: Int, noting doubles: DoublesByDay
  ) throws {
    let shardsOfPass = expectedCount / UniquenessCheck.shardSize + 1
    let (firstShard, shardCount) = (pass * shardsOfPass, passCount * shardsOfPass)
    /// The place in `shards` of an identity; nil if it belongs to another pass.
    func shard(of identity: RecordIdentity) -> Int? {
      let shard = identity.pass(of: shardCount) - firstShard
      return shard >= 0 && shard < shardsOfPass ? shard : nil
    }
    let shardSize = expectedCount / shardsOfPass
    var shards = (0..<shardsOfPass).map { _ in
      var shard: [Item] = []
      shard.reserveCapacity(shardSize + shardSize / 8)
      return shard
    }
    for (number, source) in written.enumerated() {
      try source.rows.forEachRow { row in
        guard let shard = shard(of: row.identity) else { return }
        shards[shard].append(Item(identity: row.identity, cell: UInt32(number)))
      }
    }
    for shard in shards.indices {
      try StopSignal.check()
      shards[shard].sort { $0.identity < $1.identity }
      let items = shards[shard]
      for next in items.indices.dropFirst()
      where items[next].identity == items[next - 1].identity {
        for item in [items[next - 1], items[next]] {
          try doubles.add(item.identity, in: written[Int(item.cell)].cell)
        }
      }
    }
    try forEachOtherRow { cell, row in
      guard let shard = shard(of: row.identity),
        let match = UniquenessCheck.find(row.identity, in: shards[shard])
      else { return }
      try doubles.add(row.identity, in: cell)
      try doubles.add(row.identity, in: written[Int(shards[shard][match].cell)].cell)
    }
  }

  /// Passes the index rows of all other cells, one day open at a time.
  private func forEachOtherRow(_ body: (Cell, IndexRow) throws -> Void) throws {
    for (day, dayCells) in Dictionary(grouping: others, by: \.eventDay) {
      guard let index = try DayIndex(day, of: cells.dataset) else { continue }
      for cell in dayCells {
        guard let range = index.cells[cell] else { continue }
        try index.forEachRow(in: range) { try body(cell, $0) }
      }
    }
  }

  private static func find(_ identity: RecordIdentity, in items: [Item]) -> Int? {
    var low = 0
    var high = items.count
    while low < high {
      let middle = (low + high) / 2
      if items[middle].identity < identity { low = middle + 1 } else { high = middle }
    }
    return low < items.count && items[low].identity == identity ? low : nil
  }
}
