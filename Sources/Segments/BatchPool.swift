import Bytes
import Synchronization

/// The batches of a run, used over and over.
public final class BatchPool: Sendable {
  private struct State {
    var free: [RecordBatch] = []
    var madeCount = 0
    /// The batch that is longer than others.
    var longer: ObjectIdentifier?
  }

  private let capacity: Int
  private let limit: Int
  private let state = Mutex(State())
  /// Announces every batch that comes back, and what else may help who waits for one.
  public let changes = ChangeNotice()

  /// A pool of at most `limit` batches for `capacity` bytes of JSON each.
  public init(capacity: Int, limit: Int) {
    self.capacity = capacity
    self.limit = limit
  }

  /// An empty batch: the one used last, whose memory is warm, or a new one; nil when all that the
  /// budget allows are in use.
  public func take() -> RecordBatch? {
    state.withLock { state in
      if let batch = state.free.popLast() { return batch }
      guard state.madeCount < limit else { return nil }
      state.madeCount += 1
      return RecordBatch(capacity: capacity)
    }
  }

  /// Doubles the length of a batch that a record fills alone.
  ///
  /// - Returns: False while another batch is longer than `capacity`, for only one at a time may be:
  ///   what long records take is then the same for any number of threads.
  public func lengthen(_ batch: RecordBatch) -> Bool {
    let mayGrow = state.withLock { state in
      guard state.longer == nil || state.longer == ObjectIdentifier(batch) else { return false }
      state.longer = ObjectIdentifier(batch)
      return true
    }
    if mayGrow { batch.bytes.reserve(batch.bytes.room + batch.bytes.capacity) }
    return mayGrow
  }

  /// Takes a batch back.
  public func give(_ batch: RecordBatch) {
    batch.removeAll()
    state.withLock { state in
      // One that had to grow is not kept: for a single large record, for example.
      if batch.bytes.capacity > capacity || batch.footprint > 2 * capacity + (1 << 20) {
        state.madeCount -= 1
        if state.longer == ObjectIdentifier(batch) { state.longer = nil }
      } else {
        state.free.append(batch)
      }
    }
    changes.announce()
  }
}

/// A full batch that segments share; goes back to the pool with the last of them.
public final class BatchLease: Sendable {
  public let batch: RecordBatch
  private let pool: BatchPool

  public init(_ batch: RecordBatch, _ pool: BatchPool) {
    self.batch = batch
    self.pool = pool
  }

  deinit {
    pool.give(batch)
  }
}
