/// How many independent steps are spread over threads.
///
/// The modules that know the steps start no threads; who calls them brings them.
public protocol ParallelMapping {
  /// The results of `transform`, in the order of `items`.
  ///
  /// - Throws: `Stopped` when a signal asks to stop; steps that had not begun then are left out.
  func map<Item: Sendable, Result: Sendable>(
    _ items: [Item], _ transform: @Sendable (Item) -> Result
  ) throws -> [Result]
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
