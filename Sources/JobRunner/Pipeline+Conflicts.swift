import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

extension Pipeline {
  /// Finds eventIDs that stand more than once and leaves one text of each in the cells.
  ///
  /// - Returns: The side file of the others, if it changed.
  mutating func settleConflicts() throws -> SideFile? {
    let written = cells.all
    let others = preparation.manifest.cells.keys.filter { written[$0] == nil }.sorted()
    // Families are never mixed: one id may stand in each of them.
    var doubles: [Family: [RecordIdentity: Set<Cell>]] = [:]
    for family in Family.allCases {
      let check = UniquenessCheck(
        written: written.filter { $0.key.family == family }.sorted { $0.key < $1.key }
          .map { ($0.key, $0.value.rows) },
        others: others.filter { $0.family == family }, cells: cells, memory: budget / 2)
      let found = try check.run(workers)
      if !found.isEmpty { doubles[family] = found }
    }
    guard !doubles.isEmpty || isConflictsFileReplaced else { return nil }
    let listed = try sideFile(preparation.layout.conflicts, "conflicts")
    var resolution = ConflictResolution(cells, sources)
    for (family, found) in doubles { try resolution.resolve(found, family, listed: listed) }
    counts.records.written -= resolution.counts.unwritten
    counts.records.duplicates += resolution.counts.duplicates
    counts.records.conflicts = resolution.counts.conflicts
    counts.records.replaced = resolution.counts.replaced
    try writeAnew(Set(doubles.values.flatMap(\.keys)), resolution.drops)
    return listed
  }

  private var isConflictsFileReplaced: Bool { (preparation.replaced?.conflictCount ?? 0) > 0 }

  /// Opens a side file; that of a dataset made again begins empty.
  func sideFile(_ path: Path, _ name: String) throws -> SideFile {
    try SideFile(
      preparation.replaced == nil ? path : nil, scratch: try scratch.path(name))
  }

  /// Writes cells again without the texts that lost.
  private func writeAnew(
    _ identities: Set<RecordIdentity>, _ drops: [Cell: Set<RecordIdentity>]
  ) throws {
    let affected = drops.keys.sorted()
    let context = WritingContext(self)
    try workers.forEach(
      affected.count, with: { try context.cellWriter($0) },
      { number, writer in
        let losers = drops[affected[number]] ?? []
        try writer.write(affected[number], adding: []) { entry, record in
          identities.contains(entry.identity)
            && losers.contains(RecordIdentity(hashing: record, kind: .content))
        }
      })
  }

  /// Adds the rejected records to their side file.
  ///
  /// - Returns: The side file, if it changed.
  mutating func keepRejected(_ rejected: [Family: [any Segment]]) throws -> SideFile? {
    guard !rejected.isEmpty || (preparation.replaced?.rejectedCount ?? 0) > 0 else { return nil }
    let listed = try sideFile(preparation.layout.rejected, "rejected")
    for (family, segments) in rejected {
      _ = try merge(segments, sources) { entry, record in
        let reason = RejectionReason(record)
        try listed.add(
          record, of: family, identity: entry.identity, reason: reason.text,
          eventID: reason.eventID, path: sources.path(entry.source), index: Int(entry.index))
      }
    }
    return listed
  }
}

/// Why a record is rejected, read off the record itself.
struct RejectionReason {
  var text: String
  /// The decoded eventID, if it has one that can be used.
  var eventID: [UInt8]?

  init(_ record: Span<UInt8>) {
    guard let object = try? JSONObject(record) else {
      text = "not a JSON object"
      return
    }
    eventID = (object.bytes("eventID") ?? object.bytes("eventId")).flatMap {
      $0.isEmpty ? nil : $0
    }
    if let key = ["CloudTrailEvent", "message"].first(where: { object.string($0) != nil }),
      eventID == nil
    {
      text = "the text of \(key) is not a JSON object"
    } else if object.object("timeWindow") != nil, object.raw("eventTime") == nil {
      text = "timeWindow has no windowStart that is a time"
    } else if object.raw("eventTime") == nil {
      text = "no eventTime"
    } else if object.string("eventTime") == nil {
      text = "eventTime is not a string"
    } else {
      text = "eventTime is not a time"
    }
  }
}
