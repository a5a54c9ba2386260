public import Bytes
import Synchronization

/// Sorts rows of bytes in bounded memory: what does not fit is sorted on disk.
///
/// Rows are compared as `memcmp` compares them, a row before those that it begins: what decides the
/// order comes first in a row, numbers big-endian. Equal rows all stay. Rows may be added by several
/// threads; what comes out does not depend on which.
public final class RowSorter: Sendable {
  private struct State: ~Copyable {
    /// The rows that wait to be sorted.
    var rows = RowTable()
    /// The sorted runs that did not fit, one after the other in `file`.
    var runs: [Range<Int>] = []
    var file: NamelessFile?
    var byteCount = 0
    var rowCount = 0
    var longestRow = 0
  }

  private let state = Mutex(State())
  /// Gives the name that a temporary file has for a moment.
  private let scratch: @Sendable () throws -> Path
  private let memory: Int

  /// - Parameters:
  ///   - memory: Bytes for the rows that wait to be sorted, and later for those that are merged.
  ///   - scratch: Gives the name that a temporary file has for a moment; called once, if memory runs
  ///     out.
  public init(memory: Int, scratch: @escaping @Sendable () throws -> Path) {
    self.memory = max(memory, RowSorter.windowSize * 4)
    self.scratch = scratch
  }

  /// Bytes of a run that are read at once when runs are merged.
  static let windowSize = 32 << 10

  /// How many rows were added.
  public var count: Int { state.withLock { $0.rowCount } }

  /// Adds a row.
  ///
  /// - Throws: `FileError` when memory runs out and the disk does too.
  public func append(_ row: Span<UInt8>) throws {
    try state.withLock { state in
      // Half of it: arrays that grow have room for twice what they hold.
      if state.rows.byteCount + row.count > memory / 2, !state.rows.isEmpty { try spill(&state) }
      state.rows.append(row)
      state.rowCount += 1
      state.longestRow = max(state.longestRow, row.count)
    }
  }

  /// Ends the adding.
  ///
  /// - Returns: The rows in order.
  /// - Throws: `FileError` when the disk is full; `Stopped`.
  /// - Complexity: O(rows · log rows).
  public func finish() throws -> SortedRows {
    try state.withLock { state in
      state.rows.sort()
      if state.file != nil {
        try spill(&state)
        // Each run that is merged holds one row whole.
        let width = max(2, memory / max(RowSorter.windowSize, state.longestRow))
        while state.runs.count > width { try mergeRuns(&state, width) }
      }
      let runs = state.file.map { file in state.runs.map { RowRun(file, $0) } }
      return try SortedRows(exchange(&state.rows, with: RowTable()), runs ?? [])
    }
  }

  /// Sorts the rows in memory and puts them at the end of the file.
  private func spill(_ state: inout State) throws {
    try StopSignal.check()
    state.rows.sort()
    let writer = RowRunWriter(try open(&state), at: state.byteCount)
    try state.rows.passRows { try writer.append($0) }
    state.rows.removeAll()
    state.byteCount = try finish(writer, &state)
  }

  /// Makes one run of the first `width`, which are the shortest.
  private func mergeRuns(_ state: inout State, _ width: Int) throws {
    let file = try open(&state)
    let rows = try SortedRows(RowTable(), state.runs.prefix(width).map { RowRun(file, $0) })
    let writer = RowRunWriter(file, at: state.byteCount)
    while try rows.next() { try rows.withRow { try writer.append($0) } }
    state.runs.removeFirst(width)
    state.byteCount = try finish(writer, &state)
  }

  /// Ends a run; returns where the next one begins.
  private func finish(_ writer: RowRunWriter, _ state: inout State) throws -> Int {
    let run = try writer.finish()
    state.runs.append(run)
    return run.upperBound
  }

  private func open(_ state: inout State) throws -> NamelessFile {
    if let file = state.file { return file }
    let file = try NamelessFile(try scratch())
    state.file = file
    return file
  }
}

/// Rows in order, one at a time.
public final class SortedRows {
  private let table: RowTable
  private let runs: [RowRun]
  /// The next row of `table`.
  private var place = 0
  /// The runs that have a row.
  private var heap = MergeHeap<RowRun>()
  /// Whether there is a row and it is the top run's.
  private var isOfRun = false

  init(_ table: consuming RowTable, _ runs: [RowRun]) throws {
    self.table = table
    self.runs = runs
    try rewind()
  }

  /// Goes back to before the first row.
  public func rewind() throws {
    (place, isOfRun) = (0, false)
    heap.removeAll()
    for run in runs {
      run.rewind()
      if try run.next() { heap.insert(run) }
    }
  }

  /// Goes to the next row, at first to the first.
  ///
  /// - Returns: False after the last.
  /// - Throws: `FileError`; `Stopped`.
  public func next() throws -> Bool {
    if runs.isEmpty {
      if place & 0xFFF == 0 { try StopSignal.check() }
      place += 1
      return place <= table.count
    }
    if isOfRun, let first = heap.first { heap.replaceFirst(try first.next() ? first : nil) }
    isOfRun = !heap.isEmpty
    return isOfRun
  }

  /// Lends the row.
  public func withRow<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    if isOfRun, let first = heap.first { return try first.withRow(body) }
    return try table.withRow(place - 1, body)
  }
}
