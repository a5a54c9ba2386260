public import Bytes
public import CloudTrail

/// Records of one or more files: their bytes and one entry each.
///
/// A batch is filled by one worker; once it is sorted nothing changes it any more and any worker may
/// read it.
public final class RecordBatch: @unchecked Sendable {
  // Guard: written only by the worker that fills the batch, before it hands the batch on through
  // the shuffle's mutex; read-only from then on until the last reader has let go of it.

  /// The inflated bytes; records are in them as they came, less white space between tokens.
  public var bytes: ByteBuffer
  public var entries: [Entry] = []
  /// The records without a usable time, which belong to no cell.
  public var rejected: [RejectedEntry] = []

  /// Makes an empty batch for `capacity` bytes of JSON.
  public init(capacity: Int) {
    bytes = ByteBuffer(capacity: capacity)
  }

  /// Whether it has no room for another byte, or more entries than its bytes deserve.
  public var isFull: Bool { bytes.room == 0 || entryByteCount > bytes.capacity / 4 }

  private var entryByteCount: Int {
    entries.count * MemoryLayout<Entry>.stride
      + rejected.count * MemoryLayout<RejectedEntry>.stride
  }

  /// The memory it holds, in bytes.
  public var footprint: Int {
    bytes.capacity + entries.capacity * MemoryLayout<Entry>.stride
      + rejected.capacity * MemoryLayout<RejectedEntry>.stride
  }

  /// Forgets the records and keeps the memory.
  public func removeAll() {
    bytes.removeAll()
    entries.removeAll(keepingCapacity: true)
    // Few files have any.
    rejected.removeAll()
  }

  /// Lends the bytes that the entries point into.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try bytes.withBytes(body)
  }
}

/// A record that is kept aside: its family is all that is known of where it belongs.
public struct RejectedEntry: Sendable {
  public var family: Family
  /// Its content is its identity; its cell means nothing.
  public var entry: Entry

  public init(_ entry: Entry, family: Family) {
    self.entry = entry
    self.family = family
  }
}
