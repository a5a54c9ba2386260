public import Bytes
public import CloudTrail
import Synchronization

/// An identity, and a number for the cell that has it.
public struct PlacedIdentity: Hashable, Comparable, Sendable {
  public var identity: RecordIdentity
  public var cell: UInt32

  public init(_ identity: RecordIdentity, cell: UInt32) {
    self.identity = identity
    self.cell = cell
  }

  @inline(__always)
  public static func < (left: Self, right: Self) -> Bool {
    if left.identity.high != right.identity.high {
      return left.identity.high < right.identity.high
    }
    if left.identity.low != right.identity.low { return left.identity.low < right.identity.low }
    return left.cell < right.cell
  }

  /// Bytes on disk.
  static let size = 20

  @inline(__always)
  func append(to output: inout ByteBuffer) {
    output.append(littleEndian: identity.high)
    output.append(littleEndian: identity.low)
    output.append(littleEndian: cell)
  }

  @inline(__always)
  init(_ bytes: Span<UInt8>, at position: Int) {
    identity = RecordIdentity(
      high: bytes.number(at: position), low: bytes.number(at: position + 8))
    cell = bytes.number(at: position + 16)
  }
}

/// Sorts identities in bounded memory: what does not fit is sorted on disk.
///
/// Every thread fills a part of its own. Equal rows all stay.
public final class IdentitySorter: Sendable {
  private struct State {
    var inMemory: [[PlacedIdentity]] = []
    /// Where sorted runs are in the file, in rows.
    var runs: [Range<Int>] = []
    var file: RunFile?
    var rowCount = 0
  }

  private let state = Mutex(State())
  private let rowsAtOnce: Int
  private let mergeWidth: Int
  /// Gives the name that a temporary file has for a moment.
  private let scratch: @Sendable () throws -> Path

  /// - Parameters:
  ///   - memory: Bytes for the identities of all threads that wait to be sorted, and later for those
  ///     that are merged.
  ///   - threads: How many threads add identities at once.
  ///   - scratch: Gives the name that a temporary file has for a moment; called once, if memory runs
  ///     out.
  public init(
    memory: Int, threads: Int = 1, scratch: @escaping @Sendable () throws -> Path
  ) {
    // An array that grows has room for twice what it holds.
    let rowByteCount = 2 * MemoryLayout<PlacedIdentity>.stride
    rowsAtOnce = max(IdentityRun.rowsAtOnce, memory / max(1, threads) / rowByteCount)
    mergeWidth = max(4, memory / (IdentityRun.rowsAtOnce * PlacedIdentity.size))
    self.scratch = scratch
  }

  /// The most identities that are sorted at a time: a tenth of a second, after which a signal is heard.
  private static let mostAtOnce = 1 << 20

  /// What one thread adds.
  public struct Part: ~Copyable {
    private let sorter: IdentitySorter
    private let rowsAtOnce: Int
    private var rows: [PlacedIdentity] = []
    private var hasSpilled = false

    fileprivate init(_ sorter: IdentitySorter) {
      self.sorter = sorter
      rowsAtOnce = sorter.rowsAtOnce
    }

    /// Adds an identity.
    ///
    /// - Throws: `FileError` when memory runs out and the disk does too; `Stopped`.
    @inline(__always)
    public mutating func append(_ row: PlacedIdentity) throws {
      rows.append(row)
      if rows.count >= rowsAtOnce { try spill() }
    }

    private mutating func spill() throws {
      try sorter.spill(&rows)
      hasSpilled = true
    }

    /// Ends the adding.
    public consuming func finish() throws {
      if rows.isEmpty { return }
      if hasSpilled { try spill() } else { try sorter.keep(rows) }
    }
  }

  /// A part for one thread.
  public func part() -> Part { Part(self) }

  /// Takes the rows of a part that fit the memory, in pieces.
  fileprivate func keep(_ rows: [PlacedIdentity]) throws {
    var start = 0
    while start < rows.count {
      try StopSignal.check()
      let end = min(start + IdentitySorter.mostAtOnce, rows.count)
      let sorted = rows[start..<end].sorted()
      state.withLock { state in
        state.inMemory.append(sorted)
        state.rowCount += sorted.count
      }
      start = end
    }
  }

  /// Writes rows to the file as a sorted run.
  fileprivate func spill(_ rows: inout [PlacedIdentity]) throws {
    try StopSignal.check()
    rows.sort()
    try state.withLock { state in
      var writer = try writer(&state)
      for row in rows { try writer.append(row) }
      state.runs.append(try writer.finish())
      state.rowCount += rows.count
    }
    rows.removeAll(keepingCapacity: true)
  }

  private func writer(_ state: inout State) throws -> IdentityRunWriter {
    let file = try state.file ?? RunFile(try scratch())
    state.file = file
    return IdentityRunWriter(file, at: state.runs.last?.upperBound ?? 0)
  }

  /// Ends the adding, once all parts are finished.
  ///
  /// - Returns: The identities in order, to be passed any number of times.
  /// - Throws: `FileError` when the disk is full; `Stopped`.
  /// - Complexity: O(rows · log rows).
  public func finish() throws -> SortedIdentities {
    try state.withLock { state in
      while state.runs.count > mergeWidth {
        let merged = SortedIdentities(
          [], state.file, Array(state.runs.prefix(mergeWidth)), count: 0)
        var writer = try writer(&state)
        try merged.forEachRow { try writer.append($0) }
        state.runs.removeFirst(mergeWidth)
        state.runs.append(try writer.finish())
      }
      return SortedIdentities(state.inMemory, state.file, state.runs, count: state.rowCount)
    }
  }
}

/// Identities in order.
public struct SortedIdentities: Sendable {
  private let inMemory: [[PlacedIdentity]]
  private let file: RunFile?
  private let runs: [Range<Int>]
  /// Whether equal rows are passed once.
  private var isUnique = false
  /// How many there are, equal ones too.
  public let count: Int

  fileprivate init(
    _ inMemory: [[PlacedIdentity]], _ file: RunFile?, _ runs: [Range<Int>], count: Int
  ) {
    (self.inMemory, self.file, self.runs, self.count) = (inMemory, file, runs, count)
  }

  /// Nothing.
  public init() { self.init([], nil, [], count: 0) }

  /// The same, with each row once.
  public func unique() -> SortedIdentities {
    var copy = self
    copy.isUnique = true
    return copy
  }

  /// One pass over the identities.
  ///
  /// - Throws: `FileError`; `Stopped`.
  public func cursor() throws -> IdentityCursor {
    var all = inMemory.map { IdentityRun($0) }
    if let file { all += runs.map { IdentityRun(file, $0) } }
    return try IdentityCursor(all, skippingEqual: isUnique)
  }

  /// Passes the identities in order.
  ///
  /// - Throws: `FileError`; `Stopped`; what `body` throws.
  public func forEachRow(_ body: (PlacedIdentity) throws -> Void) throws {
    let cursor = try cursor()
    while let row = try cursor.next() { try body(row) }
  }
}
