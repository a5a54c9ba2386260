public import CloudTrail
import Synchronization

/// Numbers for cells, so that an entry names its cell in four bytes.
///
/// Shared by all workers of a run; a worker asks once for each cell it meets, not for each record.
public final class CellTable: Sendable {
  private struct State {
    var cells: [Cell] = []
    var numbers: [Cell: UInt32] = [:]
    /// The accounts and regions of all cells, each of which is in memory once.
    var values: Set<PartitionValue> = []

    mutating func shared(_ value: PartitionValue) -> PartitionValue {
      values.insert(value).memberAfterInsert
    }
  }

  private let state = Mutex(State())

  public init() {}

  /// The number of `cell`, a new one if it has none.
  public func number(of cell: Cell) -> UInt32 {
    state.withLock { state in
      if let number = state.numbers[cell] { return number }
      let number = UInt32(state.cells.count)
      let cell = Cell(
        family: cell.family, account: state.shared(cell.account),
        region: state.shared(cell.region), day: cell.day)
      state.cells.append(cell)
      state.numbers[cell] = number
      return number
    }
  }

  /// The cell that has `number`.
  public func cell(_ number: UInt32) -> Cell {
    state.withLock { $0.cells[Int(number)] }
  }

  /// All cells; a number is a place in the array.
  public var cells: [Cell] {
    state.withLock { $0.cells }
  }
}
