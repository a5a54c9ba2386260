/// The grammar of RFC 8259 with a stack of its own in place of recursion.
struct OracleJSONParser {
  let text: [UInt8]
  private(set) var position: Int
  private(set) var compact: [UInt8] = []
  private(set) var nodes: [OracleJSON.Node] = []

  init(text: [UInt8], position: Int) {
    self.text = text
    self.position = position
  }

  static func isWhitespace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }

  /// Parses one value and stops right after it.
  mutating func parse() throws(OracleJSON.SyntaxError) {
    // The open objects and arrays, as indices of their nodes.
    var open: [Int] = []
    repeat {
      skipWhitespace()
      if let container = open.last, try closes(container) {
        open.removeLast()
        nodes[container].range = nodes[container].range.lowerBound..<compact.count
        nodes[container].next = nodes.count
        continue
      }
      if let container = open.last { try separator(in: container) }
      if let container = try value() { open.append(container) }
    } while !open.isEmpty
  }

  // MARK: Containers

  /// Takes the bracket that closes `container` if it is next.
  private mutating func closes(_ container: Int) throws(OracleJSON.SyntaxError) -> Bool {
    let bracket = UInt8(ascii: nodes[container].kind == .object ? "}" : "]")
    guard peek() == bracket else { return false }
    takeMark()
    return true
  }

  /// Takes the comma before every member but the first, and an object's key and colon.
  private mutating func separator(in container: Int) throws(OracleJSON.SyntaxError) {
    if nodes.count > container + 1 {
      try expect(",")
      skipWhitespace()
    }
    guard nodes[container].kind == .object else { return }
    guard peek() == UInt8(ascii: "\"") else { throw error("a key") }
    _ = try value()
    skipWhitespace()
    try expect(":")
    skipWhitespace()
  }

  /// Takes one value, or only the opening bracket of an object or array.
  /// - Returns: the node that was opened.
  private mutating func value() throws(OracleJSON.SyntaxError) -> Int? {
    let start = compact.count
    let first = position
    let index = nodes.count
    func node(_ kind: OracleJSON.Kind) -> OracleJSON.Node {
      OracleJSON.Node(kind: kind, range: start..<start, next: index + 1)
    }
    switch peek() {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      nodes.append(node(peek() == UInt8(ascii: "{") ? .object : .array))
      takeMark()
      return index
    case UInt8(ascii: "\""):
      nodes.append(node(.string))
      try string()
    case UInt8(ascii: "t"):
      nodes.append(node(.literal))
      try literal("true")
    case UInt8(ascii: "f"):
      nodes.append(node(.literal))
      try literal("false")
    case UInt8(ascii: "n"):
      nodes.append(node(.literal))
      try literal("null")
    default:
      nodes.append(node(.number))
      try number()
    }
    compact += text[first..<position]
    nodes[index].range = start..<compact.count
    return nil
  }

  // MARK: Scalars

  private mutating func string() throws(OracleJSON.SyntaxError) {
    take()
    while let byte = peek() {
      if byte < 0x20 { throw error("no control character in a string") }
      take()
      if byte == UInt8(ascii: "\"") { return }
      if byte == UInt8(ascii: "\\") { try escape() }
    }
    throw error("the end of a string")
  }

  private mutating func escape() throws(OracleJSON.SyntaxError) {
    guard let kind = peek(), "\"\\/bfnrtu".utf8.contains(kind) else { throw error("an escape") }
    take()
    guard kind == UInt8(ascii: "u") else { return }
    for _ in 0..<4 {
      guard let digit = peek(), "0123456789abcdefABCDEF".utf8.contains(digit) else {
        throw error("four hexadecimal digits")
      }
      take()
    }
  }

  private mutating func literal(_ word: String) throws(OracleJSON.SyntaxError) {
    for byte in word.utf8 {
      guard peek() == byte else { throw error(word) }
      take()
    }
  }

  private mutating func number() throws(OracleJSON.SyntaxError) {
    if peek() == UInt8(ascii: "-") { take() }
    if peek() == UInt8(ascii: "0") { take() } else { try digits() }
    if peek() == UInt8(ascii: ".") {
      take()
      try digits()
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      take()
      if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { take() }
      try digits()
    }
  }

  private mutating func digits() throws(OracleJSON.SyntaxError) {
    guard isDigit(peek()) else { throw error("a value") }
    while isDigit(peek()) { take() }
  }

  // MARK: Bytes

  private func isDigit(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private func peek() -> UInt8? {
    position < text.count ? text[position] : nil
  }

  /// Takes a byte of a scalar, which is copied as a whole at its end.
  private mutating func take() {
    position += 1
  }

  /// Takes a bracket, comma or colon.
  private mutating func takeMark() {
    compact.append(text[position])
    position += 1
  }

  private mutating func expect(_ mark: Unicode.Scalar) throws(OracleJSON.SyntaxError) {
    guard peek() == UInt8(ascii: mark) else { throw error(String(mark)) }
    takeMark()
  }

  private mutating func skipWhitespace() {
    while let byte = peek(), Self.isWhitespace(byte) { position += 1 }
  }

  private func error(_ expected: String) -> OracleJSON.SyntaxError {
    OracleJSON.SyntaxError(offset: position, expected: expected)
  }
}
