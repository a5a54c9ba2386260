/// How the many independent steps of a validation are spread over threads.
///
/// This module starts no threads; who calls it brings them.
public protocol ParallelMapping {
  /// The results of `transform`, in the order of `items`.
  func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) -> [Result]
}

/// One step after the other.
public struct SequentialMapping: ParallelMapping {
  public init() {}

  public func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) -> [Result] {
    items.map(transform)
  }
}
