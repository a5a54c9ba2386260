public import Bytes
public import CloudTrail

/// One record's place in order and where its bytes are: what is sorted instead of the record.
///
/// 64 bytes, no references.
public struct Entry: Sendable {
  public var time: EventTime
  /// The number of the record's cell in the run's cell table.
  public var cell: UInt32
  public var identity: RecordIdentity
  public var identityKind: RecordIdentity.Kind
  /// Whether strict readers may refuse the record: only its bytes can tell then.
  public var hasDoubtfulText: Bool
  /// Where the record begins in its batch, in bytes.
  public var offset: UInt32
  /// The record's length in bytes.
  public var length: UInt32
  /// Where the text of the eventID begins inside the record; 0 if there is none.
  public var identityOffset: UInt32
  /// The number of the file the record came from, in the run's table of sources.
  public var source: UInt32
  /// The record's place in that file, from 0.
  public var index: UInt32

  public init(
    _ key: RecordKey, cell: UInt32, range: Range<Int>, source: UInt32, index: UInt32,
    hasDoubtfulText: Bool = false
  ) {
    time = key.time
    self.cell = cell
    identity = key.identity
    identityKind = key.kind
    self.hasDoubtfulText = hasDoubtfulText
    offset = UInt32(range.lowerBound)
    length = UInt32(range.count)
    identityOffset = key.identityOffset
    self.source = source
    self.index = index
  }

  /// The record's bytes in the batch that holds them.
  @inlinable
  public var range: Range<Int> { Int(offset)..<(Int(offset) + Int(length)) }

  /// Whether this entry's record comes before another's, as far as entries can tell; nil where the
  /// bytes of the records decide.
  ///
  /// - Complexity: O(1).
  @inlinable
  public func precedes(_ other: Entry) -> Bool? {
    if time != other.time { return time < other.time }
    guard identityKind == .uuid, other.identityKind == .uuid, identity != other.identity else {
      return nil
    }
    return identity < other.identity
  }

  /// Whether this entry's record may be a copy of another's: only the bytes can tell then.
  ///
  /// - Complexity: O(1).
  @inlinable
  public func mayCopy(_ other: Entry) -> Bool {
    time == other.time && identity == other.identity && length == other.length
  }
}

/// The order of records inside every output: eventTime as an instant, then the bytes of the
/// eventID, then the bytes of the record.
public enum RecordOrder {
  /// Compares two records whose bytes are at hand.
  ///
  /// - Returns: Below zero, zero for copies of one text, or above zero.
  /// - Complexity: O(1) for different times or different UUIDs, else O(record).
  @inlinable
  public static func compare(
    _ left: Entry, _ leftRecord: Span<UInt8>, _ right: Entry, _ rightRecord: Span<UInt8>
  ) -> Int {
    if let isFirst = left.precedes(right) { return isFirst ? -1 : 1 }
    if left.identityKind != .uuid || right.identityKind != .uuid {
      let ids = compareIDs(left, leftRecord, right, rightRecord)
      if ids != 0 { return ids }
    }
    return leftRecord.compare(to: rightRecord)
  }

  /// Compares the decoded eventIDs; none comes before any.
  @usableFromInline
  static func compareIDs(
    _ left: Entry, _ leftRecord: Span<UInt8>, _ right: Entry, _ rightRecord: Span<UInt8>
  ) -> Int {
    var leftID = ByteBuffer(capacity: 64)
    var rightID = ByteBuffer(capacity: 64)
    appendID(left, leftRecord, to: &leftID)
    appendID(right, rightRecord, to: &rightID)
    return leftID.bytes.compare(to: rightID.bytes)
  }

  /// Appends the decoded eventID of a record, as its identity was made from it; nothing if it has
  /// none.
  public static func appendID(
    _ entry: Entry, _ record: Span<UInt8>, to output: inout ByteBuffer
  ) {
    guard entry.identityOffset > 0 else { return }
    var scanner = JSONScanner(record, at: Int(entry.identityOffset) - 1)
    guard let (content, _) = try? scanner.skipString() else { return }
    JSONText.appendDecoded(record.extracting(content), to: &output, loneSurrogates: .encoded)
  }
}
