public import Bytes

/// Where one value is inside the scanned bytes.
public struct FieldRange: Sendable {
  /// Between the quotes of a string; the whole of any other value.
  ///
  /// Empty at 0: not there.
  public internal(set) var range: Range<Int> = 0..<0
  /// The value's first byte: a quote for a string, 0 if the field is not there.
  public internal(set) var firstByte: UInt8 = 0
  public internal(set) var isEscaped = false

  public var isPresent: Bool { firstByte != 0 }
  public var isString: Bool { firstByte == ASCII.quote }
  public var isObject: Bool { firstByte == ASCII.openBrace }
}

/// The fields of one object that reading needs, captured in a single walk over it.
///
/// To capture another top-level field, add its name here and in `name(of:in:)`.
public struct RecordFields: Sendable {
  public enum Name: Int, CaseIterable {
    case eventTime, eventID, recipientAccountID, awsRegion, userIdentity, eventSource
    case eventCategory
    // Aggregated events have names of their own.
    case aggregatedEventID, accountID, timeWindow, windowStart
    // Envelopes that carry a record inside.
    case cloudTrailEvent, message, messageType, detail, detailType
  }

  private var values = InlineArray<16, FieldRange>(repeating: FieldRange())

  public init() {}

  public internal(set) subscript(name: Name) -> FieldRange {
    get { values[name.rawValue] }
    set { values[name.rawValue] = newValue }
  }

  /// How an object ended.
  public enum End: Sendable {
    case object
    /// Stopped at the `[` of an array of records, whose top-level key this is.
    case records
    /// Stopped at the second key that is to hold an array of records, at this offset.
    case secondRecords(Int)
  }

  /// Walks the object at the scanner's position, validating all of it and noting the fields.
  ///
  /// Of equal keys the first counts.
  ///
  /// `shape`: that of the file, at whose array of records to stop; nil to walk the whole object.
  ///
  /// - Complexity: O(bytes of the object).
  public mutating func capture(
    _ scanner: inout JSONScanner, shape: FileShape?
  ) throws(JSONSyntaxError) -> End {
    self = RecordFields()
    var hasRecordsKey = false
    scanner.position &+= 1
    scanner.skipWhitespace()
    if try scanner.peek() == ASCII.closeBrace {
      scanner.position &+= 1
      return .object
    }
    while true {
      let (key, isKeyEscaped) = try scanner.skipKey()
      let firstByte = try scanner.peek()
      if let shape, !isRecord(in: shape), shape.holdsRecords(key, isKeyEscaped, scanner.bytes) {
        if hasRecordsKey { return .secondRecords(key.lowerBound &- 1) }
        if firstByte == ASCII.openBracket { return .records }
        hasRecordsKey = true
      }
      var value = FieldRange()
      value.firstByte = firstByte
      if firstByte == ASCII.quote {
        (value.range, value.isEscaped) = try scanner.skipString()
      } else {
        let start = scanner.position
        try scanner.skipValue()
        value.range = start..<scanner.position
      }
      note(value, key, isKeyEscaped, scanner.bytes)
      scanner.skipWhitespace()
      let byte = try scanner.peek()
      scanner.position &+= 1
      if byte == ASCII.closeBrace { return .object }
      guard byte == ASCII.comma else {
        throw .unexpected(offset: scanner.position &- 1, expected: .commaOrBrace)
      }
      scanner.skipWhitespace()
    }
  }

  /// Whether the fields captured so far make the object a record itself, whatever arrays it has.
  ///
  /// A log file's document is no record, and an attacker must not make one of it.
  private func isRecord(in shape: FileShape) -> Bool {
    shape == .loose && (self[.eventID].isPresent || self[.eventTime].isPresent)
  }

  /// Fills in what an aggregated event calls by names of its own: `eventId`, `accountId`, and the
  /// start of its time window for a time.
  ///
  /// - Parameter bytes: Those that the fields were captured in.
  public mutating func adoptAggregatedNames(in bytes: Span<UInt8>) {
    if !self[.eventID].isPresent { self[.eventID] = self[.aggregatedEventID] }
    if !self[.recipientAccountID].isPresent { self[.recipientAccountID] = self[.accountID] }
    let window = self[.timeWindow]
    guard !self[.eventTime].isPresent, window.isObject else { return }
    var scanner = JSONScanner(bytes, at: window.range.lowerBound)
    var inner = RecordFields()
    guard (try? inner.capture(&scanner, shape: nil)) != nil else { return }
    self[.eventTime] = inner[.windowStart]
  }

  /// Captures the fields of a record that a dataset stores, under the names that events have.
  ///
  /// - Parameters:
  ///   - bytes: Those that ranges are relative to.
  ///   - range: Where the record is in them.
  ///   - family: The record's.
  /// - Returns: Whether strict readers may refuse the record; nil where there is anything but one object.
  /// - Complexity: O(`range.count`).
  public mutating func captureStored(
    _ bytes: Span<UInt8>, _ range: Range<Int>, of family: Family
  ) -> Bool? {
    var scanner = JSONScanner(bytes.extracting(0..<range.upperBound), at: range.lowerBound)
    guard !range.isEmpty, bytes[range.lowerBound] == ASCII.openBrace,
      (try? capture(&scanner, shape: nil)) != nil, scanner.isAtEnd
    else { return nil }
    if family == .aggregated { adoptAggregatedNames(in: bytes) }
    return scanner.passedDoubtfulText
  }

  /// Captures the fields of a record that a dataset stores, and that is all of some bytes.
  public mutating func captureStored(_ record: Span<UInt8>, of family: Family) -> Bool? {
    captureStored(record, 0..<record.count, of: family)
  }

  @inline(__always)
  private mutating func note(
    _ value: FieldRange, _ key: Range<Int>, _ isKeyEscaped: Bool, _ bytes: Span<UInt8>
  ) {
    if isKeyEscaped {
      var decoded = ByteBuffer(capacity: key.count)
      JSONText.appendDecoded(bytes.extracting(key), to: &decoded)
      note(value, key: 0..<decoded.count, in: decoded.bytes)
    } else {
      note(value, key: key, in: bytes)
    }
  }

  @inline(__always)
  private mutating func note(_ value: FieldRange, key: Range<Int>, in bytes: Span<UInt8>) {
    guard let name = RecordFields.name(of: key, in: bytes), !self[name].isPresent else { return }
    self[name] = value
  }

  @inline(__always)
  private static func name(of key: Range<Int>, in bytes: Span<UInt8>) -> Name? {
    switch key.count {
    case 6 where bytes.equals(key, "detail"): .detail
    case 7 where bytes.equals(key, "eventID"): .eventID
    case 7 where bytes.equals(key, "eventId"): .aggregatedEventID
    case 7 where bytes.equals(key, "message"): .message
    case 9 where bytes.equals(key, "eventTime"): .eventTime
    case 9 where bytes.equals(key, "awsRegion"): .awsRegion
    case 9 where bytes.equals(key, "accountId"): .accountID
    case 10 where bytes.equals(key, "timeWindow"): .timeWindow
    case 11 where bytes.equals(key, "eventSource"): .eventSource
    case 11 where bytes.equals(key, "windowStart"): .windowStart
    case 11 where bytes.equals(key, "messageType"): .messageType
    case 11 where bytes.equals(key, "detail-type"): .detailType
    case 12 where bytes.equals(key, "userIdentity"): .userIdentity
    case 13 where bytes.equals(key, "eventCategory"): .eventCategory
    case 15 where bytes.equals(key, "CloudTrailEvent"): .cloudTrailEvent
    case 18 where bytes.equals(key, "recipientAccountId"): .recipientAccountID
    default: nil
    }
  }
}
