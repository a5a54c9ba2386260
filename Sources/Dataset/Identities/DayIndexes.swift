public import CloudTrail
import Synchronization

/// The indexes of a dataset's days, those that were asked for last at hand.
public final class DayIndexes: Sendable {
  private struct State {
    /// The one that was asked for last is at the end.
    var indexes: [(day: EventDay, index: DayIndex)] = []
    /// Days whose index was found to be as it was committed.
    var checked: Set<EventDay> = []

    /// The index of a day, if it is at hand.
    mutating func known(_ day: EventDay) -> DayIndex? {
      guard let place = indexes.lastIndex(where: { $0.day == day }) else { return nil }
      let found = indexes.remove(at: place)
      indexes.append(found)
      return found.index
    }
  }

  public let dataset: StoredDataset
  private let state = Mutex(State())

  /// Bytes of indexes that are kept, beside the last.
  private let memory: Int

  public init(_ dataset: StoredDataset, memory: Int) {
    (self.dataset, self.memory) = (dataset, memory)
  }

  /// The index of a day; nil if the dataset has none.
  ///
  /// - Throws: `DatasetError` when it is not as it was committed.
  public func index(of day: EventDay) throws -> DayIndex? {
    let (known, isChecked) = state.withLock { state in
      (state.known(day), state.checked.contains(day))
    }
    if let known { return known }
    // Read without the lock: two workers may read the same file at once, and keep one of the two.
    let index =
      isChecked ? try DayIndex(dataset.layout[.index(day)]) : try DayIndex(day, of: dataset)
    guard let index else { return nil }
    return state.withLock { state in
      if let known = state.known(day) { return known }
      state.checked.insert(day)
      state.indexes.append((day, index))
      var byteCount = state.indexes.reduce(0) { $0 + $1.index.byteCount }
      while byteCount > memory, state.indexes.count > 1 {
        byteCount -= state.indexes.removeFirst().index.byteCount
      }
      return index
    }
  }
}

extension DayIndex {
  /// About how many bytes of memory it takes.
  fileprivate var byteCount: Int { cells.count * 128 }
}
