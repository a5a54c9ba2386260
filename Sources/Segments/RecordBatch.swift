public import Bytes

/// Records of one or more files: their bytes and one entry each.
///
/// A batch is filled by one worker; once it is sealed nothing changes it any more and any worker
/// may read it.
public final class RecordBatch: @unchecked Sendable {
  // Guard: written only by the worker that fills the batch, before it hands the batch on through
  // the intake's mutex; read-only from then on until the last reader has let go of it.

  /// The inflated bytes; records lie in them as they came, less white space between tokens.
  public var bytes: ByteBuffer
  public var entries: [Entry] = []

  /// Makes an empty batch for `capacity` bytes of JSON.
  public init(capacity: Int) {
    bytes = ByteBuffer(capacity: capacity)
  }

  /// Whether it has no room for another byte, or so many entries that they outweigh the bytes.
  public var isFull: Bool {
    bytes.room == 0 || entries.count * MemoryLayout<Entry>.stride > bytes.capacity / 4
  }

  /// The memory it holds, in bytes.
  public var footprint: Int {
    bytes.capacity + entries.capacity * MemoryLayout<Entry>.stride
  }

  /// Forgets the records and keeps the memory.
  public func removeAll() {
    bytes.removeAll()
    entries.removeAll(keepingCapacity: true)
  }

  /// Lends the bytes that the entries point into.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.withBytes(body)
  }
}
