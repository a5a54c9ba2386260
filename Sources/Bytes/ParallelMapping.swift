import Synchronization

/// How many independent steps are spread over threads.
///
/// The modules that know the steps start no threads; who calls them brings them.
public protocol ParallelMapping {
  /// How many threads there are.
  var count: Int { get }

  /// Runs `body` for every number below `pieceCount`, spread over the threads as they get free.
  ///
  /// `makeTools`: Makes what each thread needs for its first piece and keeps: buffers, open files.
  ///
  /// - Throws: `Stopped` when a signal asks to stop, or an error of one piece; pieces that had not
  ///   begun then are left out.
  func forEach<Tools>(
    _ pieceCount: Int, with makeTools: @Sendable (_ worker: Int) throws -> Tools,
    _ body: @Sendable (_ piece: Int, Tools) throws -> Void
  ) throws

  /// Runs `body` on the caller's thread, while the other threads help.
  ///
  /// A helper may begin late or not at all: `body` may wait for what one has begun, never for one to
  /// begin.
  ///
  /// - Parameters:
  ///   - help: What each of the others runs; `body` sees to it that it ends.
  ///   - body: Runs once.
  /// - Returns: What `body` does, once the helpers have ended, too.
  /// - Throws: What `body` does.
  func run<Result>(
    helpedBy help: @Sendable () -> Void, _ body: () throws -> Result
  ) rethrows -> Result
}

extension ParallelMapping {
  /// Runs `body` without help.
  public func run<Result>(
    helpedBy help: @Sendable () -> Void, _ body: () throws -> Result
  ) rethrows -> Result {
    try body()
  }

  /// Runs `body` for every number below `pieceCount`, spread over the threads as they get free.
  ///
  /// - Throws: As with tools.
  public func forEach(
    _ pieceCount: Int, _ body: @Sendable (_ piece: Int) throws -> Void
  ) throws {
    try forEach(pieceCount, with: { _ in }, { piece, _ in try body(piece) })
  }

  /// What `body` makes of every number below `pieceCount`, in their order.
  ///
  /// `makeTools`: As of `forEach`.
  ///
  /// - Throws: As `forEach`.
  public func map<Tools, Result: Sendable>(
    _ pieceCount: Int, with makeTools: @Sendable (_ worker: Int) throws -> Tools,
    _ body: @Sendable (_ piece: Int, Tools) throws -> Result
  ) throws -> [Result] {
    let results = Mutex<[Result?]>(Array(repeating: nil, count: pieceCount))
    // A piece is a whole file: next to that the lock costs nothing.
    try forEach(pieceCount, with: makeTools) { piece, tools in
      let result = try body(piece, tools)
      results.withLock { $0[piece] = result }
    }
    return results.withLock { $0 }.compactMap { $0 }
  }

  /// What `body` makes of every number below `pieceCount`, in their order.
  ///
  /// - Throws: As `forEach`.
  public func map<Result: Sendable>(
    _ pieceCount: Int, _ body: @Sendable (_ piece: Int) throws -> Result
  ) throws -> [Result] {
    try map(pieceCount, with: { _ in }, { piece, _ in try body(piece) })
  }

  /// The results of `transform`, in the order of `items`.
  ///
  /// - Throws: `Stopped` when a signal asks to stop, also once all steps are done: one that noticed
  ///   the signal has no result to rely on.
  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) throws -> [Result] {
    let results = try map(items.count) { transform(items[$0]) }
    try StopSignal.check()
    return results
  }
}

/// One step after the other.
public struct SequentialMapping: ParallelMapping {
  public init() {}

  public var count: Int { 1 }

  public func forEach<Tools>(
    _ pieceCount: Int, with makeTools: @Sendable (_ worker: Int) throws -> Tools,
    _ body: @Sendable (_ piece: Int, Tools) throws -> Void
  ) throws {
    guard pieceCount > 0 else { return }
    let tools = try makeTools(0)
    for piece in 0..<pieceCount {
      try StopSignal.check()
      try body(piece, tools)
    }
  }
}
