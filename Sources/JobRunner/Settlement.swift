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
    // Families are never mixed: one id may be in each of them.
    for family in Family.allCases {
      let check = UniquenessCheck(
        family: family, cells: reducer.cells, cellTable: reducer.cellTable, context: context)
      try check.run().forEachIdentity { identity, cells in
        for cell in cells { try doubles.add(identity, in: cell) }
      }
    }
    if doubles.isEmpty { return }
    let listed = try context.sideFiles(.conflicts)
    var resolution = ConflictResolution(context, reducer.sources, listed: listed)
    losers = try resolution.resolve(doubles, in: reducer.cells)
    conflicts = listed
    counts = resolution.counts
  }
}
