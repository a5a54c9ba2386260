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
  /// Finds the dataset's texts that neither an event nor a side file of the rebuild has.
  private let missing: MissingTexts

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
    let check = LossCheck(
      context: context, reducer: reducer, replaced: replaced,
      missing: MissingTexts(sorting: context.rowSorter("missing")))
    for kept in [results.settlement.conflicts, results.rejected] {
      try kept?.forEachAdded(check.missing.keep)
    }
    let dropped = try check.dropped()
    return try DroppedFiles(dropped, reducer.sources, allowsLoss: context.job.allowLoss)
  }

  private init(
    context: RunContext, reducer: Reducer, replaced: StoredDataset, missing: MissingTexts
  ) {
    (self.context, self.reducer) = (context, reducer)
    (self.replaced, self.missing) = (replaced, missing)
  }

  private func dropped() throws -> DroppedRecords {
    var dropped = try compareEvents()
    dropped.unreadableCount += try addListed()
    // What was listed in a side file may be an event now.
    let listed = MissingTexts(sorting: context.rowSorter("missing-lines"))
    let identities = context.rowSorter("missing-identities")
    var row = ByteBuffer(capacity: 16)
    try listed.addPart { add in
      try missing.forEachMissing { text in
        guard text.isListed else { return dropped.add(from: text.source) }
        try add(text)
        row.removeAll()
        row.append(row: text.identity)
        try identities.append(row.bytes)
      }
    }
    if identities.count == 0 { return dropped }
    try forEachEvent(with: try identities.finish(), listed.keep)
    try listed.forEachMissing { dropped.add(from: $0.source) }
    return dropped
  }

  /// Compares the events day by day.
  ///
  /// - Returns: Those that damaged files held; all others that the rebuild lacks are among the missing.
  private func compareEvents() throws -> DroppedRecords {
    let families = Set(context.job.families)
    let old = replaced.manifest.eventDays.filter { families.contains($0.family) }
    let before = WrittenCells(
      replaced, reducer.sources, longRecords: context.longRecords)
    let (context, reducer, missing) = (context, reducer, missing)
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
          missing: missing, memory: memory)
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

  /// Adds the texts of the side files.
  ///
  /// - Returns: How many of the files are damaged: how many records they had nobody can tell, and one is
  ///   enough to ask.
  private func addListed() throws -> Int {
    let files = replaced.manifest.files { file in
      switch file {
      case .conflicts, .ofDelivery(.rejected, _): file
      default: nil
      }
    }
    let selector = storedSelection()
    var damagedCount = 0
    for name in files {
      do {
        try missing.addPart { add in
          guard let file = try SideFileReader(name, of: replaced) else { return }
          try self.add(file, selector, add)
        }
      } catch is DatasetError {
        damagedCount += 1
      }
    }
    return damagedCount
  }

  /// Adds the texts of a side file that the job selects.
  private func add(
    _ file: SideFileReader, _ selector: StoredRecordSelector,
    _ add: (MissingTexts.Text) throws -> Void
  ) throws {
    let (families, sources) = (Set(context.job.families), reducer.sources)
    // Neighbours are mostly of one file.
    var source: (path: Path, number: UInt32)?
    while try file.next() {
      let line = file.line
      guard families.contains(line.family) else { continue }
      let path = line.place.path
      let known = source?.path == path ? source?.number : nil
      let number = try known ?? sources.number(of: path)
      source = (path, number)
      guard selector.takes(line.record.span, of: line.family, from: path, number: number) else {
        continue
      }
      try add(
        .init(
          family: line.family, content: line.content, identity: line.identity, source: number,
          isListed: true))
    }
  }

  /// Passes the texts of the rebuild's events that have one of some identities.
  ///
  /// `rows`: The identities; as many passes are made as the memory asks for.
  private func forEachEvent(
    with rows: SortedRows, _ body: (Family, RecordIdentity) throws -> Void
  ) throws {
    let size = IdentitySet.count(in: context.budget / 8)
    var hasMore = true
    while hasMore {
      var identities = IdentitySet()
      while identities.count < size, hasMore {
        hasMore = try rows.next()
        if hasMore {
          rows.withRow { row in
            var parts = RowReader(row)
            identities.append(parts.identity())
          }
        }
      }
      try forEachEvent(with: identities, body)
    }
  }

  private func forEachEvent(
    with identities: IdentitySet, _ body: (Family, RecordIdentity) throws -> Void
  ) throws {
    for cell in try reducer.cells.days.flatMap({ try reducer.cells.cells(of: $0) }) {
      guard let written = try reducer.cells[cell] else { continue }
      var isWanted = false
      try written.rows.forEachRow { isWanted = isWanted || identities.has($0.identity) }
      guard isWanted else { continue }
      _ = try merge([written.segment(cell.family, context.longRecords)], reducer.sources) {
        entry, record in
        guard identities.has(entry.identity) else { return }
        try body(cell.family, RecordIdentity(hashing: record, kind: .content))
      }
    }
  }
}
