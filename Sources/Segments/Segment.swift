import Bytes

/// The records of one cell in order, each text once: what merging takes in.
///
/// Where they are is the conforming type's business: in memory, in a temporary file, or in the
/// dataset.
public protocol Segment: Sendable {
  /// How many records it holds.
  var recordCount: Int { get }
  /// Whether its records were counted as written before: they are in the dataset, or were written
  /// earlier in this run.
  var isWritten: Bool { get }
  /// Whether it keeps a batch from being used again.
  var isInMemory: Bool { get }
  /// How many bytes of it a cursor has in memory at most, as far as that is known and is its own.
  var windowByteCount: Int { get }
  /// Starts reading; the cursor is at the first record.
  func cursor() throws -> any RecordCursor
}

extension Segment {
  public var isInMemory: Bool { false }
  public var windowByteCount: Int { 0 }
}

/// Reads a segment record by record.
public protocol RecordCursor: AnyObject {
  /// The entry of the record under the cursor; its offset means nothing to others.
  var entry: Entry { get }
  /// Lends the bytes of the record under the cursor.
  func withRecord(_ body: (Span<UInt8>) throws -> Void) rethrows
  /// Goes to the next record.
  ///
  /// - Returns: False at the end; the cursor must not be used any more.
  func advance() throws -> Bool
}
