import Bytes
public import CloudTrail
import Segments

extension StoredDataset {
  /// The stored records that strict readers of JSON refuse: all counted, a few named.
  ///
  /// - Returns: As for the cells of the dataset.
  /// - Throws: `DatasetError` for a list that is not as it was committed; `FileError`; `Stopped`.
  /// - Complexity: O(1) where there are none; otherwise O(cells).
  public func strictReadersRefuse() throws -> StrictReadersRefuse {
    guard manifest.totals.textFlaws.recordCount > 0 else { return StrictReadersRefuse() }
    var flawed: [Cell: CellSummary] = [:]
    for day in days {
      for (cell, summary) in try list(Period(day)).cells where summary.textFlaws.recordCount > 0 {
        flawed[cell] = summary
      }
    }
    return try strictReadersRefuse(of: flawed)
  }

  /// The stored records that strict readers of JSON refuse: all counted, a few named.
  ///
  /// A cell that is not as it was committed, or may not be read, names none of its own; `verify` says
  /// what is wrong.
  ///
  /// - Parameter cells: The cells of the dataset.
  /// - Returns: The counts, with the first few records.
  /// - Throws: `Stopped`.
  /// - Complexity: O(cells), and O(records) of the few cells in which examples are looked for.
  public func strictReadersRefuse(
    of cells: [Cell: CellSummary]
  ) throws -> StrictReadersRefuse {
    var refused = StrictReadersRefuse()
    let flawed = cells.filter { $0.value.textFlaws.recordCount > 0 }
    for (cell, summary) in flawed.sorted(by: { $0.key < $1.key }) {
      let wanted = StrictReadersRefuse.exampleLimit - refused.examples.count
      var examples: [StrictReadersRefuse.Example] = []
      if wanted > 0 {
        do {
          examples = try refusedRecords(of: cell, limit: wanted)
        } catch let error where error is DatasetError || error is FileError {}
      }
      refused.add(summary.textFlaws, examples: examples)
    }
    return refused
  }

  /// The first records of a cell that strict readers refuse.
  private func refusedRecords(
    of cell: Cell, limit: Int
  ) throws -> [StrictReadersRefuse.Example] {
    var found: [(row: Int, eventID: [UInt8])] = []
    var row = 0
    let lines = try LineReader()
    search: for file in try storeFiles(of: cell) {
      try lines.open(file)
      while try lines.next() {
        if let eventID = lines.withLine(StoredDataset.eventIDIfRefused) {
          found.append((row, eventID))
          if found.count == limit { break search }
        }
        row += 1
      }
    }
    guard let index = try DayIndex(cell.eventDay, of: self), let rows = index.cells[cell] else {
      return []
    }
    let paths = try index.paths()
    return try found.compactMap { row, eventID in
      var example: StrictReadersRefuse.Example?
      let place = rows.lowerBound + row
      try index.forEachRow(in: place..<(place + 1)) { row in
        let source = Int(row.place.source)
        guard paths.indices.contains(source) else { return }
        example = StrictReadersRefuse.Example(
          eventID: eventID, source: paths[source], index: Int(row.place.index))
      }
      return example
    }
  }

  /// The eventID of a record that strict readers refuse, as the record has it, empty if it has none;
  /// nil for any other record.
  private static func eventIDIfRefused(_ record: Span<UInt8>) -> [UInt8]? {
    var flaws = TextFlawCounts()
    guard flaws.note(record) else { return nil }
    var fields = RecordFields()
    var scanner = JSONScanner(record)
    guard (try? fields.capture(&scanner, shape: nil)) != nil else { return [] }
    let id = fields[.eventID]
    return id.isString ? record.extracting(id.range).copied() : []
  }

  /// Counts the records of a cell that strict readers refuse.
  ///
  /// - Throws: `DatasetError` when a file is not as it was committed; `FileError`; `Stopped`.
  /// - Complexity: O(bytes of the cell).
  func countTextFlaws(of cell: Cell) throws -> TextFlawCounts {
    var flaws = TextFlawCounts()
    let lines = try LineReader()
    for file in try storeFiles(of: cell) {
      try lines.open(file)
      while try lines.next() { lines.withLine { _ = flaws.note($0) } }
    }
    return flaws
  }
}
