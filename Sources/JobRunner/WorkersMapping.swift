import Bytes
import Synchronization
public import Validation

/// Spreads the steps of a validation over a run's threads.
public struct WorkersMapping: ParallelMapping {
  private let workers: Workers

  public init(_ workers: Workers) {
    self.workers = workers
  }

  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) throws -> [Result] {
    let results = Mutex<[Result?]>(Array(repeating: nil, count: items.count))
    // A step reads a whole file: next to that the lock costs nothing.
    try workers.forEach(items.count) { piece, _ in
      if StopSignal.number != nil { throw Stopped() }
      let result = transform(items[piece])
      results.withLock { $0[piece] = result }
    }
    // A step that noticed the signal has no result to rely on.
    if StopSignal.number != nil { throw Stopped() }
    return results.withLock { $0 }.compactMap { $0 }
  }
}
