public import Bytes
import CloudTrail

/// A file of sorted segments: what does not fit the memory, or what another process reads.
///
/// All numbers are little-endian.
/// ```
/// `TMSEGMNT`, version 4
/// for each segment, blocks of whole records:
///   byte count 4, CRC-32 4
///   for each record: seconds 8, nanoseconds 4, identity 16, kind 4, eventID offset 4, source 4,
///                    index 4, length 4, and its bytes
/// the contents as JSON: the cell of each segment, and the paths that sources are numbers of
/// the contents' offset 8, byte count 8, CRC-32 4, `TMSEGMNT`
/// ```
/// Only a file that is finished has the contents and the end. One without a name is never finished: it
/// goes with the last segment or with the process.
public final class SegmentFile: Sendable {
  static let magic = Array("TMSEGMNT".utf8)
  static let version: UInt32 = 1
  static let startSize = 12
  static let endSize = 28
  static let blockHeaderSize = 8

  let file: OpenFile

  init(_ file: consuming OpenFile) {
    self.file = file
  }

  var path: Path { file.path }
}

/// What is wrong with a file of segments.
public enum SegmentFileError: Error, CustomStringConvertible, Equatable {
  /// It is something else, or was not finished.
  case other(Path)
  /// It was written in another version of the format.
  case otherVersion(Path, Int)
  case damaged(Path, String)

  public var description: String {
    switch self {
    case .other(let path): "\(path) is not a whole file of segments: write it again"
    case .otherVersion(let path, let version):
      "\(path) has format version \(version), and this trailmerge works with "
        + "\(SegmentFile.version): use one trailmerge for all steps"
    case .damaged(let path, let what): "\(path) is damaged (\(what)): write it again"
    }
  }
}

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
  static func entry(_ bytes: Span<UInt8>, at position: Int, cell: UInt32) -> Entry? {
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
      key, cell: cell, range: start..<(start + length),
      source: bytes.number(at: position + 36), index: bytes.number(at: position + 40),
      hasDoubtfulText: marks & doubt != 0)
  }
}
