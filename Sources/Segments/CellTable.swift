public import CloudTrail
import Synchronization

/// Numbers for cells, so that an entry names its cell in four bytes.
///
/// Shared by all workers of a run; a worker asks once for each cell it meets, not for each record.
/// There may be hundreds of days of thousands of accounts' regions, so a cell takes few bytes: the
/// account's region by its number, and the day.
public final class CellTable: Sendable {
  private struct Place: Hashable {
    var region: UInt32
    var day: Day
  }

  private struct State {
    var regions: [AccountRegion] = []
    var regionNumbers: [AccountRegion: UInt32] = [:]
    var places: [Place] = []
    var numbers: [Place: UInt32] = [:]

    mutating func number(of region: AccountRegion) -> UInt32 {
      if let number = regionNumbers[region] { return number }
      let number = UInt32(regions.count)
      regions.append(region)
      regionNumbers[region] = number
      return number
    }
  }

  private let state = Mutex(State())

  public init() {}

  /// The number of `cell`, a new one if it has none.
  public func number(of cell: Cell) -> UInt32 {
    state.withLock { state in
      let place = Place(region: state.number(of: cell.accountRegion), day: cell.day)
      if let number = state.numbers[place] { return number }
      let number = UInt32(state.places.count)
      state.places.append(place)
      state.numbers[place] = number
      return number
    }
  }

  /// The cell that has `number`.
  public func cell(_ number: UInt32) -> Cell {
    state.withLock { state in
      let place = state.places[Int(number)]
      return Cell(state.regions[Int(place.region)], on: place.day)
    }
  }
}
