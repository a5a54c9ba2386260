import Bytes
import CloudTrail
import Dataset
import JobFiles
import Reading
import Segments
import Writing

/// Counts the stored records that a rebuild leaves out because no input holds them any more.
struct LossCheck {
  private let context: RunContext
  private let reducer: Reducer
  private let replaced: StoredDataset
  /// The texts of the rebuild's side files.
  private let kept: Set<SideFile.Key>

  /// - Parameters:
  ///   - context: Of the rebuild.
  ///   - reducer: Has written all its cells.
  ///   - results: The rebuild's side files.
  /// - Returns: The files that the records came from; none for a run that is no rebuild.
  /// - Throws: What reading the records of the rebuild throws; `Stopped`.
  static func dropped(
    _ context: RunContext, _ reducer: Reducer, _ results: RunResults
  ) throws -> DroppedFiles {
    guard let replaced = context.baseline.replaced else {
      return try DroppedFiles(leaving: context.baseline)
    }
    if replaced.isUnreadable {
      return DroppedFiles(unreadable: context.job.allowLoss)
    }
    guard replaced.manifest.holdsRecords else { return DroppedFiles() }
    let (conflicts, rejected) = (results.settlement.conflicts, results.rejected)
    let check = LossCheck(
      context: context, reducer: reducer, replaced: replaced,
      kept: (conflicts?.keys ?? []).union(rejected?.keys ?? []))
    var dropped = try check.droppedEvents()
    dropped += try check.droppedSideRecords()
    return try DroppedFiles(dropped, reducer.sources, allowsLoss: context.job.allowLoss)
  }

  private init(
    context: RunContext, reducer: Reducer, replaced: StoredDataset, kept: Set<SideFile.Key>
  ) {
    (self.context, self.reducer) = (context, reducer)
    (self.replaced, self.kept) = (replaced, kept)
  }

  /// Compares the events day by day.
  private func droppedEvents() throws -> DroppedRecords {
    let families = Set(context.job.families)
    let old = replaced.manifest.files { file in
      if case .index(let day) = file, families.contains(day.family) { day } else { nil }
    }
    let before = WrittenCells(replaced, reducer.sources)
    let (context, reducer, kept) = (context, reducer, kept)
    let selector = storedSelection
    let memory = context.budget / 2 / context.workers.count
    let dropped = try context.workers.map(
      old.count,
      with: { worker in (selector: selector(), runs: try context.spillFile(worker, sharing: 2)) },
      { number, tools in
        let day = old[number]
        let cells = try replaced.list(Period(day.day)).cells.keys.filter { $0.eventDay == day }
        let comparison = DayComparison(
          family: day.family, before: before, after: reducer.cells, sources: reducer.sources,
          kept: kept, memory: memory)
        return try comparison.dropped(
          cells.sorted(), try reducer.cells.cells(of: day), tools.selector, tools.runs)
      })
    return dropped.reduce(into: DroppedRecords(), +=)
  }

  /// Makes what decides whether the job selects a stored record.
  private var storedSelection: @Sendable () -> StoredRecordSelector {
    let (records, files) = (context.recordFilter, context.job.select.fileFilter)
    let cellTable = reducer.cellTable
    return { StoredRecordSelector(records, files, cells: cellTable) }
  }

  /// Compares the side files: a text must be in one of the new ones, or among the events.
  private func droppedSideRecords() throws -> DroppedRecords {
    var dropped = DroppedRecords()
    let files = replaced.manifest.files { file in
      switch file {
      case .conflicts, .ofDelivery(.rejected, _): file
      default: nil
      }
    }
    let newTexts = try NewTexts(try context.scratch.path("replaced"))
    let selector = storedSelection()
    var missing: [SideFile.Key: (identity: RecordIdentity, source: UInt32)] = [:]
    for name in files {
      do {
        try addMissing(of: SideFile(name, of: replaced, newTexts), selector, to: &missing)
      } catch is DatasetError {
        // How many records it had nobody can tell: one is enough to ask.
        dropped.unreadableCount += 1
      }
    }
    if missing.isEmpty { return dropped }
    try forEachEvent(with: Set(missing.values.map(\.identity))) { key in missing[key] = nil }
    for text in missing.values { dropped.add(from: text.source) }
    return dropped
  }

  /// Adds the texts of a side file that are in none of the new ones.
  private func addMissing(
    of file: SideFile, _ selector: StoredRecordSelector,
    to missing: inout [SideFile.Key: (identity: RecordIdentity, source: UInt32)]
  ) throws {
    let (families, sources) = (Set(context.job.families), reducer.sources)
    let isMissing = { (key: SideFile.Key, _: SideFile.Entry) in
      !kept.contains(key) && families.contains(key.family)
    }
    try file.forEach(where: isMissing) { key, entry, record in
      let source = try sources.number(of: entry.place.path)
      if selector.takes(record, of: key.family, from: entry.place.path, number: source) {
        missing[key] = (entry.identity, source)
      }
    }
  }

  /// Passes the texts of the rebuild's events that have one of some identities.
  private func forEachEvent(
    with identities: Set<RecordIdentity>, _ body: (SideFile.Key) -> Void
  ) throws {
    for cell in try reducer.cells.days.flatMap({ try reducer.cells.cells(of: $0) }) {
      guard let written = try reducer.cells[cell] else { continue }
      var isWanted = false
      try written.rows.forEachRow { isWanted = isWanted || identities.contains($0.identity) }
      guard isWanted else { continue }
      _ = try merge([written.segment(cell.family)], reducer.sources) { entry, record in
        guard identities.contains(entry.identity) else { return }
        body(
          SideFile.Key(
            content: RecordIdentity(hashing: record, kind: .content), family: cell.family))
      }
    }
  }
}
