import CloudTrail
import Dataset
import Segments
import Writing

/// What became of eventIDs that the written cells had more than once: one text of each stays.
struct Settlement {
  /// The side files of the others; nil if they do not change.
  private(set) var conflicts: SideFiles?
  private(set) var counts = ConflictResolution.Counts()
  /// The records to leave out of cells that are written again; nil for none.
  private(set) var losers: DroppedPlaces?

  /// Nothing to settle.
  init() {}

  /// Finds the eventIDs, and decides which text of each stays.
  init(_ context: RunContext, _ reducer: Reducer) throws {
    let doubles = DoublesByDay(
      sorting: context.rowSorter("doubled"), memory: context.budget / 8)
    try Settlement.findDoubles(context, reducer.cells, doubles)
    if doubles.isEmpty { return }
    let listed = try context.sideFiles(.conflicts)
    var resolution = ConflictResolution(context, reducer.sources, listed: listed)
    losers = try resolution.resolve(doubles, in: reducer.cells)
    conflicts = listed
    counts = resolution.counts
  }

  /// Finds the eventIDs that are in the dataset more than once, with the cells they are in.
  private static func findDoubles(
    _ context: RunContext, _ cells: WrittenCells, _ doubles: DoublesByDay
  ) throws {
    let written = cells.all
    let others = try context.baseline.stored.cells().keys.filter { written[$0] == nil }.sorted()
    // Families are never mixed: one id may be in each of them.
    for family in Family.allCases {
      let check = UniquenessCheck(
        written: written.filter { $0.key.family == family }.sorted { $0.key < $1.key }
          .map { ($0.key, $0.value.rows) },
        others: others.filter { $0.family == family }, cells: cells, memory: context.budget / 2)
      try check.run(context.workers, noting: doubles)
    }
  }
}
