/// How the many independent steps of a validation are spread over threads.
///
/// This module starts no threads; who calls it brings them.
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

/// How far a validation is, told from any of its threads.
public enum ValidationStep: Sendable {
  /// So many more files are to be checked.
  case expected(fileCount: Int)
  /// So many of them are.
  case checked(fileCount: Int)
}
