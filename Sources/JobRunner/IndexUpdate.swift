import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Writes the index of one event day again: the cells this run wrote, and those it left alone.
struct IndexUpdate {
  let day: EventDay
  let cells: WrittenCells
  let sources: SourceTable
  /// The cells of the day that the dataset will hold, in order, with their record counts.
  let dayCells: [(cell: Cell, recordCount: Int)]

  /// Writes the index to `staged`.
  ///
  /// - Complexity: O(records of the day), twice: once to learn which paths are named.
  func write(to staged: Path) throws {
    var used: Set<UInt32> = []
    try forEachRow { used.insert($0.place.source) }
    let ordered = used.map { (number: $0, path: sources.path($0)) }.sorted { $0.path < $1.path }
    var numbers: [UInt32: UInt32] = [:]
    for (place, item) in ordered.enumerated() { numbers[item.number] = UInt32(place) }

    let file = try OpenFile(staged, .writing)
    var output = ByteBuffer(capacity: 1 << 18)
    DayIndex.appendHeader(cells: dayCells, paths: ordered.map(\.path), to: &output)
    try forEachRow { row in
      var row = row
      row.place.source = numbers[row.place.source] ?? 0
      row.append(to: &output)
      if output.count > 1 << 17 {
        try file.write(output.bytes)
        output.removeAll()
      }
    }
    try file.write(output.bytes)
  }

  /// Passes the rows of the day, with the run's file numbers.
  private func forEachRow(_ body: (IndexRow) throws -> Void) throws {
    for (cell, _) in dayCells {
      if let written = cells[cell] {
        try written.rows.forEachRow(body)
        continue
      }
      let index = try cells.index(of: cell)
      guard let range = index.range(of: cell) else { continue }
      try index.forEachRow(in: range, body)
    }
  }
}
