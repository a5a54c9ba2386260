public import Bytes

/// Where a record comes from, for outputs that say so.
public struct RecordOrigin: Sendable {
  /// What the ledger calls the file: the input's name and the path below it.
  public var path: Path
  /// The record's place in the file, from 0.
  public var index: Int

  public init(path: Path, index: Int) {
    self.path = path
    self.index = index
  }
}

/// How the records of one output become files.
public struct RecordEncoding: Sendable {
  /// Whether records are to be given with their origin.
  public var needsOrigin: Bool
  /// Makes an encoder; each worker has its own.
  public var makeEncoder: @Sendable () throws -> any RecordEncoder

  public init(
    needsOrigin: Bool = false, makeEncoder: @escaping @Sendable () throws -> any RecordEncoder
  ) {
    self.needsOrigin = needsOrigin
    self.makeEncoder = makeEncoder
  }
}

/// Turns records into the bytes of files, one file after the other.
///
/// A file is a call of `begin`, one of `append` for each record, and `finish`; the files of a partition
/// come after `beginPartition`. After an error a file may be given up at any point: the next `begin`
/// forgets it.
public protocol RecordEncoder {
  /// Whether a record becomes the same bytes in whatever file it is.
  ///
  /// If so, the record that would make a file larger than the output allows is moved to the next
  /// file. If not, a file ends with the record that made it large enough.
  var movesRecords: Bool { get }

  /// How many bytes of the file at hand the encoder keeps until `finish`; they count for the size at
  /// which an output begins a new file.
  var keptByteCount: Int { get }

  /// Says which partition the next files are of.
  ///
  /// - Parameter folder: Its folder below the dataset.
  mutating func beginPartition(_ folder: Path)

  /// Begins a file with what comes before its first record.
  ///
  /// - Parameters:
  ///   - output: Where the bytes go.
  ///   - scratch: The path of a file for the encoder to make, use and remove, if it needs one; there
  ///     is nothing, and it is on the disk to which the output goes.
  /// - Throws: When a file of the encoder's own cannot be made.
  mutating func begin(to output: inout ByteBuffer, scratch: Path) throws

  /// Appends one record, or keeps it until `finish`.
  ///
  /// - Parameters:
  ///   - record: Validated JSON without white space between tokens.
  ///   - origin: Where the record comes from; nil when the output does not say.
  ///   - output: Where the bytes go.
  /// - Throws: When a file of the encoder's own cannot be written.
  mutating func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer) throws

  /// Appends what comes after the last record, or the next piece of it.
  ///
  /// - Returns: Whether that was all; if not, `finish` is called again once the piece is written, so
  ///   that a long end needs no more memory than a piece.
  /// - Throws: When a file of the encoder's own cannot be written, read or removed.
  mutating func finish(to output: inout ByteBuffer) throws -> Bool

  /// The fields altered since this was last asked.
  mutating func takeAlteredFields() -> AlteredFields
}

extension RecordEncoder {
  public var movesRecords: Bool { false }
  public var keptByteCount: Int { 0 }
  public mutating func beginPartition(_ folder: Path) {}
  public mutating func begin(to output: inout ByteBuffer, scratch: Path) {}
  public mutating func finish(to output: inout ByteBuffer) -> Bool { true }
  public mutating func takeAlteredFields() -> AlteredFields { AlteredFields() }
}
