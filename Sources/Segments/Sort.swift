import Bytes

/// The stretch of a batch's entries that belongs to one cell.
public struct BatchRange: Sendable {
  public var cell: UInt32
  public var entries: Range<Int>
}

extension RecordBatch {
  /// Puts the entries in order, by cell and then as every output has them, and drops copies.
  ///
  /// Of equal texts the copy whose place comes first stays.
  ///
  /// - Returns: The stretch of each cell, and how many copies were dropped, by cell.
  /// - Complexity: O(entries · log entries).
  public func sortAndDropCopies(
    _ sources: SourceTable
  ) -> (ranges: [BatchRange], dropped: [UInt32: Int]) {
    var sorted = entries
    entries = []
    withBytes { bytes in
      sorted.sort { left, right in
        if left.cell != right.cell { return left.cell < right.cell }
        if let isFirst = left.precedes(right) { return isFirst }
        return RecordOrder.compare(
          left, bytes.extracting(left.range), right, bytes.extracting(right.range)) < 0
      }
    }
    let dropped = dropCopies(&sorted, sources)
    entries = sorted
    return (cellRanges(), dropped)
  }

  private func dropCopies(
    _ sorted: inout [Entry], _ sources: SourceTable
  ) -> [UInt32: Int] {
    guard !sorted.isEmpty else { return [:] }
    var dropped: [UInt32: Int] = [:]
    var kept = 0
    withBytes { bytes in
      for next in 1..<sorted.count {
        let (last, entry) = (sorted[kept], sorted[next])
        if last.cell == entry.cell && last.mayCopy(entry)
          && bytes.extracting(last.range).isEqual(to: bytes.extracting(entry.range))
        {
          dropped[entry.cell, default: 0] += 1
          if sources.precedes(entry.place, last.place) { sorted[kept].place = entry.place }
        } else {
          kept += 1
          if kept != next { sorted[kept] = entry }
        }
      }
    }
    sorted.removeSubrange((kept + 1)...)
    return dropped
  }

  private func cellRanges() -> [BatchRange] {
    var ranges: [BatchRange] = []
    var start = 0
    for end in 1...max(entries.count, 1)
    where start < entries.count
      && (end == entries.count || entries[end].cell != entries[start].cell)
    {
      ranges.append(BatchRange(cell: entries[start].cell, entries: start..<end))
      start = end
    }
    return ranges
  }
}
