public import Bytes

/// Records that wait to be written to side files, in one temporary file without a name.
///
/// A row of a sort names a record by where it is here: records may be long.
public final class NewTexts {
  /// Where a record is, and the eventID that was read off it.
  public struct Text: Sendable {
    var offset: Int
    /// Nil without an eventID.
    var eventIDLength: Int?
    /// In bytes.
    public internal(set) var recordLength: Int
  }

  private let spool: Spool

  /// `path`: A name that the file has for a moment.
  public init(_ path: Path) {
    spool = Spool { path }
  }

  /// Adds a record; returns where it is.
  func append(_ record: Span<UInt8>, eventID: [UInt8]?) throws -> Text {
    var bytes = ByteBuffer(capacity: record.count + 64)
    bytes.append(eventID ?? [])
    bytes.append(record)
    return Text(
      offset: try spool.append(bytes.bytes), eventIDLength: eventID?.count,
      recordLength: record.count)
  }

  /// Reads a record.
  func readRecord(_ text: Text, into buffer: inout ByteBuffer) throws {
    try spool.read(text.recordLength, at: text.offset + (text.eventIDLength ?? 0), into: &buffer)
  }

  /// Reads an eventID.
  func eventID(_ text: Text) throws -> [UInt8]? {
    guard let length = text.eventIDLength else { return nil }
    var buffer = ByteBuffer(capacity: length)
    try spool.read(length, at: text.offset, into: &buffer)
    return buffer.bytes.copied()
  }
}

extension ByteBuffer {
  /// Appends where a record is: 24 bytes of a row.
  public mutating func append(row text: NewTexts.Text) {
    append(bigEndian: Int64(text.offset))
    append(bigEndian: Int64(text.eventIDLength ?? -1))
    append(bigEndian: Int64(text.recordLength))
  }
}

extension RowReader {
  /// Reads where a record is.
  public mutating func textPlace() -> NewTexts.Text {
    let offset = Int(number(Int64.self))
    let eventIDLength = Int(number(Int64.self))
    return NewTexts.Text(
      offset: offset, eventIDLength: eventIDLength < 0 ? nil : eventIDLength,
      recordLength: Int(number(Int64.self)))
  }
}
