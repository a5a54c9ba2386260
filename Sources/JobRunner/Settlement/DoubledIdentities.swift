import CloudTrail
import Segments

/// eventIDs of one family that are in the dataset more than once, and the cells they are in.
struct DoubledIdentities: Sendable {
  let family: Family
  /// By identity; each with the numbers of its cells, each cell once.
  let rows: SortedIdentities
  let cellTable: CellTable

  var isEmpty: Bool { rows.count == 0 }

  /// Passes each identity with its cells, by identity.
  ///
  /// - Throws: `FileError`; `Stopped`; what `body` throws.
  func forEachIdentity(_ body: (RecordIdentity, [Cell]) throws -> Void) throws {
    var cells: [Cell] = []
    var last: RecordIdentity?
    try rows.forEachRow { row in
      if let identity = last, identity != row.identity {
        try body(identity, cells)
        cells.removeAll(keepingCapacity: true)
      }
      last = row.identity
      cells.append(cellTable.cell(row.cell))
    }
    if let last { try body(last, cells) }
  }
}
