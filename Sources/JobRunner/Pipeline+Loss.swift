import Bytes
import CloudTrail
import Dataset
import JobFiles
import Reading
import Segments
import Writing

/// What a rebuild would drop.
extension Pipeline {
  /// Counts the stored records that the rebuild leaves out because no input holds them any more.
  ///
  /// - Parameters:
  ///   - conflicts: The side file of conflicts, as the rebuild has it.
  ///   - rejected: That of rejected records.
  /// - Returns: Whether the commit may go on.
  /// - Throws: What reading the records of the rebuild throws; `Stopped`.
  mutating func checkLoss(_ conflicts: SideFile?, _ rejected: SideFile?) throws -> Bool {
    guard let replaced = preparation.replaced, replaced.holdsRecords else { return true }
    let kept = (conflicts?.keys ?? []).union(rejected?.keys ?? [])
    var dropped = try droppedEvents(replaced, kept)
    dropped += try droppedSideRecords(replaced, kept)
    noteLoss(dropped)
    return dropped.isEmpty || job.allowLoss
  }

  private mutating func noteLoss(_ dropped: DroppedRecords) {
    counts.records.dropped = dropped.count
    report.dropped = dropped.countBySource.map { (sources.path($0.key), $0.value) }
      .map { RunReport.DroppedFile(source: $0.0, recordCount: $0.1) }
      .sorted { $0.source < $1.source }
    let advice =
      job.allowLoss
      ? "--allow-loss lets them go"
      : "nothing was committed; bring the files back, or let the records go with --allow-loss"
    if dropped.unreadableCount > 0 {
      report.notes.append(
        "\(counted(dropped.unreadableCount, "stored record")) cannot be read, so that it cannot be "
          + "told whether the inputs still hold them: \(advice)")
    }
    if dropped.count > 0 {
      report.notes.append(
        "\(counted(dropped.count, "stored record")) of "
          + "\(counted(report.dropped.count, "file")) would be dropped, since no input holds them "
          + "any more: \(advice)")
    }
  }

  /// Compares the events day by day.
  private func droppedEvents(
    _ replaced: Manifest, _ kept: Set<SideFile.Key>
  ) throws -> DroppedRecords {
    let families = Set(job.families)
    let old = Dictionary(grouping: replaced.cells.keys, by: \.eventDay)
      .filter { families.contains($0.key.family) }.sorted { $0.key < $1.key }
    let new = Dictionary(grouping: cells.all.keys, by: \.eventDay)
    let (before, after, sources) = (
      WrittenCells(preparation.layout, replaced, sources), cells, sources
    )
    let (context, selection) = (WritingContext(self), storedSelection)
    let memory = budget / 2 / workers.count
    let dropped = try workers.map(
      old.count,
      with: { worker in (selector: selection(), runs: try context.spillFile(worker, sharing: 2)) },
      { number, tools in
        let day = old[number].key
        let comparison = DayComparison(
          family: day.family, before: before, after: after, sources: sources, kept: kept,
          memory: memory)
        return try comparison.dropped(
          old[number].value.sorted(), (new[day] ?? []).sorted(), tools.selector, tools.runs)
      })
    return dropped.reduce(into: DroppedRecords(), +=)
  }

  /// Makes what decides whether the job selects a stored record.
  private var storedSelection: @Sendable () -> StoredRecordSelector {
    let (records, files, cellTable) = (recordFilter, job.select.fileFilter, cellTable)
    return { StoredRecordSelector(records, files, cells: cellTable) }
  }

  /// Compares the side files: a text must be in one of the new ones, or among the events.
  private func droppedSideRecords(
    _ replaced: Manifest, _ kept: Set<SideFile.Key>
  ) throws -> DroppedRecords {
    var dropped = DroppedRecords()
    let layout = preparation.layout
    for (path, count) in [
      (layout.conflicts, replaced.conflictCount), (layout.rejected, replaced.rejectedCount),
    ] where count > 0 {
      do {
        let file = try SideFile(path, scratch: try scratch.path("replaced"))
        try addDropped(of: file, kept, to: &dropped)
      } catch is DatasetError {
        dropped.unreadableCount += count
      }
    }
    return dropped
  }

  private func addDropped(
    of file: SideFile, _ kept: Set<SideFile.Key>, to dropped: inout DroppedRecords
  ) throws {
    let selector = storedSelection()
    let families = Set(job.families)
    var missing: [SideFile.Key: (identity: RecordIdentity, source: UInt32)] = [:]
    let isMissing = { (key: SideFile.Key, _: SideFile.Entry) in
      !kept.contains(key) && families.contains(key.family)
    }
    try file.forEach(where: isMissing) { key, entry, record in
      let source = sources.number(of: entry.path)
      if selector.takes(record, of: key.family, from: entry.path, number: source) {
        missing[key] = (entry.identity, source)
      }
    }
    if missing.isEmpty { return }
    try forEachEvent(with: Set(missing.values.map(\.identity))) { key in missing[key] = nil }
    for text in missing.values { dropped.add(from: text.source) }
  }

  /// Passes the texts of the rebuild's events that have one of some identities.
  private func forEachEvent(
    with identities: Set<RecordIdentity>, _ body: (SideFile.Key) -> Void
  ) throws {
    for (cell, written) in cells.all {
      var isWanted = false
      try written.rows.forEachRow { isWanted = isWanted || identities.contains($0.identity) }
      guard isWanted else { continue }
      _ = try merge([written.segment(cell.family)], sources) { entry, record in
        guard identities.contains(entry.identity) else { return }
        body(
          SideFile.Key(
            content: RecordIdentity(hashing: record, kind: .content), family: cell.family))
      }
    }
  }
}
