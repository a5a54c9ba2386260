public import CBlocks

/// A fast walk over JSON that has been validated and holds no white space between tokens.
///
/// Records are stored like that, so what writes them need not look at every byte again: these
/// functions look for ends only. On other bytes the answers are meaningless, but they are never
/// past the end of the bytes.
public enum CompactJSON {
  /// The closing quote of the string whose content starts at `start`, and whether the content
  /// holds an escape.
  ///
  /// - Complexity: O(bytes passed), sixteen a step.
  @inlinable @inline(__always)
  public static func endOfString(
    _ bytes: Span<UInt8>, from start: Int
  ) -> (end: Int, escaped: Bool) {
    let end = firstQuoteOrEscape(bytes, from: start)
    if end < bytes.count, bytes.byte(at: end) == ASCII.quote { return (end, false) }
    return (endOfEscapedString(bytes, from: end), true)
  }

  /// The first quote or backslash: in a valid string nothing else is of interest.
  @inlinable @inline(__always)
  static func firstQuoteOrEscape(_ bytes: Span<UInt8>, from start: Int) -> Int {
    unsafe ByteSearch.firstMarked(
      bytes, from: start, by: { unsafe trailmerge_string_marks($0) },
      or: { $0 == ASCII.quote || $0 == ASCII.backslash })
  }

  @usableFromInline @inline(never)
  static func endOfEscapedString(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < bytes.count {
      switch bytes.byte(at: position) {
      case ASCII.quote: return position
      case ASCII.backslash: position = min(position &+ 2, bytes.count)
      default: position &+= 1
      }
      position = firstQuoteOrEscape(bytes, from: position)
    }
    return bytes.count
  }

  /// The position after the value at `start`.
  @inlinable
  public static func endOfValue(_ bytes: Span<UInt8>, at start: Int) -> Int {
    guard start < bytes.count else { return bytes.count }
    switch bytes.byte(at: start) {
    case ASCII.quote: return min(endOfString(bytes, from: start &+ 1).end &+ 1, bytes.count)
    case ASCII.openBrace, ASCII.openBracket: return endOfContainer(bytes, at: start)
    default: return endOfScalar(bytes, at: start)
    }
  }

  /// The position after the object or array that opens at `start`.
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
      if byte == ASCII.quote {
        position = endOfString(bytes, from: position).end &+ 1
      } else if byte & ~ASCII.caseBit == ASCII.openBracket {
        depth &+= 1
      } else if byte & ~ASCII.caseBit == ASCII.closeBracket {
        depth &-= 1
        if depth == 0 { return position }
      }
    }
    return bytes.count
  }

  /// The position after the number or literal at `start`.
  @inlinable
  public static func endOfScalar(_ bytes: Span<UInt8>, at start: Int) -> Int {
    var position = start
    while position < bytes.count {
      let byte = bytes.byte(at: position)
      if byte == ASCII.comma || byte & ~ASCII.caseBit == ASCII.closeBracket { return position }
      position &+= 1
    }
    return bytes.count
  }
}
