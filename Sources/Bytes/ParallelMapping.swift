import Synchronization

/// How many independent steps are spread over threads.
///
/// The modules that know the steps start no threads; who calls them brings them.
public protocol ParallelMapping {
  /// How many threads there are.
  var count: Int { get }

  /// The results of `transform`, in the order of `items`.
  ///
  /// - Throws: `Stopped` when a signal asks to stop; steps that had not begun then are left out.
  func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) throws -> [Result]

  /// Runs `body` for every number below `pieceCount`, spread over the threads as they get free.
  ///
  /// - Throws: An error of one piece; pieces that had not begun then are left out.
  func forEach(
    _ pieceCount: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) throws -> Void
  ) throws
}

extension ParallelMapping {
  /// What `body` makes of every number below `pieceCount`, in their order.
  ///
  /// - Throws: An error of one piece; pieces that had not begun then are left out.
  public func map<Result: Sendable>(
    _ pieceCount: Int, _ body: @Sendable (_ piece: Int) throws -> Result
  ) throws -> [Result] {
    let results = Mutex<[Result?]>(Array(repeating: nil, count: pieceCount))
    // A piece is a whole file: next to that the lock costs nothing.
    try forEach(pieceCount) { piece, _ in
      let result = try body(piece)
      results.withLock { $0[piece] = result }
    }
    return results.withLock { $0 }.compactMap { $0 }
  }
}

/// One step after the other.
public struct SequentialMapping: ParallelMapping {
  public init() {}

  public var count: Int { 1 }

  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) -> [Result] {
    items.map(transform)
  }

  public func forEach(
    _ pieceCount: Int, _ body: @Sendable (_ piece: Int, _ worker: Int) throws -> Void
  ) throws {
    for piece in 0..<pieceCount { try body(piece, 0) }
  }
}
