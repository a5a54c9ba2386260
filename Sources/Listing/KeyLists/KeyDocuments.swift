import Bytes

/// JSON in a list: one document, or the elements of an array, each of which may be large.
struct KeyDocuments {
  typealias Take = (KeyListItem, _ line: Int) throws -> Void

  private let text: KeyListText

  /// `text`: At a brace or bracket.
  init(_ text: KeyListText) {
    self.text = text
  }

  /// Passes what the document says, and goes on after it.
  ///
  /// - Returns: Whether it was whole; where it was not, the next byte is the first of a line.
  func read(_ take: Take) throws -> Bool {
    guard text.byte(at: 0) == ASCII.openBracket else { return try readValue(take) }
    text.pass(1)
    var isFirst = true
    while let byte = try nextByte() {
      if byte == ASCII.closeBracket {
        text.pass(1)
        return true
      }
      if !isFirst {
        guard byte == ASCII.comma else {
          try fail("is not JSON", take)
          return false
        }
        text.pass(1)
        _ = try nextByte()
      }
      isFirst = false
      guard try readValue(take) else { return false }
    }
    try take(.problem("is JSON that is cut off"), text.line)
    return false
  }

  /// The next byte that is no white space; nil at the end.
  private func nextByte() throws -> UInt8? {
    while true {
      let space: [UInt8] = [ASCII.space, ASCII.tab, ASCII.lineFeed, ASCII.carriageReturn]
      if let offset = try text.offset(limit: 4096, where: { !space.contains($0) }) {
        text.pass(offset)
        return text.byte(at: 0)
      }
      if text.count == 0 { return nil }
      text.pass(text.count)
    }
  }

  /// Reads one value; returns whether it was whole.
  private func readValue(_ take: Take) throws -> Bool {
    while true {
      switch lengthOfValue() {
      case .success(let length):
        let line = text.line
        let value = text.copy(length)
        text.pass(length)
        try KeyDocument.read(value) { try take($0, line) }
        return true
      case .failure(.unexpected(let offset, _)):
        try fail("is not JSON at byte \(offset) of a document", take)
        return false
      case .failure(.unexpectedEnd):
        guard text.count <= KeyList.documentLimit else {
          try fail("is a JSON document of more than \(KeyList.documentLimit >> 20) MiB", take)
          return false
        }
        guard try readAsMuch() else {
          try take(.problem("is JSON that is cut off"), text.line)
          text.pass(text.count)
          return false
        }
      }
    }
  }

  private func lengthOfValue() -> Result<Int, JSONSyntaxError> {
    text.withRest { bytes in
      Result { () throws(JSONSyntaxError) in
        var scanner = JSONScanner(bytes)
        try scanner.skipValue()
        return scanner.position
      }
    }
  }

  /// Reads as much as is there already, so that all in all a value is looked at twice; returns whether
  /// there was anything.
  private func readAsMuch() throws -> Bool {
    let before = text.count
    while text.count < 2 * before {
      guard try text.fill() else { break }
    }
    return text.count > before
  }

  /// Says what is wrong, and goes on with the next line that begins a document.
  private func fail(_ problem: String, _ take: Take) throws {
    try take(.problem(problem), text.line)
    while true {
      try text.passLine()
      guard let byte = try nextLineStart() else { return }
      if byte == ASCII.openBrace || byte == ASCII.openBracket { return }
    }
  }

  private func nextLineStart() throws -> UInt8? {
    if text.count == 0, try !text.fill() { return nil }
    return text.count == 0 ? nil : text.byte(at: 0)
  }
}
