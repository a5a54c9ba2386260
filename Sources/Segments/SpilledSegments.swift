/// Segments on disk that wait, by the number of their cell.
///
/// There may be one for each account, region and day of a year, so that each takes 32 bytes beside its cell's
/// number.
public struct SpilledSegments: Sendable {
  private struct Item {
    var start: Int
    var byteCount: Int
    var recordCount: UInt32
    var windowByteCount: UInt32
    var file: UInt32
    /// The one before of the same cell, or the free place before; itself for none.
    var previous: UInt32
  }

  private var files: [NamelessFile] = []
  private var items: [Item] = []
  /// The last one of each cell.
  private var last: [UInt32: UInt32] = [:]
  private var lastFree: UInt32?

  public init() {}

  /// The cells that have some, in any order.
  public var cells: Dictionary<UInt32, UInt32>.Keys { last.keys }

  /// Adds a segment.
  public mutating func append(_ segment: FileSegment, to cell: UInt32) {
    let place = lastFree ?? UInt32(items.count)
    let item = Item(
      start: segment.range.lowerBound, byteCount: segment.range.count,
      recordCount: UInt32(segment.recordCount), windowByteCount: UInt32(segment.windowByteCount),
      file: number(of: segment.file), previous: last[cell] ?? place)
    if lastFree == nil {
      items.append(item)
    } else {
      let free = items[Int(place)].previous
      lastFree = free == place ? nil : free
      items[Int(place)] = item
    }
    last[cell] = place
  }

  /// Takes out the segments of a cell, in the order in which they came.
  public mutating func take(_ cell: UInt32) -> [FileSegment] {
    guard var place = last.removeValue(forKey: cell) else { return [] }
    var taken: [FileSegment] = []
    while true {
      let item = items[Int(place)]
      taken.append(
        FileSegment(
          files[Int(item.file)], item.start..<(item.start + item.byteCount),
          recordCount: Int(item.recordCount), longestBlock: Int(item.windowByteCount)))
      items[Int(place)].previous = lastFree ?? place
      lastFree = place
      if item.previous == place { break }
      place = item.previous
    }
    return taken.reversed()
  }

  /// Each worker has one file.
  private mutating func number(of file: NamelessFile) -> UInt32 {
    if let number = files.lastIndex(where: { $0 === file }) { return UInt32(number) }
    files.append(file)
    return UInt32(files.count - 1)
  }
}
