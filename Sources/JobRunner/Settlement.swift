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

  /// The side file of the others; nil if it does not change.
  private(set) var conflicts: SideFile?
  private(set) var counts = ConflictResolution.Counts()
  private(set) var losers = Losers()

  /// Nothing to settle.
  init() {}

  /// Finds the eventIDs, and decides which text of each stays.
  init(_ context: RunContext, _ reducer: Reducer) throws {
    let doubles = try Settlement.doubles(context, reducer.cells)
    let isFileReplaced = (context.baseline.replaced?.conflictCount ?? 0) > 0
    guard !doubles.isEmpty || isFileReplaced else { return }
    let listed = try context.sideFile(context.layout.conflicts, "conflicts")
    var resolution = ConflictResolution(reducer.cells, reducer.sources)
    for (family, found) in doubles { try resolution.resolve(found, family, listed: listed) }
    conflicts = listed
    counts = resolution.counts
    losers = Losers(
      identities: Set(doubles.values.flatMap(\.keys)), texts: resolution.drops)
  }

  /// The eventIDs that are in the dataset more than once, with the cells they are in.
  private static func doubles(
    _ context: RunContext, _ cells: WrittenCells
  ) throws -> [Family: [RecordIdentity: Set<Cell>]] {
    let written = cells.all
    let others = context.baseline.manifest.cells.keys.filter { written[$0] == nil }.sorted()
    // Families are never mixed: one id may be in each of them.
    var doubles: [Family: [RecordIdentity: Set<Cell>]] = [:]
    for family in Family.allCases {
      let check = UniquenessCheck(
        written: written.filter { $0.key.family == family }.sorted { $0.key < $1.key }
          .map { ($0.key, $0.value.rows) },
        others: others.filter { $0.family == family }, cells: cells, memory: context.budget / 2)
      let found = try check.run(context.workers)
      if !found.isEmpty { doubles[family] = found }
    }
    return doubles
  }
}
