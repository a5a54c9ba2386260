import Bytes

/// Making text fit for a field: UTF-8 only, for spreadsheets without control characters, quoted where
/// RFC 4180 asks for it.
enum CSVCleaning {
  struct Changes: OptionSet {
    let rawValue: UInt8
    static let lineBreak = Changes(rawValue: 1)
    static let control = Changes(rawValue: 2)
    static let invalid = Changes(rawValue: 4)
  }

  /// Appends `text`, each maximal invalid part of it as one U+FFFD.
  ///
  /// When `replacingControls`, each control character becomes a space, as does each line break: CR LF
  /// (one), CR, LF, U+0085, U+2028, U+2029.
  ///
  /// - Returns: What was lost.
  static func append(
    _ text: Span<UInt8>, replacingControls: Bool, to output: inout ByteBuffer
  ) -> Changes {
    var changes: Changes = []
    var position = 0
    while position < text.count {
      let run = endOfCommonRun(text, from: position)
      output.append(text.extracting(position..<run))
      position = run
      guard position < text.count else { break }
      let (length, isValid) = UTF8Text.sequence(text, at: position)
      let character = text.extracting(position..<(position + length))
      position += length
      if !isValid {
        changes.insert(.invalid)
        output.append("\u{FFFD}")
      } else if replacingControls, let change = control(character) {
        changes.insert(change)
        output.append(ASCII.space)
        if character[0] == ASCII.carriageReturn, position < text.count,
          text[position] == ASCII.lineFeed
        {
          position += 1
        }
      } else {
        output.append(character)
      }
    }
    return changes
  }

  /// The first byte at or after `start` that is a control character or not ASCII.
  private static func endOfCommonRun(_ text: Span<UInt8>, from start: Int) -> Int {
    var position = start
    while position < text.count, ASCII.printable.contains(text.byte(at: position)) { position += 1 }
    return position
  }

  /// What is lost when a valid character becomes a space; nil if it may stay.
  private static func control(_ character: Span<UInt8>) -> Changes? {
    switch (character.count, character[0]) {
    case (1, ASCII.lineFeed), (1, ASCII.carriageReturn): .lineBreak
    case (1, _): .control
    // U+0080 to U+009F are C2 80 to C2 9F.
    case (2, 0xC2) where character[1] == 0x85: .lineBreak
    case (2, 0xC2) where character[1] < 0xA0: .control
    // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
    case (3, 0xE2) where character[1] == 0x80 && character[2] & 0xFE == 0xA8: .lineBreak
    default: nil
    }
  }

  /// Appends a field's final text, in quotes if it holds a comma, a quote, CR or LF; for spreadsheets
  /// also what they may be set up to take for a separator, a semicolon or TAB.
  static func appendQuotedIfNeeded(
    _ text: Span<UInt8>, for profile: CSVProfile, to output: inout ByteBuffer
  ) {
    let needsQuotes =
      ByteSearch.first(ASCII.comma, in: text) < text.count
      || ByteSearch.first(ASCII.quote, in: text) < text.count
      || ByteSearch.first(ASCII.lineFeed, in: text) < text.count
      || ByteSearch.first(ASCII.carriageReturn, in: text) < text.count
      || profile == .excel && ByteSearch.first(UInt8(ascii: ";"), in: text) < text.count
      || profile == .excel && ByteSearch.first(ASCII.tab, in: text) < text.count
    if !needsQuotes {
      output.append(text)
      return
    }
    output.append(ASCII.quote)
    var position = 0
    while true {
      let quote = ByteSearch.first(ASCII.quote, in: text, from: position)
      output.append(text.extracting(position..<quote))
      guard quote < text.count else { break }
      output.append("\"\"")
      position = quote + 1
    }
    output.append(ASCII.quote)
  }
}
