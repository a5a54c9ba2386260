import Bytes

/// Reads `PATH` and `PATH as NAME`.
struct ColumnParser {
  private let text: String
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) {
    self.text = text
    bytes = Array(text.utf8)
    skipSpaces()
  }

  /// The text passed since `start`, without the spaces around it.
  func text(since start: Int = 0) -> String {
    trimmed(bytes[start..<position])
  }

  // MARK: Paths

  /// Reads names and indexes up to a space or the end.
  mutating func parsePath() throws(ColumnError) -> FieldPath {
    var steps = [FieldPath.Step.key(try parseName())]
    while let byte = peek() {
      switch byte {
      case ASCII.dot:
        position += 1
        steps.append(.key(try parseName()))
      case ASCII.openBracket:
        steps.append(.index(try parseIndex()))
      case ASCII.space, ASCII.tab:
        return FieldPath(steps: steps)
      default:
        throw error("expected a dot, an index as [0], or ' as NAME' here")
      }
    }
    return FieldPath(steps: steps)
  }

  private mutating func parseName() throws(ColumnError) -> [UInt8] {
    guard let first = peek(), first != ASCII.space else {
      throw error("expected a field name here")
    }
    if first == ASCII.quote { return try parseQuoted() }
    let start = position
    while let byte = peek(), !isSyntax(byte) { position += 1 }
    guard position > start else { throw error("expected a field name here") }
    return Array(bytes[start..<position])
  }

  private mutating func parseQuoted() throws(ColumnError) -> [UInt8] {
    var scanner = JSONScanner(bytes.span, at: position)
    guard let content = try? scanner.skipString().content else {
      throw error("this quoted name does not end, or holds an escape that JSON does not know")
    }
    guard !content.isEmpty else { throw error("a name in quotes must not be empty") }
    position = content.upperBound + 1
    var decoded = ByteBuffer(capacity: content.count)
    JSONText.appendDecoded(bytes.span.extracting(content), to: &decoded)
    return decoded.bytes.copied()
  }

  private mutating func parseIndex() throws(ColumnError) -> Int {
    let open = position
    position += 1
    let start = position
    while let byte = peek(), ASCII.digits.contains(byte) { position += 1 }
    guard peek() == ASCII.closeBracket,
      let index = Int(String(decoding: bytes[start..<position], as: UTF8.self))
    else {
      position = open
      throw error("an index is a whole number in brackets, as [0]")
    }
    position += 1
    return index
  }

  /// Whether `byte` ends a name that is not in quotes.
  private func isSyntax(_ byte: UInt8) -> Bool {
    switch byte {
    case 0...ASCII.space, ASCII.quote, ASCII.dot, ASCII.openBracket, ASCII.closeBracket: true
    default: false
    }
  }

  // MARK: Names of columns

  /// Reads ` as NAME`, if it is there.
  mutating func parseRename() throws(ColumnError) -> String? {
    skipSpaces()
    guard position < bytes.count else { return nil }
    let keyword = bytes[position...].prefix { $0 != ASCII.space && $0 != ASCII.tab }
    guard String(decoding: keyword, as: UTF8.self).lowercased() == "as" else {
      throw error("expected 'as NAME' or the end here")
    }
    position += keyword.count
    skipSpaces()
    guard let first = peek() else { throw error("expected the column's name after 'as'") }
    if first == ASCII.quote {
      let name = String(decoding: try parseQuoted(), as: UTF8.self)
      skipSpaces()
      try expectEnd()
      return name
    }
    if let control = bytes[position...].firstIndex(where: { $0 < ASCII.space }) {
      position = control
      throw error("a column's name must not hold a control character")
    }
    let name = trimmed(bytes[position...])
    position = bytes.count
    return name
  }

  /// Makes sure that nothing follows.
  func expectEnd() throws(ColumnError) {
    guard position == bytes.count else { throw error("expected the end here") }
  }

  // MARK: Bytes

  private func peek() -> UInt8? {
    position < bytes.count ? bytes[position] : nil
  }

  private mutating func skipSpaces() {
    while let byte = peek(), byte == ASCII.space || byte == ASCII.tab { position += 1 }
  }

  private func trimmed(_ slice: ArraySlice<UInt8>) -> String {
    let isSpace = { (byte: UInt8) in byte == ASCII.space || byte == ASCII.tab }
    let start = slice.firstIndex { !isSpace($0) } ?? slice.endIndex
    let end = slice.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    return String(decoding: slice[start..<max(start, end)], as: UTF8.self)
  }

  private func error(_ problem: String) -> ColumnError {
    let before = String(decoding: bytes[..<position], as: UTF8.self)
    return ColumnError(column: text, character: before.count + 1, problem: problem)
  }
}
