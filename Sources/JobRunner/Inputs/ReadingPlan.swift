import Bytes
import CloudTrail
import Reading
import Segments
import Synchronization

/// How the files of a run are shared out: units of neighbouring files, and what each cell waits for.
///
/// A cell mostly gets its records from the files delivered on its day and on the day after: once
/// those are read it is *complete*, and is written when memory is wanted. Once all files of its account
/// and region are read it is *final*, and is written at once. Records that come later, from files
/// whose place says nothing, are merged into the cell at the end: the plan decides how fast a run is,
/// never what comes out.
///
/// Units are cut from the files as workers ask for them, so that the plan knows of no more than is
/// being read.
final class ReadingPlan: Sendable {
  /// Neighbouring files, in reading order.
  struct Unit: Sendable {
    var groups: [FileGroup] = []
    /// The cells that wait for it before they are complete.
    var cells: Set<UInt32> = []
    /// The accounts' regions that have files in it, each with the cells that it brings.
    var regions: [UInt32: Set<UInt32>] = [:]
    /// Those of its cells and regions that no later unit has files of.
    var lastCells: Set<UInt32> = []
    var lastRegions: Set<UInt32> = []
    /// Whether no later unit follows.
    var isLast = false

    var fileCount: Int { groups.reduce(0) { $0 + $1.files.count } }
  }

  private struct State {
    /// Files that were read ahead.
    var next: FileGroup?
    /// The account's region that was met last, and its number.
    var region: AccountRegion?
    var regionNumber: UInt32 = 0
  }

  private let files: FilesToRead
  private let cells: CellTable
  private let unitByteCount: Int
  private let shuffle: Shuffle
  private let state = Mutex(State())

  /// Shares out files in units of somewhat less JSON than a batch holds.
  ///
  /// `shuffle`: Hears of each unit before a worker takes it.
  init(_ files: FilesToRead, cells: CellTable, memory: MemoryPlan, announcing shuffle: Shuffle) {
    (self.files, self.cells, self.shuffle) = (files, cells, shuffle)
    unitByteCount = memory.batchCapacity / 4 * 3
  }

  /// The next unit; nil after the last.
  ///
  /// - Throws: `FileError` when what waits on disk cannot be read; `Stopped`.
  func next() throws -> Unit? {
    // One worker cuts at a time, though that reads a temporary file: units are in order, and what they
    // announce must be, too.
    try state.withLock { state in
      var unit = Unit()
      var byteCount = 0
      while byteCount < unitByteCount, let group = try state.next ?? files.next() {
        state.next = take(group, into: &unit, &byteCount, &state)
      }
      if unit.groups.isEmpty { return nil }
      if state.next == nil { state.next = try files.next() }
      // Files come in the order of regions and days: what the next one does not touch is over.
      unit.isLast = state.next == nil
      let next = state.next.flatMap { place(of: $0, &state) }
      unit.lastCells = unit.cells.subtracting(next?.cells ?? [])
      unit.lastRegions = Set(unit.regions.keys.filter { $0 != next?.region })
      shuffle.expect(unit)
      return unit
    }
  }

  /// Takes files until the unit is full; returns the others.
  private func take(
    _ group: FileGroup, into unit: inout Unit, _ byteCount: inout Int, _ state: inout State
  ) -> FileGroup? {
    let place = place(of: group, &state)
    if let place {
      unit.cells.formUnion(place.cells)
      unit.regions[place.region, default: []].formUnion(place.cells)
    }
    for (index, file) in group.files.enumerated() {
      byteCount += ReadingPlan.expectedByteCount(file)
      guard byteCount >= unitByteCount, index + 1 < group.files.count else { continue }
      unit.groups.append(group.with(Array(group.files[...index])))
      return group.with(Array(group.files[(index + 1)...]))
    }
    unit.groups.append(group)
    return nil
  }

  /// The account's region that files belong to, and the cells that they mostly hold records of; nil for
  /// files whose place says nothing.
  private func place(
    of group: FileGroup, _ state: inout State
  ) -> (region: UInt32, cells: Set<UInt32>)? {
    let facts = group.facts
    guard case .log(let family) = facts.kind, let account = facts.account,
      let region = facts.region
    else { return nil }
    let key = AccountRegion(family: family, account: account, region: region)
    if state.region != key {
      state.region = key
      state.regionNumber += 1
    }
    let days = facts.delivery.map { [$0.advanced(by: -1), $0] } ?? []
    let numbers = days.map { day in
      cells.number(of: Cell(family: family, account: account, region: region, day: day))
    }
    return (state.regionNumber, Set(numbers))
  }

  /// CloudTrail's JSON inflates about tenfold; the cost of opening a file counts like some bytes.
  private static func expectedByteCount(_ file: FileGroup.File) -> Int {
    file.byteCount * 10 + 1024
  }
}
