public import Bytes
public import CloudTrail

/// One record of a cell as the index knows it: 24 bytes on disk.
public struct IndexRow: Sendable {
  public var identity: RecordIdentity
  /// The number of the file it came from, in the table of whoever holds the row.
  public var place: SourcePlace

  public static let size = 24

  public init(identity: RecordIdentity, place: SourcePlace) {
    self.identity = identity
    self.place = place
  }

  /// Rows that are read at once.
  public static let countAtOnce = 4096

  /// Passes rows that follow one another as they are on disk.
  @inline(__always)
  public static func forEach(
    in rows: Span<UInt8>, _ body: (IndexRow) throws -> Void
  ) rethrows {
    for start in stride(from: 0, to: rows.count, by: size) { try body(IndexRow(rows, at: start)) }
  }

  /// Appends the row: identity 16, file 4, index 4, little-endian.
  @inline(__always)
  public func append(to output: inout ByteBuffer) {
    output.append(littleEndian: identity.high)
    output.append(littleEndian: identity.low)
    output.append(littleEndian: place.source)
    output.append(littleEndian: place.index)
  }

  /// Reads the row at `position`.
  @inline(__always)
  public init(_ bytes: Span<UInt8>, at position: Int) {
    identity = RecordIdentity(
      high: bytes.number(at: position), low: bytes.number(at: position + 8))
    place = SourcePlace(
      source: bytes.number(at: position + 16), index: bytes.number(at: position + 20))
  }
}
