import Bytes
import CloudTrail

/// The header of a record in a file of segments.
enum RecordHeader {
  static let size = 48

  /// The bit beside the kind of the identity that says `hasDoubtfulText`.
  private static let doubt: UInt32 = 1 << 8

  static func append(_ entry: Entry, to buffer: inout ByteBuffer) {
    buffer.append(littleEndian: entry.time.seconds)
    buffer.append(littleEndian: entry.time.nanoseconds)
    buffer.append(littleEndian: entry.identity.high)
    buffer.append(littleEndian: entry.identity.low)
    buffer.append(
      littleEndian: UInt32(entry.identityKind.rawValue) | (entry.hasDoubtfulText ? doubt : 0))
    buffer.append(littleEndian: entry.identityOffset)
    buffer.append(littleEndian: entry.source)
    buffer.append(littleEndian: entry.index)
    buffer.append(littleEndian: entry.length)
  }

  /// The entry of the record whose header begins at `position`; nil if the bytes end before it does.
  ///
  /// It names no cell: the records of a segment are of one, which its owner knows.
  static func entry(_ bytes: Span<UInt8>, at position: Int) -> Entry? {
    let start = position + size
    guard start <= bytes.count else { return nil }
    let marks = bytes.number(at: position + 28, as: UInt32.self)
    let kind = UInt8(exactly: marks & ~doubt)
    let length = Int(bytes.number(at: position + 44, as: UInt32.self))
    let identityOffset = bytes.number(at: position + 32, as: UInt32.self)
    guard let kind = kind.flatMap(RecordIdentity.Kind.init(rawValue:)),
      length <= bytes.count - start, Int(identityOffset) <= length
    else { return nil }
    let key = RecordKey(
      time: EventTime(
        seconds: bytes.number(at: position), nanoseconds: bytes.number(at: position + 8)),
      identity: RecordIdentity(
        high: bytes.number(at: position + 12), low: bytes.number(at: position + 20)),
      kind: kind, identityOffset: identityOffset)
    return Entry(
      key, cell: 0, range: start..<(start + length),
      source: bytes.number(at: position + 36), index: bytes.number(at: position + 40),
      hasDoubtfulText: marks & doubt != 0)
  }
}
