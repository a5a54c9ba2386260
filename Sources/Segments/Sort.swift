import Bytes
public import CloudTrail

/// Where a sorted batch has the entries of each cell, and of each family's rejected records.
public struct SortedRanges: Sendable {
  public var cells: [(cell: UInt32, entries: Range<Int>)] = []
  public var rejected: [(family: Family, entries: Range<Int>)] = []
  /// Copies of events that were dropped.
  public var duplicateCount = 0
}

extension RecordBatch {
  /// Puts the entries in order, by cell and then as every output has them, and drops copies; those
  /// of rejected records come after them, by family.
  ///
  /// Of equal texts the copy whose place comes first stays: all are of files of this run, whose numbers
  /// are in the order of their paths.
  ///
  /// - Complexity: O(entries · log entries).
  public func sortAndDropCopies() -> SortedRanges {
    var ranges = SortedRanges()
    var sorted = entries
    entries = []
    ranges.duplicateCount = sort(&sorted)
    ranges.cells = RecordBatch.cellRanges(sorted)
    for family in Family.allCases where !rejected.isEmpty {
      var own = rejected.compactMap { $0.family == family ? $0.entry : nil }
      if own.isEmpty { continue }
      _ = sort(&own)
      ranges.rejected.append((family, sorted.count..<(sorted.count + own.count)))
      sorted += own
    }
    rejected = []
    entries = sorted
    return ranges
  }

  /// Sorts entries and drops copies.
  ///
  /// What is sorted are short keys, which nearly always tell; the entries are looked at where they do not.
  ///
  /// - Returns: How many copies were dropped.
  private func sort(_ entries: inout [Entry]) -> Int {
    var keys = entries.indices.map { SortKey(entries[$0], at: $0) }
    withBytes { bytes in
      keys.sort { one, other in
        if one.cell != other.cell { return one.cell < other.cell }
        if one.seconds != other.seconds { return one.seconds < other.seconds }
        let (left, right) = (entries[Int(one.place)], entries[Int(other.place)])
        if let isFirst = left.precedes(right) { return isFirst }
        return RecordOrder.compare(
          left, bytes.extracting(left.range), right, bytes.extracting(right.range)) < 0
      }
    }
    entries = keys.map { entries[Int($0.place)] }
    return dropCopies(&entries)
  }

  private func dropCopies(_ sorted: inout [Entry]) -> Int {
    guard !sorted.isEmpty else { return 0 }
    var kept = 0
    withBytes { bytes in
      for next in 1..<sorted.count {
        let (last, entry) = (sorted[kept], sorted[next])
        if last.cell == entry.cell && last.mayCopy(entry)
          && bytes.extracting(last.range).isEqual(to: bytes.extracting(entry.range))
        {
          if entry.place < last.place { sorted[kept].place = entry.place }
        } else {
          kept += 1
          if kept != next { sorted[kept] = entry }
        }
      }
    }
    let dropped = sorted.count - (kept + 1)
    sorted.removeSubrange((kept + 1)...)
    return dropped
  }

  private static func cellRanges(_ sorted: [Entry]) -> [(cell: UInt32, entries: Range<Int>)] {
    var ranges: [(cell: UInt32, entries: Range<Int>)] = []
    var start = 0
    for end in 1...max(sorted.count, 1)
    where start < sorted.count && (end == sorted.count || sorted[end].cell != sorted[start].cell) {
      ranges.append((sorted[start].cell, start..<end))
      start = end
    }
    return ranges
  }
}

/// What mostly decides an entry's place, and where the entry is.
private struct SortKey {
  let seconds: Int64
  let cell: UInt32
  let place: UInt32

  init(_ entry: Entry, at place: Int) {
    seconds = entry.time.seconds
    cell = entry.cell
    self.place = UInt32(place)
  }
}
