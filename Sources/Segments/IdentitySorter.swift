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
    var file: NamelessFile?
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
      let sorted = IdentityOrder.sorted(rows[start..<end])
      state.withLock { $0.inMemory.append(sorted) }
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
    }
    rows.removeAll(keepingCapacity: true)
  }

  private func writer(_ state: inout State) throws -> IdentityRunWriter {
    let file = try state.file ?? NamelessFile(try scratch())
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
        let merged = SortedIdentities(runs(state, state.runs.prefix(mergeWidth)), partLimit: 1)
        var writer = try writer(&state)
        try merged.forEachRow { try writer.append($0) }
        state.runs.removeFirst(mergeWidth)
        state.runs.append(try writer.finish())
      }
      // Each part that is gone through at a time has a window on each run.
      let partLimit = state.runs.isEmpty ? Int.max : max(1, mergeWidth / state.runs.count)
      return SortedIdentities(
        state.inMemory.map { IdentityRun($0) } + runs(state, state.runs[...]),
        partLimit: partLimit)
    }
  }

  private func runs(_ state: State, _ ranges: ArraySlice<Range<Int>>) -> [IdentityRun] {
    guard let file = state.file else { return [] }
    return ranges.map { IdentityRun(file, $0) }
  }
}

/// Identities in order.
public struct SortedIdentities: Sendable {
  private let runs: [IdentityRun]
  /// As how many parts memory lets them be gone through at a time.
  public let partLimit: Int
  /// Whether equal rows are passed once.
  private var isUnique = false
  /// How many there are, equal ones too.
  public let count: Int

  fileprivate init(_ runs: [IdentityRun], partLimit: Int) {
    (self.runs, self.partLimit) = (runs, partLimit)
    count = runs.reduce(0) { $0 + $1.count }
  }

  /// Nothing.
  public init() { self.init([], partLimit: .max) }

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
    try IdentityCursor(runs, skippingEqual: isUnique)
  }

  /// Passes the identities in order.
  ///
  /// - Throws: `FileError`; `Stopped`; what `body` throws.
  public func forEachRow(_ body: (PlacedIdentity) throws -> Void) throws {
    var cursor = try cursor()
    while let row = try cursor.next() { try body(row) }
  }

  /// Where to cut them into parts of about the same size.
  ///
  /// - Parameter partCount: How many parts are wanted; fewer come out where memory is short for them.
  /// - Returns: The first halves of identities, in order: a part has what is below one of them.
  /// - Throws: `FileError`.
  public func bounds(ofParts partCount: Int) throws -> [UInt64] {
    guard let longest = runs.max(by: { $0.count < $1.count }), longest.count > 0 else { return [] }
    let partCount = min(partCount, partLimit)
    return try (1..<max(1, partCount)).map {
      try longest.row(longest.count * $0 / partCount).identity.high
    }
  }

  /// Cuts them into parts, to be gone through one after the other or at once; equal identities stay
  /// together.
  ///
  /// - Parameter bounds: As `bounds(ofParts:)` has them.
  /// - Returns: One part more than there are bounds, in order.
  /// - Throws: `FileError`.
  public func parts(cutAt bounds: [UInt64]) throws -> [SortedIdentities] {
    var starts = [Int](repeating: 0, count: runs.count)
    return try (0...bounds.count).map { number in
      let ends = try runs.map {
        number < bounds.count ? try $0.count(below: bounds[number]) : $0.count
      }
      let parts = runs.indices.map { runs[$0].part(starts[$0]..<ends[$0]) }
      starts = ends
      var part = SortedIdentities(parts, partLimit: 1)
      part.isUnique = isUnique
      return part
    }
  }
}
