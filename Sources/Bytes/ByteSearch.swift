/// Finding a byte of interest eight at a time.
///
/// A word's bytes are tested all at once by arithmetic that leaves the high bit of each matching
/// byte set. With `x` the word and `b` the byte wanted in every lane:
///
/// ```
/// y = x ^ bbbb…        a match becomes 00
/// (y - 0101…) & ~y & 8080…   high bit set where a byte was 00
/// ```
///
/// A borrow may mark a byte *above* a true match, never below one, so the lowest mark is exact
/// (Warren, Hacker's Delight, 6-1). Words are little-endian: the lowest lane is the first byte.
public enum ByteSearch {
  /// Whether a byte of `word` is not ASCII.
  @inlinable @inline(__always)
  static func hasNonASCII(_ word: UInt64) -> Bool { word & high != 0 }

  @usableFromInline static let low: UInt64 = 0x0101_0101_0101_0101
  @usableFromInline static let high: UInt64 = 0x8080_8080_8080_8080

  /// Marks the bytes of `word` that equal `byte`.
  @inlinable @inline(__always)
  static func marks(of byte: UInt8, in word: UInt64) -> UInt64 {
    let y = word ^ (low &* UInt64(byte))
    return (y &- low) & ~y & high
  }

  /// Marks the bytes of `word` below `0x20`.
  @inlinable @inline(__always)
  static func marksOfControls(in word: UInt64) -> UInt64 {
    (word &- (low &* 0x20)) & ~word & high
  }

  /// The eight bytes from `position` on as a little-endian word.
  @inlinable @inline(__always)
  public static func word(_ bytes: Span<UInt8>, at position: Int) -> UInt64 {
    // SAFETY: callers check that eight bytes follow; the load may be unaligned.
    let raw = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: position, as: UInt64.self)
    return UInt64(littleEndian: raw)
  }

  /// The position of the first byte at or after `start` that ends a plain run of string bytes: a
  /// quote, a backslash or a control character; `bytes.count` if there is none.
  ///
  /// - Complexity: O(bytes passed), eight a step.
  @inlinable @inline(__always)
  public static func endOfPlainString(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var joined: UInt64 = 0
    return endOfPlainString(bytes, from: start, joined: &joined)
  }

  /// The same; `joined` gets all bits of the bytes passed, and of up to seven bytes after them.
  @inlinable @inline(__always)
  static func endOfPlainString(
    _ bytes: Span<UInt8>, from start: Int, joined: inout UInt64
  ) -> Int {
    var position = start
    let count = bytes.count
    while position &+ 8 <= count {
      let word = word(bytes, at: position)
      joined |= word
      let found =
        marks(of: ASCII.quote, in: word) | marks(of: ASCII.backslash, in: word)
        | marksOfControls(in: word)
      if found != 0 { return position &+ found.trailingZeroBitCount &>> 3 }
      position &+= 8
    }
    while position < count {
      let byte = unsafe bytes[unchecked: position]
      joined |= UInt64(byte)
      if byte == ASCII.quote || byte == ASCII.backslash || byte < ASCII.space { return position }
      position &+= 1
    }
    return count
  }

  /// The position of the first `byte` at or after `start`, or `bytes.count`.
  ///
  /// - Complexity: O(bytes passed), eight a step.
  @inlinable
  public static func first(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int = 0) -> Int {
    var position = start
    let count = bytes.count
    while position &+ 8 <= count {
      let found = marks(of: byte, in: word(bytes, at: position))
      if found != 0 { return position &+ found.trailingZeroBitCount &>> 3 }
      position &+= 8
    }
    while position < count {
      if unsafe bytes[unchecked: position] == byte { return position }
      position &+= 1
    }
    return count
  }
}

extension Span where Element == UInt8 {
  /// The byte at `position`, without a check in release builds.
  ///
  /// For loops that have compared `position` with `count` already.
  @inlinable @inline(__always)
  public func byte(at position: Int) -> UInt8 {
    assert(position >= 0 && position < count)
    // SAFETY: the caller has checked the position; debug builds check it again.
    return unsafe self[unchecked: position]
  }

  /// Whether the bytes in `range` are exactly those of `text`.
  @inlinable @inline(__always)
  public func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard range.count == length, range.upperBound <= count, range.lowerBound >= 0 else {
      return false
    }
    let start = unsafe text.utf8Start
    for offset in 0..<length {
      // SAFETY: `offset` is below the length of both.
      if unsafe self[unchecked: range.lowerBound &+ offset] != start[offset] { return false }
    }
    return true
  }

  /// The order of two byte strings: as `memcmp` orders them, a prefix before what it begins.
  ///
  /// - Returns: Below zero, zero or above zero.
  /// - Complexity: O(common prefix), eight bytes a step.
  @inlinable
  public func compare(to other: Span<UInt8>) -> Int {
    let shared = Swift.min(count, other.count)
    var position = 0
    while position &+ 8 <= shared {
      let mine = ByteSearch.word(self, at: position)
      let theirs = ByteSearch.word(other, at: position)
      if mine != theirs { return mine.byteSwapped < theirs.byteSwapped ? -1 : 1 }
      position &+= 8
    }
    while position < shared {
      // SAFETY: `position` is below both counts.
      let mine = unsafe self[unchecked: position]
      let theirs = unsafe other[unchecked: position]
      if mine != theirs { return mine < theirs ? -1 : 1 }
      position &+= 1
    }
    return count == other.count ? 0 : (count < other.count ? -1 : 1)
  }

  /// Whether both hold the same bytes.
  @inlinable
  public func isEqual(to other: Span<UInt8>) -> Bool {
    count == other.count && compare(to: other) == 0
  }

  /// A copy of the bytes.
  public func copied() -> [UInt8] {
    unsafe withUnsafeBufferPointer { unsafe Array($0) }
  }

  /// The bytes as text, each invalid part replaced by U+FFFD.
  public func text() -> String {
    unsafe withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
