extension JSONText {
  /// Appends JSON with U+FFFD for each escape of half a surrogate pair, and for each maximal part of
  /// it that is not UTF-8: strict readers take it then.
  ///
  /// - Complexity: O(`json.count`).
  public static func appendRepaired(_ json: Span<UInt8>, to output: inout ByteBuffer) {
    var start = 0
    var position = 0
    while position < json.count {
      let (length, isValid) = piece(json, at: position)
      if !isValid {
        output.append(json.extracting(start..<position))
        append(scalar: 0xFFFD, to: &output)
        start = position + length
      }
      position += length
    }
    output.append(json.extracting(start..<json.count))
  }

  /// The length of what begins at `position`, an escape or a character, and whether it is whole.
  private static func piece(
    _ json: Span<UInt8>, at position: Int
  ) -> (length: Int, isValid: Bool) {
    guard json[position] == ASCII.backslash else {
      return UTF8Text.sequence(json, at: position)
    }
    guard let unit = codeUnit(json, at: position) else { return (2, true) }
    guard unit & 0xF800 == 0xD800 else { return (6, true) }
    let second = unit & 0xFC00 == 0xD800 ? codeUnit(json, at: position + 6) : nil
    if let second, second & 0xFC00 == 0xDC00 { return (12, true) }
    return (6, false)
  }
}
