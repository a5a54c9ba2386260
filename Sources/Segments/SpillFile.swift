public import Bytes

/// Segments by cell, and how many copies were dropped while they were made.
public struct Sealed {
  public var segments: [(cell: UInt32, segment: any Segment)] = []
  public var dropped: [UInt32: Int] = [:]

  public init(
    segments: [(cell: UInt32, segment: any Segment)] = [], dropped: [UInt32: Int] = [:]
  ) {
    self.segments = segments
    self.dropped = dropped
  }

  public mutating func append(_ other: Sealed) {
    segments += other.segments
    dropped.merge(other.dropped, uniquingKeysWith: +)
  }
}

/// One worker's run file, made when memory first runs out.
public final class SpillFile {
  private let path: Path
  private var run: RunFile?
  private var buffer = ByteBuffer()

  /// The most segments merged at once: each has a window in memory, and may be a file of its own.
  private let mergeWidth: Int

  public init(_ path: Path, mergeWidth: Int) {
    self.path = path
    self.mergeWidth = mergeWidth
  }

  /// Writes segments, those of one cell merged into one.
  ///
  /// `segments`: in the order of their cells.
  public func write(
    _ segments: [(cell: UInt32, segment: any Segment)], _ sources: SourceTable
  ) throws -> Sealed {
    var written = Sealed()
    var next = 0
    while next < segments.count {
      let cell = segments[next].cell
      let end = segments[next...].firstIndex { $0.cell != cell } ?? segments.count
      let (segment, dropped) = try merged(segments[next..<end].map(\.segment), sources)
      written.segments.append((cell, segment))
      if dropped > 0 { written.dropped[cell, default: 0] += dropped }
      next = end
    }
    return written
  }

  /// Merges segments of one cell into one on disk.
  public func merged(
    _ segments: [any Segment], _ sources: SourceTable
  ) throws -> (segment: RunSegment, droppedCount: Int) {
    try open().append(merging: segments, sources, &buffer)
  }

  /// Merges segments of one cell or day on disk until few enough are left to be merged at once.
  ///
  /// - Returns: What is left to merge, and how many copies were dropped.
  public func narrowed(
    _ segments: [any Segment], _ sources: SourceTable
  ) throws -> (segments: [any Segment], droppedCount: Int) {
    var segments = segments
    var droppedCount = 0
    while segments.count > mergeWidth {
      let group = Array(segments.prefix(mergeWidth))
      let (segment, dropped) = try merged(group, sources)
      droppedCount += dropped
      segments.removeFirst(group.count)
      segments.append(segment)
    }
    return (segments, droppedCount)
  }

  private func open() throws -> RunFile {
    if let run { return run }
    let made = try RunFile(path)
    run = made
    return made
  }
}
