import Synchronization

/// Whose turn it is to work with records that are longer than what windows and buffers are made for.
///
/// Merging them takes several times their length. If each worker did that at once, the peak of memory
/// would grow with the threads.
public final class LongRecords: Sendable {
  private let turn = Mutex(())

  public init() {}

  /// Does the work while no other worker does any.
  public func oneAtATime<Result>(_ work: () throws -> Result) rethrows -> Result {
    try turn.withLock { _ in try work() }
  }
}
