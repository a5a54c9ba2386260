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
  ) -> [Result] {
    let results = Mutex<[Result?]>(Array(repeating: nil, count: items.count))
    do {
      // A step reads a whole file: next to that the lock costs nothing.
      try workers.forEach(items.count) { piece, _ in
        let result = transform(items[piece])
        results.withLock { $0[piece] = result }
      }
    } catch {
      preconditionFailure("no step throws, but one did: \(error)")
    }
    return results.withLock { $0 }.compactMap { $0 }
  }
}
