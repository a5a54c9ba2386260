import CloudTrail
import Segments

/// What merging is to do, slow and obvious: put all records in one array, sort it, drop copies.
struct MergeModel {
  /// One input of a merge: records in order, each text once.
  struct Part {
    var records: [MadeRecord]
    var isWritten = false
  }

  /// Each text once, at the first of its places.
  private(set) var records: [MadeRecord] = []
  private(set) var addedCount = 0
  private(set) var duplicateCount = 0
  private(set) var movedCount = 0

  init(_ parts: [Part], _ sources: SourceTable) {
    let all = parts.flatMap { part in part.records.map { (record: $0, isWritten: part.isWritten) } }
      .sorted { MadeRecord.precedes($0.record, $1.record) }
    var start = 0
    while start < all.count {
      var end = start
      while end < all.count, all[end].record.text == all[start].record.text { end += 1 }
      let copies = all[start..<end]
      let first = copies.map(\.record.place).reduce(copies[start].record.place) {
        MergeModel.isEarlier($1, than: $0, sources) ? $1 : $0
      }
      var record = copies[start].record
      record.place = first
      records.append(record)
      duplicateCount += copies.count - 1
      if let written = copies.first(where: \.isWritten) {
        movedCount += written.record.place == first ? 0 : 1
      } else {
        addedCount += 1
      }
      start = end
    }
  }

  private static func isEarlier(
    _ left: SourcePlace, than right: SourcePlace, _ sources: SourceTable
  ) -> Bool {
    guard let path = try? sources.path(left.source), let other = try? sources.path(right.source)
    else { return false }
    return path == other ? left.index < right.index : path < other
  }
}
