public import Bytes

/// Where a record comes from, for outputs that say so.
public struct RecordOrigin: Sendable {
  /// The file's path relative to its input.
  public var path: Path
  /// The record's place in the file, from 0.
  public var index: Int

  public init(path: Path, index: Int) {
    self.path = path
    self.index = index
  }
}

/// How records become the bytes of a file.
///
/// To add a format, write a type in this folder, and name it where a job's outputs are turned into
/// encoders (`OutputPlan` in JobRunner) and in `OutputSpecification.Format`.
public protocol RecordEncoder {
  /// What file names end in: `ndjson`.
  var fileExtension: String { get }

  /// Appends what every file begins with.
  mutating func appendHeader(to output: inout ByteBuffer)

  /// Appends one record.
  ///
  /// - Parameters:
  ///   - record: Validated JSON without white space between tokens.
  ///   - origin: Where the record comes from; nil when the output does not say.
  ///   - output: Where the bytes go.
  mutating func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer)
}
