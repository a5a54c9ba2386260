extension ByteSearch {
  /// A number that two equal texts share and two different ones rarely do.
  ///
  /// It is made of the length and the first and last eight bytes: enough to tell the names of JSON
  /// keys apart without reading all of them. Whoever needs certainty compares the bytes as well.
  ///
  /// - Complexity: O(1).
  @inlinable @inline(__always)
  public static func fingerprint(_ bytes: Span<UInt8>, in range: Range<Int>) -> UInt64 {
    let length = range.upperBound &- range.lowerBound
    precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
    var first: UInt64 = 0
    var last: UInt64 = 0
    if length >= 8 {
      first = word(bytes, at: range.lowerBound)
      last = word(bytes, at: range.upperBound &- 8)
    } else if range.lowerBound &+ 8 <= bytes.count {
      // The lowest `length` bytes of the word; a shift by 64 gives no bits at all.
      first = word(bytes, at: range.lowerBound) & ((1 << UInt64(length &* 8)) &- 1)
    } else {
      for position in range.reversed() { first = first &<< 8 | UInt64(bytes.byte(at: position)) }
    }
    let mixed = (first ^ last &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(length)) &* 0xD6E8_FEB8_6659_FD93
    return mixed ^ mixed &>> 32
  }
}
