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
    do {
      return try workers.map(items.count) { transform(items[$0]) }
    } catch {
      preconditionFailure("no step throws, but one did: \(error)")
    }
  }
}
