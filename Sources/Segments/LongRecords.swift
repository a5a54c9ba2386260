import Synchronization

/// Whose turn it is to work with records that are longer than what windows and buffers are made for.
///
/// Two such records in memory are two too many for a small budget; two for each thread depend on the
/// number of threads.
public final class LongRecords: Sendable {
  private let turn = Mutex(())

  public init() {}

  /// Does the work while no other worker does any.
  public func oneAtATime<Result>(_ work: () throws -> Result) rethrows -> Result {
    try turn.withLock { _ in try work() }
  }
}
