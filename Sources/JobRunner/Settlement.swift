import CloudTrail
import Dataset
import Segments
import Writing

/// What became of eventIDs that the written cells had more than once: one text of each stays.
struct Settlement {
  /// The texts to leave out of cells that are written again.
  struct Losers: Sendable {
    /// All eventIDs with texts that lost.
    var identities: Set<RecordIdentity> = []
    /// The content hashes of the texts, by cell.
    var texts: [Cell: Set<RecordIdentity>] = [:]
  }

  /// The side files of the others; nil if they do not change.
  private(set) var conflicts: SideFiles?
  private(set) var counts = ConflictResolution.Counts()
  private(set) var losers = Losers()

  /// Nothing to settle.
  init() {}

  /// Finds the eventIDs, and decides which text of each stays.
  init(_ context: RunContext, _ reducer: Reducer) throws {
    // Families are never mixed: one id may be in each of them.
    let doubles = try Family.allCases.map { family in
      try UniquenessCheck(
        family: family, cells: reducer.cells, cellTable: reducer.cellTable, context: context
      ).run()
    }.filter { !$0.isEmpty }
    if doubles.isEmpty { return }
    let listed = try context.sideFiles(of: \.conflictCount, "conflicts")
    var resolution = ConflictResolution(reducer.cells, reducer.sources)
    for doubled in doubles {
      var found: [RecordIdentity: Set<Cell>] = [:]
      try doubled.forEachIdentity { found[$0] = Set($1) }
      try resolution.resolve(found, doubled.family, listed: listed)
      losers.identities.formUnion(found.keys)
    }
    conflicts = listed
    counts = resolution.counts
    losers.texts = resolution.drops
  }
}
