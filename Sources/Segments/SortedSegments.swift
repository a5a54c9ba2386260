public import CloudTrail

/// Segments of cells and of rejected records, and how many copies were dropped while they were made.
public struct SortedSegments {
  public var cells: [(cell: UInt32, segment: any Segment)] = []
  public var rejected: [(family: Family, segment: any Segment)] = []
  /// Copies of events; those of rejected records count as rejected.
  public var duplicateCount = 0

  public init() {}

  /// Sorts a full batch and takes it apart; it goes back to the pool with the last of the segments.
  public init(sorting batch: RecordBatch, from pool: BatchPool) {
    let ranges = batch.sortAndDropCopies()
    let lease = BatchLease(batch, pool)
    cells = ranges.cells.map { ($0.cell, MemorySegment(batch, $0.entries, lease: lease)) }
    rejected = ranges.rejected.map {
      ($0.family, MemorySegment(batch, $0.entries, lease: lease))
    }
    duplicateCount = ranges.duplicateCount
  }

  public var isEmpty: Bool { cells.isEmpty && rejected.isEmpty }

  public mutating func append(_ other: SortedSegments) {
    cells += other.cells
    rejected += other.rejected
    duplicateCount += other.duplicateCount
  }

  /// Takes out what is in memory, in the order of cells and families.
  public mutating func takeInMemory() -> SortedSegments {
    var taken = SortedSegments()
    taken.cells = cells.filter(\.segment.isInMemory).sorted { $0.cell < $1.cell }
    taken.rejected = rejected.filter(\.segment.isInMemory)
      .sorted { $0.family.rawValue < $1.family.rawValue }
    cells.removeAll(where: \.segment.isInMemory)
    rejected.removeAll(where: \.segment.isInMemory)
    return taken
  }
}
