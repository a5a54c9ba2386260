import Bytes

/// The JSON documents of a file that a user has put together, `cat a.json b.json`, one after the other.
enum JSONDocuments {
  /// Passes each document.
  ///
  /// - Throws: `JSONSyntaxError` where something else follows; what `body` throws.
  static func forEach(_ text: [UInt8], _ body: (Span<UInt8>) throws -> Void) throws {
    var position = 0
    while true {
      var scanner = JSONScanner(text.span, at: position)
      scanner.skipWhitespace()
      // Windows tools put a mark at the beginning of each file that they put together.
      if text.span.extracting(scanner.position...).count >= 3,
        text[scanner.position..<(scanner.position + 3)].elementsEqual([0xEF, 0xBB, 0xBF])
      {
        position = scanner.position + 3
        continue
      }
      if scanner.isAtEnd { return }
      let start = scanner.position
      try scanner.skipValue()
      try body(text.span.extracting(start..<scanner.position))
      position = scanner.position
    }
  }
}
