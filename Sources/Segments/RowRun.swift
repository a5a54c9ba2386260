import Bytes

/// One sorted run on disk, read through a window.
final class RowRun: MergeSource {
  private let file: NamelessFile
  private let range: Range<Int>
  /// Where in the file the window ends.
  private var position: Int
  private var window = ByteBuffer()
  /// The current row in the window.
  private var row = 0..<0
  private var prefix: UInt64 = 0

  private static let headerSize = 4

  init(_ file: NamelessFile, _ range: Range<Int>) {
    (self.file, self.range, position) = (file, range, range.lowerBound)
  }

  /// Goes back to before the first row.
  func rewind() {
    (position, row) = (range.lowerBound, 0..<0)
    window.removeAll()
  }

  /// Goes to the next row; false after the last.
  func next() throws -> Bool {
    var start = row.upperBound
    if window.count < start + RowRun.headerSize {
      if position == range.upperBound && start == window.count {
        window.removeAll()
        row = 0..<0
        return false
      }
      try read(keeping: &start, RowRun.headerSize)
    }
    var length = rowLength(at: start)
    if window.count < start + RowRun.headerSize + length {
      try read(keeping: &start, RowRun.headerSize + length)
      length = rowLength(at: start)
    }
    let first = start + RowRun.headerSize
    row = first..<(first + length)
    prefix = window.withBytes { RowTable.prefix($0.extracting(first..<(first + length))) }
    return true
  }

  private func rowLength(at start: Int) -> Int {
    window.withBytes { Int($0.number(at: start, as: UInt32.self)) }
  }

  /// Reads on until at least `count` bytes from `start` on are in the window.
  private func read(keeping start: inout Int, _ count: Int) throws {
    try StopSignal.check()
    window.removeFirst(start)
    start = 0
    let wanted = max(count - window.count, RowSorter.windowSize - window.count)
    let rest = range.upperBound - position
    let read = try file.file.read(min(wanted, rest), at: position, into: &window)
    position += read
    if window.count < count { throw FileError.cutOff(file.file.path) }
  }

  func withRow<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try window.withBytes { try body($0.extracting(row)) }
  }

  /// Whether its row comes before another's.
  func precedes(_ other: RowRun) -> Bool {
    if prefix != other.prefix { return prefix < other.prefix }
    return withRow { mine in other.withRow { mine.compare(to: $0) } } < 0
  }
}
