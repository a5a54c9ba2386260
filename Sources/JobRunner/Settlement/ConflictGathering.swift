import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// Finds the texts of the eventIDs that are in the dataset more than once: in the cells, and in the side
/// files of their days.
struct ConflictGathering: ~Copyable {
  /// The cells that were looked through, by the numbers that rows have.
  private(set) var cells: [Cell] = []
  private var numbers: [Cell: UInt32] = [:]
  private let written: WrittenCells
  private let listed: SideFiles
  /// Datasets that are merged into this one.
  private let operands: [StoredDataset]
  /// The hash of the manifest as it was.
  private let root: SHA256Digest
  private let absent: AbsentFiles
  private let rows: RowSorter
  private var row = ByteBuffer(capacity: 256)

  /// - Parameters:
  ///   - written: The cells as they are.
  ///   - listed: Keeps the texts.
  ///   - operands: Datasets that are merged into this one, with side files of their own.
  ///   - root: The hash of the manifest as it was.
  ///   - absent: Takes what is not here.
  ///   - rows: Sorts what is found.
  init(
    _ written: WrittenCells, _ listed: SideFiles, operands: [StoredDataset],
    root: SHA256Digest, absent: AbsentFiles, sorting rows: RowSorter
  ) {
    (self.root, self.absent) = (root, absent)
    (self.written, self.listed, self.rows) = (written, listed, rows)
    self.operands = operands
  }

  /// Finds the texts of all identities.
  ///
  /// - Complexity: O(records of the cells that have any), and of the side files of their days.
  mutating func gather(_ doubles: DoublesByDay) throws {
    try doubles.forEachGroup { day, group in
      for cell in group.cells.sorted() { try gather(cell, group) }
      try gatherListed(day, group, in: listed.dataset, isKept: true)
      for operand in operands { try gatherListed(day, group, in: operand, isKept: false) }
    }
  }

  /// Finds what one cell has.
  private mutating func gather(_ cell: Cell, _ group: DoublesByDay.Group) throws {
    let number = number(of: cell)
    guard let current = try written.current(cell) else { return }
    let isUnchanged = try written[cell] == nil
    try forEachRecord(of: current, group) { gathering, entry, record, place in
      let key = ConflictSighting.Key(cell.family, entry, record)
      let id = ConflictGathering.eventID(entry, record)
      let text = try gathering.listed.keep(record, eventID: id)
      let copy = ConflictText.Copy(cell: number, number: place, place: entry.place)
      ConflictSighting.append(key, copy, EventVersion(record), text, to: &gathering.row)
      try gathering.addRow()
      if isUnchanged { try gathering.addStored(key, number) }
    }
    if isUnchanged { return }
    guard let stored = try written.stored(cell) else { return }
    try forEachRecord(of: stored, group) { gathering, entry, record, _ in
      try gathering.addStored(ConflictSighting.Key(cell.family, entry, record), number)
    }
  }

  private mutating func number(of cell: Cell) -> UInt32 {
    if let number = numbers[cell] { return number }
    let number = UInt32(cells.count)
    cells.append(cell)
    numbers[cell] = number
    return number
  }

  private mutating func forEachRecord(
    of segment: any Segment, _ group: DoublesByDay.Group,
    _ body: (inout ConflictGathering, Entry, Span<UInt8>, _ place: Int) throws -> Void
  ) throws {
    guard segment.recordCount > 0 else { return }
    if let stored = segment as? StoredSegment, try absent.lacks(stored.files) { return }
    let cursor = try segment.cursor()
    var place = 0
    repeat {
      try StopSignal.check()
      let entry = cursor.entry
      if group.identities.has(entry.identity) {
        try cursor.withRecord { try body(&self, entry, $0, place) }
      }
      place += 1
    } while try cursor.advance()
  }

  /// Finds what is listed of one day as having lost.
  private mutating func gatherListed(
    _ day: EventDay, _ group: DoublesByDay.Group, in dataset: StoredDataset, isKept: Bool
  ) throws {
    guard let lines = try SideFileReader(.conflicts(day.day), of: dataset) else { return }
    let isReplaced = isKept && operands.contains { $0.manifest.hasAll(of: day.day, in: root) }
    while try lines.next() {
      let line = lines.line
      guard line.family == day.family, group.identities.has(line.identity) else { continue }
      let text = try listed.keep(line.record.span, eventID: line.eventID)
      let key = ConflictSighting.Key(
        family: line.family, identity: line.identity, content: line.content)
      ConflictSighting.append(
        key,
        .init(day: day.day, place: line.place, isKept: isKept, isReplaced: isReplaced), text,
        to: &row)
      try addRow()
    }
  }

  private mutating func addStored(_ key: ConflictSighting.Key, _ cell: UInt32) throws {
    ConflictSighting.append(key, storedIn: cell, to: &row)
    try addRow()
  }

  private func addRow() throws { try rows.append(row.bytes) }

  /// As the side files have it.
  private static func eventID(_ entry: Entry, _ record: Span<UInt8>) -> [UInt8] {
    var id = ByteBuffer(capacity: 64)
    RecordOrder.appendID(entry, record, to: &id)
    return id.bytes.copied()
  }
}

extension ConflictSighting.Key {
  fileprivate init(_ family: Family, _ entry: Entry, _ record: Span<UInt8>) {
    self.init(
      family: family, identity: entry.identity,
      content: RecordIdentity(hashing: record, kind: .content))
  }
}
