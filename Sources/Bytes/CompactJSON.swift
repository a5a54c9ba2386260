/// A fast walk over JSON that has been validated and holds no white space between tokens.
///
/// Records are stored like that, so what writes them need not look at every byte again: these
/// functions look for ends only. On other bytes the answers are meaningless, but they are never
/// past the end of the bytes.
public enum CompactJSON {
  /// The closing quote of the string whose content starts at `start`, and whether the content
  /// holds an escape.
  ///
  /// - Complexity: O(bytes passed), eight a step.
  @inlinable @inline(__always)
  public static func endOfString(
    _ bytes: Span<UInt8>, from start: Int
  ) -> (end: Int, escaped: Bool) {
    let end = firstQuoteOrEscape(bytes, from: start)
    if end < bytes.count, bytes.byte(at: end) == 0x22 { return (end, false) }
    return (endOfEscapedString(bytes, from: end), true)
  }

  /// The first quote or backslash: in a valid string nothing else is of interest.
  @inlinable @inline(__always)
  static func firstQuoteOrEscape(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position &+ 8 <= bytes.count {
      let word = ByteSearch.word(bytes, at: position)
      let found = ByteSearch.marks(of: 0x22, in: word) | ByteSearch.marks(of: 0x5C, in: word)
      if found != 0 { return position &+ found.trailingZeroBitCount &>> 3 }
      position &+= 8
    }
    while position < bytes.count {
      let byte = bytes.byte(at: position)
      if byte == 0x22 || byte == 0x5C { return position }
      position &+= 1
    }
    return bytes.count
  }

  @usableFromInline @inline(never)
  static func endOfEscapedString(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < bytes.count {
      switch bytes.byte(at: position) {
      case 0x22: return position
      case 0x5C: position = min(position &+ 2, bytes.count)
      default: position &+= 1
      }
      position = firstQuoteOrEscape(bytes, from: position)
    }
    return bytes.count
  }

  /// The position behind the value at `start`.
  @inlinable
  public static func endOfValue(_ bytes: Span<UInt8>, at start: Int) -> Int {
    guard start < bytes.count else { return bytes.count }
    switch bytes.byte(at: start) {
    case 0x22: return min(endOfString(bytes, from: start &+ 1).end &+ 1, bytes.count)
    case 0x7B, 0x5B: return endOfContainer(bytes, at: start)
    default: return endOfScalar(bytes, at: start)
    }
  }

  /// The position behind the object or array that opens at `start`.
  ///
  /// Brackets and braces differ in one bit only, and strings are passed whole, so that depth is all
  /// there is to count.
  @inlinable
  public static func endOfContainer(_ bytes: Span<UInt8>, at start: Int) -> Int {
    var position = start &+ 1
    var depth = 1
    while position < bytes.count {
      let byte = bytes.byte(at: position)
      position &+= 1
      if byte == 0x22 {
        position = endOfString(bytes, from: position).end &+ 1
      } else if byte & 0xDF == 0x5B {
        depth &+= 1
      } else if byte & 0xDF == 0x5D {
        depth &-= 1
        if depth == 0 { return position }
      }
    }
    return bytes.count
  }

  /// The position behind the number or literal at `start`.
  @inlinable
  public static func endOfScalar(_ bytes: Span<UInt8>, at start: Int) -> Int {
    var position = start
    while position < bytes.count {
      let byte = bytes.byte(at: position)
      if byte == 0x2C || byte & 0xDF == 0x5D { return position }
      position &+= 1
    }
    return bytes.count
  }
}
