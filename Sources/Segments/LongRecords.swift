public import Bytes
import Glibc
import Synchronization

/// Sees to it that long records take the same memory, however many there are and whatever the threads.
///
/// One worker at a time handles one, for that takes several times its length. A stored record that waits for
/// others to be written before it waits on disk.
public final class LongRecords: Sendable {
  /// The bytes of a record beyond which the promised peak of memory counts it.
  public static let length = 1 << 20
  /// The bytes of a stored record that may wait in memory: there is one for each cell of a merge.
  public static let waitingLength = 128 << 10

  private let turn = Mutex(())
  /// The thread whose turn it is; 0 for none.
  private let owner = Atomic<UInt>(0)
  private let path: Mutex<(@Sendable () throws -> Path)?>

  /// `path`: Gives a name that a file may have for a moment; nil to let records wait in memory.
  public init(_ path: (@Sendable () throws -> Path)? = nil) {
    self.path = Mutex(path)
  }

  /// Does the work while no other worker does any.
  public func oneAtATime<Result>(_ work: () throws -> Result) rethrows -> Result {
    let thread = UInt(pthread_self())
    // Work with several records may be made of work with each.
    if owner.load(ordering: .relaxed) == thread { return try work() }
    return try turn.withLock { _ in
      owner.store(thread, ordering: .relaxed)
      defer { owner.store(0, ordering: .relaxed) }
      return try work()
    }
  }

  /// Does work with a record, while no other worker does any with a long one if this is long.
  @inlinable @inline(__always)
  public func inTurn(_ record: Span<UInt8>, _ work: () throws -> Void) rethrows {
    if record.count <= LongRecords.length { try work() } else { try oneAtATime(work) }
  }

  /// Puts a record on disk; nil if it is to wait in memory.
  ///
  /// - Throws: `FileError`.
  public func onDisk(_ record: Span<UInt8>) throws -> MappedBytes? {
    if record.count <= LongRecords.waitingLength { return nil }
    // One at a time, for the name.
    return try path.withLock { path in
      try path.flatMap { try MappedBytes(record, path: $0()) }
    }
  }
}
