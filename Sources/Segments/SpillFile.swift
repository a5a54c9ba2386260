public import Bytes

/// One worker's temporary file of segments, made when memory first runs out.
public final class SpillFile {
  private let path: Path
  private var file: SegmentFileWriter?

  /// The most segments merged at once: each has a window in memory, and may be a file of its own.
  private let mergeWidth: Int
  /// The windows of segments that are merged at once, in bytes; two always may be.
  private let windowLimit: Int

  /// The long records of all workers.
  public let longRecords: LongRecords

  public init(
    _ path: Path, mergeWidth: Int, windowLimit: Int = 8 << 20,
    longRecords: LongRecords = LongRecords()
  ) {
    self.path = path
    self.mergeWidth = mergeWidth
    self.windowLimit = windowLimit
    self.longRecords = longRecords
  }

  /// Does work with segments, while no other worker does any with long records if these have some.
  public func takingTurns<Result>(
    over segments: [any Segment], _ work: () throws -> Result
  ) rethrows -> Result {
    let isLong = segments.contains { $0.windowByteCount > windowLimit / 2 }
    return isLong ? try longRecords.oneAtATime(work) : try work()
  }

  /// Writes segments, those of one cell merged into one, and those of one family's rejected records.
  ///
  /// `segments`: in the order of their cells and families.
  public func write(
    _ segments: SortedSegments, _ sources: SourceTable
  ) throws -> SortedSegments {
    var written = SortedSegments()
    let cells = try mergeNeighbours(segments.cells.map { ($0.cell, $0.segment) }, sources)
    written.cells = cells.segments.map { ($0.0, $0.1) }
    written.duplicateCount = cells.droppedCount
    let rejected = try mergeNeighbours(
      segments.rejected.map { ($0.family, $0.segment) }, sources)
    written.rejected = rejected.segments.map { ($0.0, $0.1) }
    return written
  }

  private func mergeNeighbours<Key: Equatable>(
    _ segments: [(Key, any Segment)], _ sources: SourceTable
  ) throws -> (segments: [(Key, any Segment)], droppedCount: Int) {
    var written: [(Key, any Segment)] = []
    var droppedCount = 0
    var next = 0
    while next < segments.count {
      let key = segments[next].0
      let end = segments[next...].firstIndex { $0.0 != key } ?? segments.count
      let (segment, dropped) = try merged(segments[next..<end].map(\.1), sources)
      written.append((key, segment))
      droppedCount += dropped
      next = end
    }
    return (written, droppedCount)
  }

  /// Merges segments of one cell into one on disk.
  public func merged(
    _ segments: [any Segment], _ sources: SourceTable
  ) throws -> (segment: FileSegment, droppedCount: Int) {
    try open().append(merging: segments, sources)
  }

  /// Merges segments of one cell or day on disk until few enough are left to be merged at once.
  ///
  /// - Returns: What is left to merge, and how many copies were dropped.
  public func mergePasses(
    over segments: [any Segment], _ sources: SourceTable
  ) throws -> (segments: [any Segment], droppedCount: Int) {
    var segments = segments
    var droppedCount = 0
    while true {
      let group = Array(segments.prefix(countToMerge(of: segments)))
      if group.count == segments.count { break }
      let (segment, dropped) = try merged(group, sources)
      droppedCount += dropped
      segments.removeFirst(group.count)
      segments.append(segment)
    }
    return (segments, droppedCount)
  }

  /// How many of the first segments may be merged at once.
  private func countToMerge(of segments: [any Segment]) -> Int {
    var byteCount = 0
    for (place, segment) in segments.prefix(mergeWidth).enumerated() {
      byteCount += segment.windowByteCount
      if place >= 2 && byteCount > windowLimit { return place }
    }
    return min(segments.count, mergeWidth)
  }

  private func open() throws -> SegmentFileWriter {
    if let file { return file }
    let made = try SegmentFileWriter(path, longRecords: longRecords)
    file = made
    return made
  }
}
