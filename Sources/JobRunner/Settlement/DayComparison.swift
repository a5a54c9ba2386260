import Bytes
import CloudTrail
import Dataset
import Reading
import Segments
import Writing

/// Compares what a dataset held of one family's event day with what its rebuild holds.
///
/// A record's text names its day, so that no other day can hold it. Cells whose files come out the
/// same need no look. The records of the others are merged, old and new, and what only the old side
/// has is missing, unless it is among the conflicts now. Where the old files are damaged their index
/// tells at least which eventIDs they held.
struct DayComparison {
  let family: Family
  /// What the dataset held before.
  let before: WrittenCells
  let after: WrittenCells
  let sources: SourceTable
  /// Takes what only the old side has: the rebuild may keep it beside the events.
  let missing: MissingTexts
  /// Bytes of identities that may be in memory at once.
  let memory: Int

  /// Finds the records that no cell of the day has any more.
  ///
  /// - Parameters:
  ///   - old: The cells that the dataset had of the day.
  ///   - new: Those that the rebuild has.
  ///   - selector: Leaves out what the job does not select.
  ///   - runs: Takes what is too much to be merged at once.
  /// - Returns: Those of damaged files, by source; all others are among the missing texts.
  /// - Throws: `Stopped`, and what reading the new cells throws.
  func dropped(
    _ old: [Cell], _ new: [Cell], _ selector: StoredRecordSelector, _ runs: SpillFile
  ) throws -> DroppedRecords {
    let old = try old.filter { try !hasSameFiles($0) }
    if old.isEmpty { return DroppedRecords() }
    do {
      try compareByText(old, new, selector, runs)
      return DroppedRecords()
    } catch is DatasetError {
      return try comparedByID(old, new, selector)
    } catch let error as FileError where error.isDamage {
      return try comparedByID(old, new, selector)
    }
  }

  private func hasSameFiles(_ cell: Cell) throws -> Bool {
    guard let written = try after[cell] else { return false }
    let old = try before.dataset.storeFiles(of: cell).map(\.part)
    let new = written.storeIndexes.flatMap { written.partitions[$0].files.parts }
    return old.map(\.hash) == new.map(\.hash)
  }

  private func compareByText(
    _ old: [Cell], _ new: [Cell], _ selector: StoredRecordSelector, _ runs: SpillFile
  ) throws {
    let left = try runs.mergePasses(
      over: try old.compactMap { try before.stored($0) }, sources)
    let right = try runs.mergePasses(
      over: try new.compactMap { try after.current($0) }, sources)
    let segments =
      left.segments.map { SideOfComparison(records: $0, isWritten: false) }
      + right.segments.map { SideOfComparison(records: $0, isWritten: true) }
    try missing.addPart { add in
      _ = try merge(segments, sources) { entry, record, isOldOnly in
        let source = entry.source
        guard isOldOnly,
          selector.takes(record, of: family, from: try sources.path(source), number: source)
        else { return }
        try add(
          .init(
            family: family, content: RecordIdentity(hashing: record, kind: .content),
            identity: entry.identity, source: source, isListed: false))
      }
    }
  }

  /// Takes a record for kept when its eventID is: the old index knows no texts.
  private func comparedByID(
    _ old: [Cell], _ new: [Cell], _ selector: StoredRecordSelector
  ) throws -> DroppedRecords {
    let rowCount = new.reduce(0) { $0 + (after.rowCount(of: $1) ?? 0) }
    let passCount = rowCount * DayComparison.bytesOfIdentity / memory + 1
    var dropped = DroppedRecords()
    for pass in 0..<passCount {
      var held: Set<RecordIdentity> = []
      for cell in new {
        try after.rows(of: cell)?.forEachRow { row in
          if row.identity.pass(of: passCount) == pass { held.insert(row.identity) }
        }
      }
      for cell in old {
        let isReadable = try forEachOldRow(of: cell) { row in
          let source = row.place.source
          if row.identity.pass(of: passCount) == pass, !held.contains(row.identity),
            selector.takes(fileAt: try sources.path(source), number: source)
          {
            dropped.add(from: source)
          }
        }
        if !isReadable && pass == 0 {
          dropped.unreadableCount += try before.dataset.summary(of: cell)?.recordCount ?? 0
        }
      }
    }
    return dropped
  }

  /// An identity in a set, with the room that a set leaves empty.
  private static let bytesOfIdentity = 64

  /// Passes the rows that the old index has of a cell.
  ///
  /// - Returns: False when the index is damaged.
  private func forEachOldRow(of cell: Cell, _ body: (IndexRow) throws -> Void) throws -> Bool {
    do {
      let index = try before.index(of: cell)
      guard let range = index.range(of: cell) else { return false }
      try index.forEachRow(in: range, body)
      return true
    } catch is DatasetError {
      return false
    } catch let error as FileError where error.isDamage {
      return false
    }
  }
}

/// Records of one side; what the merge calls written is the new side.
private struct SideOfComparison: Segment {
  let records: any Segment
  let isWritten: Bool

  var recordCount: Int { records.recordCount }

  func cursor() throws -> any RecordCursor { try records.cursor() }
}
