public import Bytes

/// Spreads the steps of other modules over a run's threads.
extension Workers: ParallelMapping {
  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) throws -> [Result] {
    let results = try map(items.count) { piece in
      if StopSignal.number != nil { throw Stopped() }
      return transform(items[piece])
    }
    // A step that noticed the signal has no result to rely on.
    if StopSignal.number != nil { throw Stopped() }
    return results
  }
}
