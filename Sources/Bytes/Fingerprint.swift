/// The length and the first and last eight bytes of a text.
///
/// They distinguish the names of JSON keys without reading all of them; up to 16 bytes, they are all
/// of it.
public struct Fingerprint: Equatable, Sendable {
  public let length: Int
  @usableFromInline let first: UInt64
  @usableFromInline let last: UInt64

  /// Takes the fingerprint of the bytes in `range`; the bytes around them have no influence.
  ///
  /// - Complexity: O(1).
  @inlinable @inline(__always)
  public init(_ bytes: Span<UInt8>, in range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    length = range.upperBound &- range.lowerBound
    var first: UInt64 = 0
    var last: UInt64 = 0
    if length >= 8 {
      first = ByteSearch.word(bytes, at: range.lowerBound)
      last = ByteSearch.word(bytes, at: range.upperBound &- 8)
    } else if range.lowerBound &+ 8 <= bytes.count {
      // The lowest `length` bytes of the word; a shift by 64 gives no bits at all.
      first = ByteSearch.word(bytes, at: range.lowerBound) & ((1 << UInt64(length &* 8)) &- 1)
    } else {
      for position in range.reversed() { first = first &<< 8 | UInt64(bytes.byte(at: position)) }
    }
    self.first = first
    self.last = last
  }
  /// Whether texts of this fingerprint are equal for certain.
  @inlinable @inline(__always)
  public var isWhole: Bool { length <= 16 }

  /// A number to find the fingerprint in a table by.
  @inlinable @inline(__always)
  public var hash: Int {
    let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(length)) &* 0xD6E8_FEB8_6659_FD93
    return Int(truncatingIfNeeded: mixed ^ mixed &>> 32)
  }
}
