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
      case 0x2E:
        position += 1
        steps.append(.key(try parseName()))
      case 0x5B:
        steps.append(.index(try parseIndex()))
      case 0x20, 0x09:
        return FieldPath(steps: steps)
      default:
        throw error("expected a dot, an index as [0], or ' as NAME' here")
      }
    }
    return FieldPath(steps: steps)
  }

  private mutating func parseName() throws(ColumnError) -> [UInt8] {
    guard let first = peek(), first != 0x20 else { throw error("expected a field name here") }
    if first == 0x22 { return try parseQuoted() }
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
    while let byte = peek(), (0x30...0x39).contains(byte) { position += 1 }
    guard peek() == 0x5D, let index = Int(String(decoding: bytes[start..<position], as: UTF8.self))
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
    case 0...0x20, 0x22, 0x2E, 0x5B, 0x5D: true
    default: false
    }
  }

  // MARK: Names of columns

  /// Reads ` as NAME`, if it is there.
  mutating func parseRename() throws(ColumnError) -> String? {
    skipSpaces()
    guard position < bytes.count else { return nil }
    let keyword = bytes[position...].prefix { $0 != 0x20 && $0 != 0x09 }
    guard String(decoding: keyword, as: UTF8.self).lowercased() == "as" else {
      throw error("expected 'as NAME' or the end here")
    }
    position += keyword.count
    skipSpaces()
    guard let first = peek() else { throw error("expected the column's name behind 'as'") }
    if first == 0x22 {
      let name = String(decoding: try parseQuoted(), as: UTF8.self)
      skipSpaces()
      try expectEnd()
      return name
    }
    if let control = bytes[position...].firstIndex(where: { $0 < 0x20 }) {
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
    while let byte = peek(), byte == 0x20 || byte == 0x09 { position += 1 }
  }

  private func trimmed(_ slice: ArraySlice<UInt8>) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
    let start = slice.firstIndex { !isSpace($0) } ?? slice.endIndex
    let end = slice.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
    return String(decoding: slice[start..<max(start, end)], as: UTF8.self)
  }

  private func error(_ problem: String) -> ColumnError {
    let before = String(decoding: bytes[..<position], as: UTF8.self)
    return ColumnError(column: text, character: before.count + 1, problem: problem)
  }
}
