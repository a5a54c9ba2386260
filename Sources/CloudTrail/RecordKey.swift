import Bytes

/// What decides a record's place and which records are its copies: its time and its identity.
public struct RecordKey: Sendable {
  public var time: EventTime
  public var identity: RecordIdentity
  public var kind: RecordIdentity.Kind
  /// Where the text of the eventID begins inside the record; 0 if there is none.
  public var identityOffset: UInt32

  public init(
    time: EventTime, identity: RecordIdentity, kind: RecordIdentity.Kind, identityOffset: UInt32
  ) {
    self.time = time
    self.identity = identity
    self.kind = kind
    self.identityOffset = identityOffset
  }

  /// The key of the record at `range`, whose fields were captured in the same bytes; nil
  /// without a usable eventTime.
  public init?(_ bytes: Span<UInt8>, _ range: Range<Int>, _ fields: borrowing RecordFields) {
    guard let time = RecordKey.time(bytes, fields) else { return nil }
    self.time = time
    (identity, kind, identityOffset) = RecordKey.identity(bytes, range, fields)
  }

  /// The key of something that is no event: its content alone.
  public init(contentOf record: Span<UInt8>) {
    time = EventTime(seconds: 0)
    identity = RecordIdentity(hashing: record, kind: .content)
    kind = .content
    identityOffset = 0
  }

  private static func time(
    _ bytes: Span<UInt8>, _ fields: borrowing RecordFields
  ) -> EventTime? {
    let field = fields[.eventTime]
    guard field.isString else { return nil }
    if !field.isEscaped { return EventTime(bytes.extracting(field.range)) }
    var decoded = ByteBuffer(capacity: field.range.count)
    JSONText.appendDecoded(bytes.extracting(field.range), to: &decoded)
    return EventTime(decoded.bytes)
  }

  private static func identity(
    _ bytes: Span<UInt8>, _ record: Range<Int>, _ fields: borrowing RecordFields
  ) -> (RecordIdentity, RecordIdentity.Kind, UInt32) {
    let field = fields[.eventID]
    guard field.isString, !field.range.isEmpty else {
      return (RecordIdentity(hashing: bytes.extracting(record), kind: .content), .content, 0)
    }
    let start = UInt32(field.range.lowerBound - record.lowerBound)
    if !field.isEscaped { return identity(bytes.extracting(field.range), start) }
    var decoded = ByteBuffer(capacity: field.range.count)
    JSONText.appendDecoded(
      bytes.extracting(field.range), to: &decoded, loneSurrogates: .encoded)
    return identity(decoded.bytes, start)
  }

  private static func identity(
    _ text: Span<UInt8>, _ start: UInt32
  ) -> (RecordIdentity, RecordIdentity.Kind, UInt32) {
    let identity = RecordIdentity(eventID: text)
    return (identity, identity.kind, start)
  }
}
