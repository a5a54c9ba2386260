public import CBlocks

/// Finding a byte of interest, sixteen at a time.
///
/// A function of `CBlocks` looks at a block of bytes and says which of them are marked, the first in the
/// lowest bit. What is left at the end, less than a block, is looked at in the last block that there is.
public enum ByteSearch {
  /// How many bytes are looked at at once.
  @usableFromInline static let blockSize = 16

  /// All marks of a block.
  @usableFromInline static let allMarks: UInt32 = 0xFFFF

  /// The eight bytes from `position` on as a little-endian word.
  @inlinable @inline(__always)
  public static func word(_ bytes: Span<UInt8>, at position: Int) -> UInt64 {
    // SAFETY: callers check that eight bytes follow; the load may be unaligned.
    let raw = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromUncheckedByteOffset: position, as: UInt64.self)
    return UInt64(littleEndian: raw)
  }

  /// Whether a byte of `word` is not ASCII.
  @inlinable @inline(__always)
  static func hasNonASCII(_ word: UInt64) -> Bool { word & 0x8080_8080_8080_8080 != 0 }

  /// What `marks` says of the block at `position`.
  @inlinable @inline(__always)
  static func marks(
    _ bytes: Span<UInt8>, at position: Int, _ marks: (UnsafeRawPointer) -> UInt32
  ) -> UInt32 {
    // SAFETY: callers check that a block follows; its load may be unaligned.
    unsafe bytes.withUnsafeBytes { unsafe marks($0.baseAddress.unsafelyUnwrapped + position) }
  }

  /// The position of the first byte at or after `start` that is marked, or `bytes.count`.
  ///
  /// - Parameters:
  ///   - bytes: The bytes to search.
  ///   - start: Where the search begins.
  ///   - marks: Says of a block which bytes are marked.
  ///   - isMarked: Says the same of one byte.
  /// - Returns: The position.
  /// - Complexity: O(bytes passed), sixteen a step.
  @inlinable @inline(__always)
  static func firstMarked(
    _ bytes: Span<UInt8>, from start: Int, by marks: (UnsafeRawPointer) -> UInt32,
    or isMarked: (UInt8) -> Bool
  ) -> Int {
    var position = start
    let count = bytes.count
    while position &+ blockSize <= count {
      let found = unsafe ByteSearch.marks(bytes, at: position, marks)
      if found != 0 { return position &+ found.trailingZeroBitCount }
      position &+= blockSize
    }
    if position < count, count >= blockSize {
      let last = count &- blockSize
      let found = unsafe ByteSearch.marks(bytes, at: last, marks) &>> UInt32(position &- last)
      return found == 0 ? count : position &+ found.trailingZeroBitCount
    }
    while position < count, !isMarked(bytes.byte(at: position)) { position &+= 1 }
    return position < count ? position : count
  }

  /// The position of the first byte at or after `start` that ends a plain run of string bytes: a
  /// quote, a backslash or a control character; `bytes.count` if there is none.
  ///
  /// - Complexity: O(bytes passed), sixteen a step.
  @inlinable @inline(__always)
  public static func endOfPlainString(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var nonASCII: UInt32 = 0
    return endOfPlainString(bytes, from: start, nonASCII: &nonASCII)
  }

  /// The same; `nonASCII` is not 0 any more if a byte was passed that is not ASCII.
  @inlinable @inline(__always)
  static func endOfPlainString(
    _ bytes: Span<UInt8>, from start: Int, nonASCII: inout UInt32
  ) -> Int {
    var position = start
    let count = bytes.count
    while position &+ blockSize <= count {
      let marks = unsafe marks(bytes, at: position) { unsafe trailmerge_text_marks($0) }
      let found = marks & allMarks
      if found != 0 {
        // Only bytes up to the one found.
        nonASCII |= marks &>> 16 & (found ^ (found &- 1))
        return position &+ found.trailingZeroBitCount
      }
      nonASCII |= marks &>> 16
      position &+= blockSize
    }
    while position < count {
      let byte = bytes.byte(at: position)
      if byte == ASCII.quote || byte == ASCII.backslash || byte < ASCII.space { return position }
      nonASCII |= UInt32(byte & 0x80)
      position &+= 1
    }
    return count
  }

  /// The position of the first `byte` at or after `start`, or `bytes.count`.
  ///
  /// - Complexity: O(bytes passed), sixteen a step.
  @inlinable
  public static func first(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int = 0) -> Int {
    unsafe firstMarked(
      bytes, from: start, by: { unsafe trailmerge_bytes($0, byte) }, or: { $0 == byte })
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
  ///
  /// For a literal text the compiler compares words with constants.
  @inlinable @inline(__always)
  public func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
    let length = text.utf8CodeUnitCount
    guard range.count == length, range.upperBound <= count, range.lowerBound >= 0 else {
      return false
    }
    // SAFETY: offsets and widths stay below the length of both; loads may be unaligned.
    return unsafe withUnsafeBytes { bytes in
      let mine = unsafe bytes.baseAddress.unsafelyUnwrapped + range.lowerBound
      let theirs = unsafe UnsafeRawPointer(text.utf8Start)
      var offset = 0
      while offset &+ 8 <= length {
        if unsafe !mine.isSame(as: theirs, UInt64.self, at: offset) { return false }
        offset &+= 8
      }
      if offset == length { return true }
      // The last word may overlap what was compared before.
      if length >= 8 { return unsafe mine.isSame(as: theirs, UInt64.self, at: length &- 8) }
      if length >= 4 {
        return unsafe mine.isSame(as: theirs, UInt32.self, at: 0)
          && mine.isSame(as: theirs, UInt32.self, at: length &- 4)
      }
      while offset < length {
        if unsafe !mine.isSame(as: theirs, UInt8.self, at: offset) { return false }
        offset &+= 1
      }
      return true
    }
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

extension UnsafeRawPointer {
  /// Whether the same word is at `offset` from here and from `other`.
  @unsafe @inlinable @inline(__always)
  func isSame<Word: FixedWidthInteger & BitwiseCopyable>(
    as other: UnsafeRawPointer, _ type: Word.Type, at offset: Int
  ) -> Bool {
    unsafe loadUnaligned(fromByteOffset: offset, as: type)
      == other.loadUnaligned(fromByteOffset: offset, as: type)
  }
}
