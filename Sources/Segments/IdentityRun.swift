import Bytes

/// Writes a sorted run of identities.
struct IdentityRunWriter: ~Copyable {
  private let file: RunFile
  private let start: Int
  private var row: Int
  private var output = ByteBuffer(capacity: IdentityRun.rowsAtOnce * PlacedIdentity.size)

  /// `row`: where in the file it begins, in rows.
  init(_ file: RunFile, at row: Int) {
    (self.file, start, self.row) = (file, row, row)
  }

  mutating func append(_ row: PlacedIdentity) throws(FileError) {
    row.append(to: &output)
    if output.count >= IdentityRun.rowsAtOnce * PlacedIdentity.size { try flush() }
  }

  /// Ends the run; returns where it is, in rows.
  mutating func finish() throws(FileError) -> Range<Int> {
    try flush()
    return start..<row
  }

  private mutating func flush() throws(FileError) {
    let (file, offset) = (file, row * PlacedIdentity.size)
    try output.withBytes { (bytes) throws(FileError) in try file.file.write(bytes, at: offset) }
    row += output.count / PlacedIdentity.size
    output.removeAll()
  }
}

/// One sorted run of identities, in memory or on disk, read through a window.
final class IdentityRun: MergeSource {
  private let file: RunFile?
  /// What of the file is still to be read, in rows.
  private var rest: Range<Int>
  private var rows: [PlacedIdentity]
  private var place = 0
  private(set) var row: PlacedIdentity?

  /// Rows of a run that are read at once.
  static let rowsAtOnce = 1 << 11

  init(_ rows: [PlacedIdentity]) {
    (file, rest, self.rows) = (nil, 0..<0, rows)
  }

  init(_ file: RunFile, _ range: Range<Int>) {
    (self.file, rest, rows) = (file, range, [])
  }

  /// Goes to the next row.
  func advance() throws {
    if place == rows.count { try read() }
    guard place < rows.count else {
      row = nil
      return
    }
    row = rows[place]
    place += 1
  }

  func precedes(_ other: IdentityRun) -> Bool {
    guard let row, let otherRow = other.row else { return false }
    return row < otherRow
  }

  private func read() throws {
    guard let file, !rest.isEmpty else { return }
    try StopSignal.check()
    let count = min(IdentityRun.rowsAtOnce, rest.count)
    let byteCount = count * PlacedIdentity.size
    var window = ByteBuffer(capacity: byteCount)
    let offset = rest.lowerBound * PlacedIdentity.size
    guard try file.file.read(byteCount, at: offset, into: &window) == byteCount else {
      throw FileError.cutOff(file.file.path)
    }
    rest = (rest.lowerBound + count)..<rest.upperBound
    rows.removeAll(keepingCapacity: true)
    window.withBytes { bytes in
      for number in 0..<count {
        rows.append(PlacedIdentity(bytes, at: number * PlacedIdentity.size))
      }
    }
    place = 0
  }
}

/// One pass over sorted runs of identities, merged.
public final class IdentityCursor {
  /// The runs that have a row.
  private var heap = MergeHeap<IdentityRun>()
  private let skipsEqual: Bool

  init(_ runs: [IdentityRun], skippingEqual: Bool) throws {
    skipsEqual = skippingEqual
    for run in runs {
      try run.advance()
      if run.row != nil { heap.insert(run) }
    }
  }

  /// The next identity; nil after the last.
  ///
  /// - Throws: `FileError`; `Stopped`.
  public func next() throws -> PlacedIdentity? {
    let row = try take()
    while skipsEqual, row != nil, heap.first?.row == row { _ = try take() }
    return row
  }

  private func take() throws -> PlacedIdentity? {
    guard let first = heap.first, let row = first.row else { return nil }
    try first.advance()
    heap.firstWentOn(hasMore: first.row != nil)
    return row
  }
}
