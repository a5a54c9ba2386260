/// The bytes of ASCII characters that have a meaning of their own in the texts that the tool reads and
/// writes, by name (Unicode's, shortened).
///
/// Letters are written as `UInt8(ascii: "t")`.
public enum ASCII {
  @inlinable @inline(__always) public static var tab: UInt8 { 0x09 }
  @inlinable @inline(__always) public static var lineFeed: UInt8 { 0x0A }
  @inlinable @inline(__always) public static var formFeed: UInt8 { 0x0C }
  @inlinable @inline(__always) public static var carriageReturn: UInt8 { 0x0D }
  @inlinable @inline(__always) public static var backspace: UInt8 { 0x08 }
  /// The first byte that is no control character.
  @inlinable @inline(__always) public static var space: UInt8 { 0x20 }
  @inlinable @inline(__always) public static var quote: UInt8 { 0x22 }
  @inlinable @inline(__always) public static var percent: UInt8 { 0x25 }
  @inlinable @inline(__always) public static var plus: UInt8 { 0x2B }
  @inlinable @inline(__always) public static var comma: UInt8 { 0x2C }
  @inlinable @inline(__always) public static var hyphen: UInt8 { 0x2D }
  @inlinable @inline(__always) public static var dot: UInt8 { 0x2E }
  @inlinable @inline(__always) public static var slash: UInt8 { 0x2F }
  @inlinable @inline(__always) public static var zero: UInt8 { 0x30 }
  @inlinable @inline(__always) public static var colon: UInt8 { 0x3A }
  @inlinable @inline(__always) public static var equals: UInt8 { 0x3D }
  @inlinable @inline(__always) public static var at: UInt8 { 0x40 }
  @inlinable @inline(__always) public static var openBracket: UInt8 { 0x5B }
  @inlinable @inline(__always) public static var backslash: UInt8 { 0x5C }
  @inlinable @inline(__always) public static var closeBracket: UInt8 { 0x5D }
  @inlinable @inline(__always) public static var underscore: UInt8 { 0x5F }
  @inlinable @inline(__always) public static var openBrace: UInt8 { 0x7B }
  @inlinable @inline(__always) public static var closeBrace: UInt8 { 0x7D }
  @inlinable @inline(__always) public static var delete: UInt8 { 0x7F }

  @inlinable @inline(__always) public static var digits: ClosedRange<UInt8> { 0x30...0x39 }
  /// What can be seen, and the space.
  @inlinable @inline(__always) public static var printable: Range<UInt8> { 0x20..<0x7F }
  /// What can be seen.
  @inlinable @inline(__always) public static var visible: Range<UInt8> { 0x21..<0x7F }

  /// The bit that a lower-case letter has and its upper-case letter has not; it is also what distinguishes
  /// braces from brackets.
  @inlinable @inline(__always) public static var caseBit: UInt8 { 0x20 }
}
