import Bytes

/// What makes two records copies of one event: 128 bits in place of the eventID's bytes.
///
/// A lower-case UUID of a version that RFC 9562 defines is its own identity, and the order of such
/// identities is the order of the texts. Any other eventID, and the whole text of a record that has
/// none, is hashed with SHA-256 and cut to 128 bits, where the four that hold a UUID's version say
/// the kind. So identities of different kinds are never equal.
public struct RecordIdentity: Hashable, Comparable, Sendable {
  public var high: UInt64
  public var low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// What an identity was made from.
  public enum Kind: UInt8, Sendable {
    /// The record has no usable eventID: its content is its identity.
    case content
    /// The eventID is a UUID in lower case, of version 1 to 8.
    case uuid
    /// The eventID is any other text.
    case otherText

    /// What a hash has in place of a UUID's version: 0 and 9 are no versions.
    fileprivate var mark: UInt64 { self == .content ? 9 : 0 }
  }

  /// What the identity was made from.
  public var kind: Kind {
    switch version {
    case Kind.content.mark: .content
    case Kind.otherText.mark: .otherText
    default: .uuid
    }
  }

  /// The version of a UUID: the first digit of its third group (RFC 9562, 4.2).
  private var version: UInt64 { high >> RecordIdentity.versionShift & 15 }

  private static let versionShift: UInt64 = 12

  /// The identity of an eventID: any text but an empty one, unescaped.
  ///
  /// - Complexity: O(1) for a UUID, else O(`text.count`).
  public init(eventID text: Span<UInt8>) {
    self = RecordIdentity(uuid: text) ?? RecordIdentity(hashing: text, kind: .otherText)
  }

  /// The identity of a lower-case UUID (`8-4-4-4-12` hexadecimal digits) of version 1 to 8; nil for
  /// other text.
  ///
  /// - Complexity: O(1).
  public init?(uuid text: Span<UInt8>) {
    guard text.count == 36, text[8] == ASCII.hyphen, text[13] == ASCII.hyphen,
      text[18] == ASCII.hyphen, text[23] == ASCII.hyphen
    else { return nil }
    var invalid: UInt8 = 0
    high =
      hexDigits(text, 0, 8, &invalid) << 32 | hexDigits(text, 9, 4, &invalid) << 16
      | hexDigits(text, 14, 4, &invalid)
    low = hexDigits(text, 19, 4, &invalid) << 48 | hexDigits(text, 24, 12, &invalid)
    guard invalid <= 15, (1...8).contains(version) else { return nil }
  }

  /// The identity of a text that is no UUID, or of a record's whole content.
  ///
  /// - Complexity: O(`text.count`).
  public init(hashing text: Span<UInt8>, kind: Kind) {
    var hasher = SHA256Hasher()
    hasher.update([kind.rawValue].span)
    hasher.update(text)
    let digest = hasher.finish()
    high =
      digest.words.0 & ~(15 << RecordIdentity.versionShift)
      | kind.mark << RecordIdentity.versionShift
    low = digest.words.1
  }

  @inlinable @inline(__always)
  public static func < (left: Self, right: Self) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

/// The value of `count` lower-case hexadecimal digits; sets high bits of `invalid` on others.
@inline(__always)
private func hexDigits(
  _ text: Span<UInt8>, _ start: Int, _ count: Int, _ invalid: inout UInt8
) -> UInt64 {
  var value: UInt64 = 0
  for position in start..<(start &+ count) {
    let byte = text.byte(at: position)
    let decimal = byte &- ASCII.zero
    let letter = byte &- UInt8(ascii: "a")
    let digit: UInt8 = decimal < 10 ? decimal : (letter < 6 ? letter &+ 10 : 0xF0)
    invalid |= digit
    value = value &<< 4 | UInt64(digit & 15)
  }
  return value
}
