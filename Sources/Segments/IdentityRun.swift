import Bytes
import CloudTrail

/// Writes a sorted run of identities.
struct IdentityRunWriter: ~Copyable {
  private let file: NamelessFile
  private let start: Int
  private var row: Int
  private var output = ByteBuffer(capacity: IdentityRun.rowsAtOnce * PlacedIdentity.size)

  /// `row`: where in the file it begins, in rows.
  init(_ file: NamelessFile, at row: Int) {
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

/// One sorted run of identities, or some neighbouring rows of one, in memory or on disk.
struct IdentityRun: Sendable {
  /// Nil for rows in memory.
  private let file: NamelessFile?
  private let rows: [PlacedIdentity]
  private let range: Range<Int>

  /// Rows of a run that are read at once.
  static let rowsAtOnce = 1 << 11

  private init(_ file: NamelessFile?, _ rows: [PlacedIdentity], _ range: Range<Int>) {
    (self.file, self.rows, self.range) = (file, rows, range)
  }

  init(_ rows: [PlacedIdentity]) { self.init(nil, rows, rows.indices) }

  init(_ file: NamelessFile, _ range: Range<Int>) { self.init(file, [], range) }

  var count: Int { range.count }

  /// The row at a place, counted from the first; it is read from the disk if the run is there.
  func row(_ place: Int) throws -> PlacedIdentity {
    let place = range.lowerBound + place
    guard let file else { return rows[place] }
    return try IdentityRun.read(file, place..<(place + 1))[0]
  }

  /// How many of its rows have identities whose first half is below `bound`.
  ///
  /// - Complexity: O(log `count`) rows are looked at.
  func count(below bound: UInt64) throws -> Int {
    try (0..<count).partitioningIndex { try row($0).identity.high >= bound }
  }

  /// Some neighbouring rows, by their places.
  func part(_ places: Range<Int>) -> IdentityRun {
    let start = range.lowerBound
    return IdentityRun(file, rows, (start + places.lowerBound)..<(start + places.upperBound))
  }

  fileprivate func reader() -> Reader {
    if let file { return Reader(file: file, rest: range, rows: [], place: 0, end: 0) }
    return Reader(
      file: nil, rest: 0..<0, rows: rows, place: range.lowerBound, end: range.upperBound)
  }

  private static func read(_ file: NamelessFile, _ range: Range<Int>) throws -> [PlacedIdentity] {
    let byteCount = range.count * PlacedIdentity.size
    var window = ByteBuffer(capacity: byteCount)
    let offset = range.lowerBound * PlacedIdentity.size
    guard try file.file.read(byteCount, at: offset, into: &window) == byteCount else {
      throw FileError.cutOff(file.file.path)
    }
    return window.withBytes { bytes in
      (0..<range.count).map { PlacedIdentity(bytes, at: $0 * PlacedIdentity.size) }
    }
  }

  /// Goes through a run; what is on disk is read through a window.
  fileprivate struct Reader {
    let file: NamelessFile?
    /// What of the file is still to be read, in rows.
    var rest: Range<Int>
    var rows: [PlacedIdentity]
    var place: Int
    var end: Int

    /// The next row; nil after the last.
    mutating func next() throws -> PlacedIdentity? {
      if place == end {
        guard let file, !rest.isEmpty else { return nil }
        try StopSignal.check()
        let cut = min(rest.lowerBound + IdentityRun.rowsAtOnce, rest.upperBound)
        rows = try IdentityRun.read(file, rest.lowerBound..<cut)
        rest = cut..<rest.upperBound
        (place, end) = (0, rows.count)
      }
      defer { place += 1 }
      return rows[place]
    }
  }
}

/// One pass over sorted runs of identities, merged.
///
/// A value, for it is asked for every identity: access to an object is checked each time.
public struct IdentityCursor: ~Copyable {
  /// The next row of a run.
  private struct Head {
    var row: PlacedIdentity
    var run: Int
  }

  private var runs: [IdentityRun.Reader] = []
  /// The runs that have a row: a heap, the least on top.
  private var heads: [Head] = []
  private let skipsEqual: Bool

  init(_ all: [IdentityRun], skippingEqual: Bool) throws {
    skipsEqual = skippingEqual
    for run in all {
      var reader = run.reader()
      guard let row = try reader.next() else { continue }
      heads.append(Head(row: row, run: runs.count))
      runs.append(reader)
    }
    for parent in (0..<(heads.count / 2)).reversed() { sink(parent) }
  }

  /// The next identity; nil after the last.
  ///
  /// - Throws: `FileError`; `Stopped`.
  public mutating func next() throws -> PlacedIdentity? {
    let row = try take()
    while skipsEqual, row != nil, heads.first?.row == row { _ = try take() }
    return row
  }

  @inline(__always)
  private mutating func take() throws -> PlacedIdentity? {
    if heads.isEmpty { return nil }
    let row = heads[0].row
    if let next = try runs[heads[0].run].next() {
      heads[0].row = next
      sink(0)
    } else if let last = heads.popLast(), !heads.isEmpty {
      heads[0] = last
      sink(0)
    }
    return row
  }

  @inline(__always)
  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var least = 2 * parent + 1
      guard least < heads.count else { return }
      if least + 1 < heads.count, heads[least + 1].row < heads[least].row { least += 1 }
      guard heads[least].row < heads[parent].row else { return }
      heads.swapAt(parent, least)
      parent = least
    }
  }
}
