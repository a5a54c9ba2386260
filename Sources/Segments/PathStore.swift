import Bytes
import CloudTrail
import Synchronization

/// Paths by number, in blocks, the older ones on disk.
struct PathStore: ~Copyable, Sendable {
  struct Item: Sendable {
    var path: Path
    var delivery: Day?
  }

  /// Where a block is.
  enum Place: Sendable {
    case memory([UInt8])
    case disk(NamelessFile, Range<Int>)
  }

  /// How many paths a block has.
  static let blockSize = 256
  /// Bytes of blocks that stay in memory.
  private static let memory = 1 << 20

  private let scratch: (@Sendable () throws -> Path)?
  private(set) var count: UInt32 = 0
  /// Where each block begins, counted over all of them.
  private var starts: [Int] = []
  /// What is not on disk.
  private var tail = ByteBuffer()
  private var tailStart = 0
  private var file: NamelessFile?
  private var writer = PrefixWriter()

  init(_ scratch: (@Sendable () throws -> Path)?) {
    self.scratch = scratch
  }

  mutating func append(_ path: Path, _ delivery: Day?) throws {
    if Int(count) % PathStore.blockSize == 0 {
      if tail.count >= PathStore.memory { try writeTail() }
      starts.append(tailStart + tail.count)
      writer.restart()
    }
    writer.append(path.bytes, to: &tail)
    tail.append(varint: delivery.map { Int($0.daysSince1970) + PathStore.dayOffset } ?? 0)
    count += 1
  }

  /// Makes days of all years positive.
  private static let dayOffset = 1 << 32

  private mutating func writeTail() throws {
    guard let scratch else { return }
    let file = try self.file ?? NamelessFile(try scratch())
    self.file = file
    let start = tailStart
    try tail.withBytes { try file.file.write($0, at: start) }
    tailStart += tail.count
    tail.removeAll()
  }

  /// Where a block is that has paths.
  func place(of block: Int) -> Place {
    let start = starts[block]
    let end = block + 1 < starts.count ? starts[block + 1] : tailStart + tail.count
    if start < tailStart, let file { return .disk(file, start..<end) }
    return .memory(
      tail.withBytes { $0.extracting((start - tailStart)..<(end - tailStart)).copied() })
  }

  /// The paths of a block.
  static func items(_ block: Span<UInt8>) -> [Item] {
    var items: [Item] = []
    items.reserveCapacity(blockSize)
    var reader = PrefixReader()
    var row = RowReader(block)
    while !row.isAtEnd {
      reader.next(&row)
      let day = row.varint()
      items.append(
        Item(
          path: Path(bytes: reader.text),
          delivery: day == 0 ? nil : Day(daysSince1970: Int32(day - dayOffset))))
    }
    return items
  }
}

/// Blocks of paths that were asked for lately.
final class PathCache: Sendable {
  private static let count = 64
  private let blocks = Mutex<[(number: Int, items: [PathStore.Item])?]>(
    Array(repeating: nil, count: PathCache.count))

  func item(_ block: Int, _ place: Int) -> PathStore.Item? {
    blocks.withLock { blocks in
      guard let kept = blocks[block % PathCache.count], kept.number == block else { return nil }
      return kept.items[place]
    }
  }

  func keep(_ items: [PathStore.Item], _ block: Int) {
    blocks.withLock { $0[block % PathCache.count] = (block, items) }
  }
}
