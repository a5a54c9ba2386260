import Bytes

/// What a merge did with the records it took in.
public struct MergeCounts: Sendable, Equatable {
  /// Distinct texts that came out.
  public var merged = 0
  /// Of those, texts that no written segment had.
  public var added = 0
  /// Copies of a text that were dropped.
  public var duplicates = 0
  /// Written records whose place changed to that of an earlier path.
  public var moved = 0

  public init() {}
}

/// Merges segments of one cell into one stream in order, each text once.
///
/// Every copy of a text is dropped but one, which takes the place, path and index, that comes first.
/// Records of one eventID with different texts all come out: they are conflicts, and only the whole
/// dataset can tell.
///
/// `body`: gets each record's entry and bytes, and whether no written segment has the text.
///
/// - Throws: `Stopped` when a signal asks to stop, and what `body` and the segments throw.
/// - Complexity: O(records · log segments) comparisons; one window of each segment in memory.
public func merge(
  _ segments: [any Segment], _ sources: SourceTable,
  _ body: (Entry, Span<UInt8>, _ isAdded: Bool) throws -> Void
) throws -> MergeCounts {
  var counts = MergeCounts()
  var heap = MergeHeap<MergedCursor>()
  for segment in segments where segment.recordCount > 0 {
    heap.insert(MergedCursor(try segment.cursor(), isWritten: segment.isWritten))
  }
  while var first = heap.removeFirst() {
    var hasMore = true
    // A cursor is mostly first several times in a row: then it need not go back into the heap.
    repeat {
      try StopSignal.check()
      var entry = first.entry
      var writtenPlace = first.isWritten ? entry.place : nil
      try first.withRecord { record in
        while heap.isFirst({ $0.isCopy(of: first.entry, record) }), let next = heap.first {
          let place = next.entry.place
          counts.duplicates += 1
          if try sources.precedes(place, entry.place) { entry.place = place }
          if next.isWritten { writtenPlace = place }
          try heap.advanceFirst()
        }
        counts.merged += 1
        if let writtenPlace {
          if try sources.precedes(entry.place, writtenPlace) { counts.moved += 1 }
        } else {
          counts.added += 1
        }
        try body(entry, record, writtenPlace == nil)
      }
      hasMore = try first.advance()
    } while hasMore && !heap.isFirst({ !first.precedes($0) })
    if hasMore { heap.insert(first) }
  }
  return counts
}

/// The same for those who need not know which texts are new.
public func merge(
  _ segments: [any Segment], _ sources: SourceTable,
  _ body: (Entry, Span<UInt8>) throws -> Void
) throws -> MergeCounts {
  try merge(segments, sources) { entry, record, _ in try body(entry, record) }
}

/// A segment that is merged, by the record under its cursor.
private struct MergedCursor: MergeSource {
  private let cursor: any RecordCursor
  let isWritten: Bool
  /// Of the record under the cursor.
  private(set) var entry: Entry

  init(_ cursor: any RecordCursor, isWritten: Bool) {
    self.cursor = cursor
    self.isWritten = isWritten
    entry = cursor.entry
  }

  /// Goes to the next record; false at the end.
  mutating func advance() throws -> Bool {
    guard try cursor.advance() else { return false }
    entry = cursor.entry
    return true
  }

  func withRecord(_ body: (Span<UInt8>) throws -> Void) rethrows {
    try cursor.withRecord(body)
  }

  func precedes(_ other: MergedCursor) -> Bool {
    if let isFirst = entry.precedes(other.entry) { return isFirst }
    var order = 0
    withRecord { record in
      other.withRecord { order = RecordOrder.compare(entry, record, other.entry, $0) }
    }
    return order < 0
  }

  func isCopy(of other: Entry, _ record: Span<UInt8>) -> Bool {
    guard entry.mayCopy(other) else { return false }
    var isEqual = false
    withRecord { isEqual = $0.isEqual(to: record) }
    return isEqual
  }
}

extension MergeHeap<MergedCursor> {
  /// Moves the first cursor on, or drops it at its end.
  fileprivate mutating func advanceFirst() throws {
    guard var first else { return }
    let hasMore = try first.advance()
    replaceFirst(hasMore ? first : nil)
  }
}
