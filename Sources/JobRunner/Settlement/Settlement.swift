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

  /// Nothing to settle: the side files are known.
  init(listing conflicts: SideFiles) { self.conflicts = conflicts }

  /// Finds the eventIDs, and decides which text of each stays.
  ///
  /// - Parameters:
  ///   - context: Of the run.
  ///   - reducer: Has written all cells.
  ///   - operands: Datasets that are merged into this one: what they list stays listed.
  /// - Throws: `DatasetError` when what is read is not as it was committed; `FileError`; `Stopped`.
  init(_ context: RunContext, _ reducer: Reducer, merging operands: [StoredDataset] = []) throws {
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
    try context.absent.check()
    for operand in operands { try doubles.addListed(in: operand) }
    // What takes the place of carved out days may list a text by another of them.
    let (stored, root) = (context.baseline.stored, context.baseline.root)
    try doubles.addListed(in: stored) { day in
      operands.contains { $0.manifest.hasAll(of: day, in: root) }
    }
    if doubles.isEmpty { return }
    let listed = try context.sideFiles(.conflicts)
    var resolution = ConflictResolution(
      context, reducer.sources, listed: listed, operands: operands)
    losers = try resolution.resolve(doubles, in: reducer.cells)
    conflicts = listed
    counts = resolution.counts
  }
}

extension DoublesByDay {
  /// Notes every identity that a dataset lists a text of.
  ///
  /// `isTaken`: Whether what is listed by a day counts.
  func addListed(
    in dataset: StoredDataset, where isTaken: (Day) -> Bool = { _ in true }
  ) throws {
    let days = dataset.manifest.files { file in
      if case .conflicts(let day) = file { day } else { nil }
    }
    for day in days where isTaken(day) {
      guard let lines = try SideFileReader(.conflicts(day), of: dataset) else { continue }
      while try lines.next() {
        try addListed(
          lines.line.identity, on: EventDay(family: lines.line.family, day: day))
      }
    }
  }
}
