/// What a strict JSON parser found wrong, and where.
public enum JSONSyntaxError: Error, Equatable {
  /// The bytes ended inside a value; more bytes might complete it.
  case unexpectedEnd(offset: Int)
  /// A byte that RFC 8259 does not allow at this place.
  case unexpected(offset: Int, expected: Expectation)

  /// What would have been right, in words for the user.
  public enum Expectation: String, Sendable {
    case value = "a JSON value"
    case key = "a key in quotes"
    case colon = "a colon after the key"
    case commaOrBrace = "a comma or a closing brace"
    case commaOrBracket = "a comma or a closing bracket"
    case digit = "a digit"
    case literal = "true, false or null"
    case escape = "a valid escape after the backslash"
    case noControl = "an escape in place of the raw control character"
    case end = "the end of the text"
  }

  /// Where it is, in bytes from the start of the scanned span.
  public var offset: Int {
    switch self {
    case .unexpectedEnd(let offset), .unexpected(let offset, _): offset
    }
  }
}

/// Walks JSON text token by token and validates it against RFC 8259 as it goes.
///
/// The scanner builds nothing: callers remember positions. It is strict about everything but UTF-8,
/// which it does not look at. Nesting is kept in a bit stack, so depth costs no call stack.
///
/// ```swift
/// var scanner = JSONScanner(bytes)
/// try scanner.skipValue()      // scanner.position is now after the value
/// ```
public struct JSONScanner: ~Escapable {
  public let bytes: Span<UInt8>

  /// The next byte to look at.
  public var position: Int

  /// Whether white space between tokens was passed since this was last set to false.
  public var passedWhitespace = false

  /// Whether an escape of half a surrogate pair was passed; its other half may follow.
  @usableFromInline var passedSurrogateEscape = false

  /// Not 0 if a byte of a string was passed that is not ASCII.
  @usableFromInline var nonASCII: UInt32 = 0

  /// Whether text may have been passed that strict readers refuse, since `forgetText` was last called:
  /// half a surrogate pair, or bytes that are not UTF-8.
  ///
  /// Text that is ASCII and has no such escape is surely none.
  @inlinable
  public var passedDoubtfulText: Bool {
    passedSurrogateEscape || nonASCII != 0
  }

  /// Forgets the text that was passed.
  @inlinable
  public mutating func forgetText() {
    passedSurrogateEscape = false
    nonASCII = 0
  }

  /// Which of the open containers are objects, the innermost in the lowest bit.
  private var nesting: UInt64 = 0

  /// Words of `nesting` pushed out by deeper levels.
  private var outerNesting: [UInt64] = []

  @_lifetime(copy bytes)
  @inlinable
  public init(_ bytes: Span<UInt8>, at position: Int = 0) {
    self.init(unchecked: bytes, position)
  }

  @_lifetime(copy bytes)
  @usableFromInline
  init(unchecked bytes: Span<UInt8>, _ position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// Whether all bytes were passed.
  @inlinable @inline(__always)
  public var isAtEnd: Bool { position >= bytes.count }

  /// The byte under the scanner.
  ///
  /// - Throws: `unexpectedEnd` when there is none.
  @inlinable @inline(__always)
  public func peek() throws(JSONSyntaxError) -> UInt8 {
    guard position < bytes.count else { throw .unexpectedEnd(offset: position) }
    return bytes.byte(at: position)
  }

  /// Passes space, tab, line feed and carriage return.
  @inlinable @inline(__always)
  public mutating func skipWhitespace() {
    guard position < bytes.count, bytes.byte(at: position) <= ASCII.space else { return }
    skipWhitespaceRun()
  }

  @usableFromInline
  mutating func skipWhitespaceRun() {
    while position < bytes.count {
      switch bytes.byte(at: position) {
      case ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn: position &+= 1
      default: return
      }
      passedWhitespace = true
    }
  }

  /// Passes a string and its quotes.
  ///
  /// - Returns: The positions between the quotes, and whether the string holds an escape.
  /// - Throws: On a raw control character, a bad escape, or the end of the bytes.
  @inlinable @inline(__always)
  public mutating func skipString() throws(JSONSyntaxError) -> (content: Range<Int>, escaped: Bool)
  {
    let start = position &+ 1
    let end = ByteSearch.endOfPlainString(bytes, from: start, nonASCII: &nonASCII)
    if end < bytes.count, bytes.byte(at: end) == ASCII.quote {
      position = end &+ 1
      return (start..<end, false)
    }
    try skipRestOfString(from: end)
    let content = start..<(position &- 1)
    return (content, true)
  }

  /// Goes on after a first escape or at an error.
  @usableFromInline @inline(never)
  mutating func skipRestOfString(from start: Int) throws(JSONSyntaxError) {
    var end = start
    while true {
      guard end < bytes.count else { throw .unexpectedEnd(offset: bytes.count) }
      switch bytes.byte(at: end) {
      case ASCII.quote:
        position = end &+ 1
        return
      case ASCII.backslash:
        guard end &+ 1 < bytes.count else { throw .unexpectedEnd(offset: bytes.count) }
        switch bytes.byte(at: end &+ 1) {
        case ASCII.quote, ASCII.backslash, ASCII.slash, UInt8(ascii: "b"), UInt8(ascii: "f"),
          UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
          end &+= 2
        case UInt8(ascii: "u"): end = try endOfUnicodeEscape(end)
        default: throw .unexpected(offset: end, expected: .escape)
        }
      default:
        throw .unexpected(offset: end, expected: .noControl)
      }
      end = ByteSearch.endOfPlainString(bytes, from: end, nonASCII: &nonASCII)
    }
  }

  private mutating func endOfUnicodeEscape(_ backslash: Int) throws(JSONSyntaxError) -> Int {
    var unit: UInt16 = 0
    for offset in 2..<6 {
      guard backslash &+ offset < bytes.count else { throw .unexpectedEnd(offset: bytes.count) }
      guard let digit = hexValue(bytes.byte(at: backslash &+ offset)) else {
        throw .unexpected(offset: backslash, expected: .escape)
      }
      unit = unit &<< 4 | UInt16(digit)
    }
    if unit & 0xF800 == 0xD800 { passedSurrogateEscape = true }
    return backslash &+ 6
  }

  /// Passes a key, the colon after it and the white space around that.
  ///
  /// - Returns: The positions between the key's quotes, and whether it holds an escape.
  @inlinable @inline(__always)
  public mutating func skipKey() throws(JSONSyntaxError) -> (content: Range<Int>, escaped: Bool) {
    guard try peek() == ASCII.quote else { throw .unexpected(offset: position, expected: .key) }
    let key = try skipString()
    skipWhitespace()
    guard try peek() == ASCII.colon else { throw .unexpected(offset: position, expected: .colon) }
    position &+= 1
    skipWhitespace()
    return key
  }

  /// Passes one value of any kind, with everything nested in it.
  ///
  /// A number at the very end of the bytes counts as complete.
  ///
  /// - Complexity: O(bytes passed); one bit a level of nesting.
  public mutating func skipValue() throws(JSONSyntaxError) {
    var depth = 0
    nesting = 0
    if !outerNesting.isEmpty { outerNesting.removeAll(keepingCapacity: true) }
    while true {
      // At the start of a value.
      switch try peek() {
      case ASCII.quote: _ = try skipString()
      case ASCII.openBrace:
        position &+= 1
        skipWhitespace()
        push(isObject: true, depth: &depth)
        if try peek() != ASCII.closeBrace {
          _ = try skipKey()
          continue
        }
      case ASCII.openBracket:
        position &+= 1
        skipWhitespace()
        push(isObject: false, depth: &depth)
        if try peek() != ASCII.closeBracket { continue }
      case ASCII.hyphen, ASCII.digits: try skipNumber()
      case UInt8(ascii: "t"): try skipLiteral("true")
      case UInt8(ascii: "f"): try skipLiteral("false")
      case UInt8(ascii: "n"): try skipLiteral("null")
      default: throw .unexpected(offset: position, expected: .value)
      }
      // After a value: close what ends here, or go on with the next member.
      while true {
        if depth == 0 { return }
        skipWhitespace()
        let inObject = nesting & 1 == 1
        let byte = try peek()
        if byte == ASCII.comma {
          position &+= 1
          skipWhitespace()
          if inObject { _ = try skipKey() }
          break
        }
        guard byte == (inObject ? ASCII.closeBrace : ASCII.closeBracket) else {
          throw .unexpected(offset: position, expected: inObject ? .commaOrBrace : .commaOrBracket)
        }
        position &+= 1
        pop(depth: &depth)
      }
    }
  }

  @inline(__always)
  private mutating func push(isObject: Bool, depth: inout Int) {
    if depth & 63 == 0 && depth > 0 { outerNesting.append(nesting) }
    nesting = nesting &<< 1 | (isObject ? 1 : 0)
    depth &+= 1
  }

  @inline(__always)
  private mutating func pop(depth: inout Int) {
    depth &-= 1
    nesting = nesting &>> 1
    if depth & 63 == 0 && depth > 0, let outer = outerNesting.popLast() { nesting = outer }
  }
}

/// The value of a hexadecimal digit in either case.
@inlinable
public func hexValue(_ byte: UInt8) -> UInt8? {
  switch byte {
  case ASCII.digits: byte &- ASCII.zero
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
  default: nil
  }
}
