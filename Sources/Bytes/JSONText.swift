/// Decoding and writing JSON strings.
public enum JSONText {
  /// What becomes of the escape of a surrogate without its partner, which is no character.
  public enum LoneSurrogate: Sendable {
    /// U+FFFD takes its place: for text that is shown.
    case replaced
    /// Its three bytes in WTF-8, which no valid text has: for text that is compared, so that different
    /// escapes stay different.
    case encoded
    /// It stays the escape that it is: for text that is JSON itself.
    case escaped
  }

  /// Appends the decoded text of a validated string's content.
  ///
  /// Bytes that are not UTF-8 pass unchanged.
  ///
  /// - Complexity: O(`content.count`).
  public static func appendDecoded(
    _ content: Span<UInt8>, to output: inout ByteBuffer,
    loneSurrogates: LoneSurrogate = .replaced
  ) {
    var position = 0
    while position < content.count {
      let escape = ByteSearch.first(ASCII.backslash, in: content, from: position)
      output.append(content.extracting(position..<escape))
      guard escape + 1 < content.count else { return }
      position = escape + 2
      switch content[escape + 1] {
      case UInt8(ascii: "b"): output.append(ASCII.backspace)
      case UInt8(ascii: "f"): output.append(ASCII.formFeed)
      case UInt8(ascii: "n"): output.append(ASCII.lineFeed)
      case UInt8(ascii: "r"): output.append(ASCII.carriageReturn)
      case UInt8(ascii: "t"): output.append(ASCII.tab)
      case UInt8(ascii: "u"):
        position = appendUnicodeEscape(content, at: escape, to: &output, loneSurrogates)
      case let plain: output.append(plain)
      }
    }
  }

  /// Whether a validated string's content holds half a surrogate pair, which is no character.
  ///
  /// - Complexity: O(`content.count`).
  public static func hasLoneSurrogate(_ content: Span<UInt8>) -> Bool {
    var position = ByteSearch.first(ASCII.backslash, in: content)
    while position < content.count {
      if let unit = codeUnit(content, at: position), unit & 0xF800 == 0xD800 {
        guard unit & 0xFC00 == 0xD800, let second = codeUnit(content, at: position + 6),
          second & 0xFC00 == 0xDC00
        else { return true }
        position += 6
      }
      position = ByteSearch.first(
        ASCII.backslash, in: content, from: min(position + 2, content.count))
    }
    return false
  }

  /// Appends the character of `\uXXXX` or of a surrogate pair; returns the position after it.
  private static func appendUnicodeEscape(
    _ content: Span<UInt8>, at escape: Int, to output: inout ByteBuffer,
    _ loneSurrogates: LoneSurrogate = .replaced
  ) -> Int {
    guard let first = codeUnit(content, at: escape) else { return content.count }
    if first & 0xFC00 == 0xD800, let second = codeUnit(content, at: escape + 6),
      second & 0xFC00 == 0xDC00
    {
      let scalar = 0x10000 + (first & 0x3FF) << 10 + (second & 0x3FF)
      append(scalar: scalar, to: &output)
      return escape + 12
    }
    switch loneSurrogates {
    case _ where first & 0xF800 != 0xD800, .encoded: append(scalar: first, to: &output)
    case .escaped where !endsInBackslash(output.bytes):
      output.append(content.extracting(escape..<(escape + 6)))
    case .replaced, .escaped: append(scalar: 0xFFFD, to: &output)
    }
    return escape + 6
  }

  /// Whether `text` ends in a backslash that would make another one after it an escaped backslash.
  private static func endsInBackslash(_ text: Span<UInt8>) -> Bool {
    var start = text.count
    while start > 0, text[start - 1] == ASCII.backslash { start -= 1 }
    return !(text.count - start).isMultiple(of: 2)
  }

  /// The UTF-16 unit of the `\uXXXX` at `position`, if there is one.
  static func codeUnit(_ content: Span<UInt8>, at position: Int) -> UInt32? {
    guard position + 6 <= content.count, content[position] == ASCII.backslash,
      content[position + 1] == UInt8(ascii: "u")
    else { return nil }
    var value: UInt32 = 0
    for offset in 2..<6 {
      guard let digit = hexValue(content[position + offset]) else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// Appends a Unicode scalar as UTF-8; a surrogate as WTF-8 has it.
  public static func append(scalar: UInt32, to output: inout ByteBuffer) {
    switch scalar {
    case 0..<0x80:
      output.append(UInt8(scalar))
    case 0x80..<0x800:
      output.append(UInt8(0xC0 | scalar >> 6))
      output.append(UInt8(0x80 | scalar & 0x3F))
    case 0x800..<0x10000:
      output.append(UInt8(0xE0 | scalar >> 12))
      output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      output.append(UInt8(0x80 | scalar & 0x3F))
    default:
      output.append(UInt8(0xF0 | scalar >> 18 & 0x07))
      output.append(UInt8(0x80 | scalar >> 12 & 0x3F))
      output.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      output.append(UInt8(0x80 | scalar & 0x3F))
    }
  }

  /// Appends `text` as a JSON string with its quotes.
  ///
  /// Control characters, quotes and backslashes are escaped. A byte that is not part of valid UTF-8
  /// is written as the lone surrogate `\udcXX`, so that file names of any bytes come back exactly
  /// (the convention of Python's `surrogateescape`, PEP 383).
  ///
  /// - Complexity: O(`text.count`).
  public static func appendQuoted(_ text: Span<UInt8>, to output: inout ByteBuffer) {
    output.append(ASCII.quote)
    var position = 0
    while true {
      position = output.appendPlainRun(text, in: position..<text.count)
      guard position < text.count else { break }
      let byte = text[position]
      switch byte {
      case ASCII.quote, ASCII.backslash:
        output.append(ASCII.backslash)
        output.append(byte)
      case ASCII.lineFeed: output.append("\\n")
      case ASCII.carriageReturn: output.append("\\r")
      case ASCII.tab: output.append("\\t")
      case 0..<ASCII.space, ASCII.delete:
        output.append("\\u00")
        appendHex(byte, to: &output)
      case ASCII.printable:
        output.append(byte)
      default:
        let length = UTF8Text.validLength(text, at: position)
        if length == 0 {
          output.append("\\udc")
          appendHex(byte, to: &output)
        } else {
          output.append(text.extracting(position..<(position + length)))
          position += length - 1
        }
      }
      position += 1
    }
    output.append(ASCII.quote)
  }

  /// Appends a Swift string as a JSON string with its quotes.
  public static func appendQuoted(_ text: String, to output: inout ByteBuffer) {
    appendQuoted(text.utf8.span, to: &output)
  }

  /// Decodes what `appendQuoted` wrote, lone `\udcXX` back to their bytes.
  public static func decodedFileName(_ content: Span<UInt8>) -> [UInt8] {
    var output = ByteBuffer(capacity: content.count)
    var position = 0
    while true {
      let escape = ByteSearch.first(ASCII.backslash, in: content, from: position)
      output.append(content.extracting(position..<escape))
      if escape == content.count { return output.bytes.copied() }
      position = escape
      if let unit = codeUnit(content, at: position), unit & 0xFF80 == 0xDC80 {
        output.append(UInt8(unit & 0xFF))
        position += 6
        continue
      }
      let end = min(position + 2, content.count)
      if end - position == 2, content[position + 1] == UInt8(ascii: "u") {
        position = appendUnicodeEscape(content, at: position, to: &output)
        continue
      }
      appendDecoded(content.extracting(position..<end), to: &output)
      position = end
    }
  }

  /// Appends two lower-case hexadecimal digits.
  public static func appendHex(_ byte: UInt8, to output: inout ByteBuffer) {
    output.append(lowerHexDigit(byte >> 4))
    output.append(lowerHexDigit(byte & 15))
  }

  private static func lowerHexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? ASCII.zero + value : UInt8(ascii: "a") + value - 10
  }
}

/// Which bytes are valid UTF-8 (Unicode 16, table 3-7).
public enum UTF8Text {
  /// Whether all of `text` is valid.
  ///
  /// - Complexity: O(`text.count`), eight bytes a step where it is ASCII.
  public static func isValid(_ text: Span<UInt8>) -> Bool {
    var position = 0
    while position < text.count {
      if position + 8 <= text.count, !ByteSearch.hasNonASCII(ByteSearch.word(text, at: position)) {
        position += 8
        continue
      }
      let (length, isValid) = sequence(text, at: position)
      if !isValid { return false }
      position += length
    }
    return true
  }

  /// The length of the valid sequence at `position`, or 0.
  public static func validLength(_ text: Span<UInt8>, at position: Int) -> Int {
    let (length, isValid) = sequence(text, at: position)
    return isValid ? length : 0
  }

  /// The length of the sequence at `position` and whether it is whole.
  ///
  /// For an invalid one the length is that of its maximal part, at least 1: what one U+FFFD replaces
  /// for.
  public static func sequence(_ text: Span<UInt8>, at position: Int) -> (length: Int, isValid: Bool)
  {
    let first = text[position]
    if first < 0x80 { return (1, true) }
    let length: Int
    var allowed: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, allowed) = (3, 0xA0...0xBF)
    case 0xED: (length, allowed) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, allowed) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, allowed) = (4, 0x80...0x8F)
    default: return (1, false)
    }
    for offset in 1..<length {
      guard position + offset < text.count, allowed.contains(text[position + offset]) else {
        return (offset, false)
      }
      allowed = 0x80...0xBF
    }
    return (length, true)
  }

  /// The character of the valid sequence at `position`; U+FFFD where there is none.
  public static func scalar(_ text: Span<UInt8>, at position: Int) -> Unicode.Scalar {
    let length = validLength(text, at: position)
    if length == 1 { return Unicode.Scalar(text[position]) }
    guard length > 1 else { return "\u{FFFD}" }
    // The first byte of a sequence has as many high bits set as the sequence has bytes, then a 0.
    var value = UInt32(text[position]) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(text[position + offset] & 0x3F) }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }
}
