import Bytes
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
    let results = try workers.map(items.count) { piece in
      if StopSignal.number != nil { throw Stopped() }
      return transform(items[piece])
    }
    // A step that noticed the signal has no result to rely on.
    if StopSignal.number != nil { throw Stopped() }
    return results
  }
}
