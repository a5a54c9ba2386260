import Bytes

/// Making text fit for XML.
enum XLSXText {
  struct Changes: OptionSet {
    let rawValue: UInt8
    /// A character that XML 1.0 forbids.
    static let forbidden = Changes(rawValue: 1)
    /// Bytes that are not UTF-8.
    static let invalid = Changes(rawValue: 2)
  }

  /// Appends `text`, with one U+FFFD for each maximal invalid part of it and for each character that
  /// XML forbids: control characters but TAB, LF and CR, U+FFFE and U+FFFF (XML 1.0, 2.2).
  static func append(
    _ text: Span<UInt8>, to output: inout ByteBuffer, noting changes: inout Changes
  ) {
    var position = 0
    while position < text.count {
      let start = position
      while position < text.count, ASCII.printable.contains(text.byte(at: position)) {
        position += 1
      }
      output.append(text.extracting(start..<position))
      guard position < text.count else { break }
      let (length, isValid) = UTF8Text.sequence(text, at: position)
      let character = text.extracting(position..<(position + length))
      position += length
      if isValid && !isForbidden(character) {
        output.append(character)
      } else {
        changes.insert(isValid ? .forbidden : .invalid)
        output.append("\u{FFFD}")
      }
    }
  }

  /// Whether XML has no way to hold a valid character.
  private static func isForbidden(_ character: Span<UInt8>) -> Bool {
    switch (character.count, character[0]) {
    case (1, ASCII.tab), (1, ASCII.lineFeed), (1, ASCII.carriageReturn): false
    case (1, let byte): byte < ASCII.space
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    case (3, 0xEF): character[1] == 0xBF && character[2] >= 0xBE
    default: false
    }
  }
}
