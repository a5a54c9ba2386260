import Bytes
import CloudTrail
import Segments
import Synchronization

/// eventIDs that the dataset has more than once, with the cells that each is in.
///
/// They are found in no order and by several threads, and sorted on disk where they are many.
final class DoublesByDay: Sendable {
  /// Some of the identities of one family's event day: as many as memory allows.
  struct Group {
    var identities = IdentitySet()
    /// The cells of the day that have any of them.
    var cells: Set<Cell> = []
  }

  private struct Numbers {
    var cells: [Cell] = []
    var numbers: [Cell: UInt32] = [:]
  }

  private let rows: RowSorter
  private let numbers = Mutex(Numbers())
  /// How many identities a group has.
  private let groupSize: Int

  /// - Parameters:
  ///   - rows: Sorts them.
  ///   - memory: Bytes for those of a group.
  init(sorting rows: RowSorter, memory: Int) {
    self.rows = rows
    groupSize = IdentitySet.count(in: memory)
  }

  var isEmpty: Bool { rows.count == 0 }

  /// Notes that a cell has an identity that is in the dataset more than once; again does not matter.
  ///
  /// - Throws: `FileError` when the disk is full.
  func add(_ identity: RecordIdentity, in cell: Cell) throws {
    try add(identity, on: cell.eventDay, number(of: cell))
  }

  /// Notes that a side file of a day lists a text of an identity.
  ///
  /// - Throws: `FileError` when the disk is full.
  func addListed(_ identity: RecordIdentity, on day: EventDay) throws {
    try add(identity, on: day, DoublesByDay.noCell)
  }

  /// In place of a cell's number.
  private static let noCell = UInt32.max

  private func add(_ identity: RecordIdentity, on day: EventDay, _ cell: UInt32) throws {
    var row = ByteBuffer(capacity: 32)
    row.append(row: day.family)
    row.append(row: day.day)
    row.append(row: identity)
    row.append(bigEndian: cell)
    try rows.append(row.bytes)
  }

  private func number(of cell: Cell) -> UInt32 {
    numbers.withLock { known in
      if let number = known.numbers[cell] { return number }
      let number = UInt32(known.cells.count)
      known.cells.append(cell)
      known.numbers[cell] = number
      return number
    }
  }

  /// Passes all identities, by family, day and identity.
  ///
  /// Ends the adding.
  func forEachGroup(_ body: (EventDay, Group) throws -> Void) throws {
    let rows = try rows.finish()
    let cells = numbers.withLock { $0.cells }
    var (day, group): (EventDay?, Group) = (nil, Group())
    while try rows.next() {
      let (next, identity, number) = rows.withRow { row in
        var parts = RowReader(row)
        let family = parts.family()
        let day = EventDay(family: family, day: parts.day())
        return (day, parts.identity(), parts.number(UInt32.self))
      }
      let isKnown = identity == group.identities.last
      if let last = day, last != next || group.identities.count >= groupSize && !isKnown {
        try body(last, group)
        group = Group()
      }
      group.identities.append(identity)
      if number != DoublesByDay.noCell { group.cells.insert(cells[Int(number)]) }
      day = next
    }
    if let day { try body(day, group) }
  }
}
