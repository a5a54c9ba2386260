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
  var heap = CursorHeap()
  for segment in segments where segment.recordCount > 0 {
    heap.insert(CursorHeap.Node(cursor: try segment.cursor(), isWritten: segment.isWritten))
  }
  while let first = heap.removeFirst() {
    var hasMore = true
    // A cursor is mostly first several times in a row: then it need not go back into the heap.
    repeat {
      try StopSignal.check()
      var entry = first.cursor.entry
      var writtenPlace = first.isWritten ? entry.place : nil
      try first.cursor.withRecord { record in
        while let next = heap.first, next.isCopy(of: first.cursor.entry, record) {
          let place = next.cursor.entry.place
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
      hasMore = try first.cursor.advance()
    } while hasMore && heap.isBehind(first)
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

/// Cursors by the record under them, the first in order on top.
private struct CursorHeap {
  struct Node {
    var cursor: any RecordCursor
    var isWritten: Bool

    func precedes(_ other: Node) -> Bool {
      let (mine, theirs) = (cursor.entry, other.cursor.entry)
      if let isFirst = mine.precedes(theirs) { return isFirst }
      var order = 0
      cursor.withRecord { record in
        other.cursor.withRecord { order = RecordOrder.compare(mine, record, theirs, $0) }
      }
      return order < 0
    }

    func isCopy(of entry: Entry, _ record: Span<UInt8>) -> Bool {
      guard cursor.entry.mayCopy(entry) else { return false }
      var isEqual = false
      cursor.withRecord { isEqual = $0.isEqual(to: record) }
      return isEqual
    }
  }

  private var nodes: [Node] = []

  var first: Node? { nodes.first }

  /// Whether `node` comes before all that are in here.
  func isBehind(_ node: Node) -> Bool {
    guard let first = nodes.first else { return true }
    return node.precedes(first)
  }

  mutating func insert(_ node: Node) {
    nodes.append(node)
    var child = nodes.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard nodes[child].precedes(nodes[parent]) else { return }
      nodes.swapAt(child, parent)
      child = parent
    }
  }

  mutating func removeFirst() -> Node? {
    guard let first = nodes.first, let last = nodes.popLast() else { return nil }
    if !nodes.isEmpty {
      nodes[0] = last
      siftDown()
    }
    return first
  }

  /// Moves the first cursor on, or drops it at its end.
  mutating func advanceFirst() throws {
    guard let first = nodes.first else { return }
    if try first.cursor.advance() { siftDown() } else { _ = removeFirst() }
  }

  private mutating func siftDown() {
    var parent = 0
    while true {
      var least = 2 * parent + 1
      guard least < nodes.count else { return }
      if least + 1 < nodes.count, nodes[least + 1].precedes(nodes[least]) { least += 1 }
      guard nodes[least].precedes(nodes[parent]) else { return }
      nodes.swapAt(parent, least)
      parent = least
    }
  }
}
