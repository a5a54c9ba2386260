/// A JSON document as a flat list of nodes, so that depth costs no stack.
///
/// Independent of the scanner it checks: one byte at a time, RFC 8259 by the book. Only UTF-8 inside
/// strings is not checked.
public struct OracleJSON: Sendable {
  public enum Kind: Sendable, Equatable {
    case object
    case array
    case string
    case number
    case literal
  }

  /// One value.
  ///
  /// An object's members are pairs of a string node and a value node.
  public struct Node: Sendable {
    public let kind: Kind
    /// Where the value is in `compact`.
    public internal(set) var range: Range<Int>
    /// The index of the node after this value and all that is in it.
    public internal(set) var next: Int
  }

  /// The text without the whitespace between tokens; the tokens as they were.
  public let compact: [UInt8]
  public let nodes: [Node]
  /// The offset after the document in the text it was parsed from.
  public let end: Int

  public struct SyntaxError: Error, Equatable {
    /// In bytes from the start of the text.
    public let offset: Int
    public let expected: String

    public init(offset: Int, expected: String) {
      self.offset = offset
      self.expected = expected
    }
  }

  /// Parses exactly one document with nothing but whitespace around it.
  public init(_ text: [UInt8]) throws(SyntaxError) {
    try self.init(text, at: 0)
    let rest = text[end...].firstIndex { !OracleJSONParser.isWhitespace($0) }
    if let rest { throw SyntaxError(offset: rest, expected: "end of text") }
  }

  /// Parses the document that begins at `offset` or after whitespace there.
  public init(_ text: [UInt8], at offset: Int) throws(SyntaxError) {
    var parser = OracleJSONParser(text: text, position: offset)
    try parser.parse()
    compact = parser.compact
    nodes = parser.nodes
    end = parser.position
  }
}

// MARK: - Reading values

extension OracleJSON {
  public func text(_ node: Int) -> [UInt8] {
    Array(compact[nodes[node].range])
  }

  /// The elements of an array; empty for other values.
  public func elements(_ node: Int) -> [Int] {
    nodes[node].kind == .array ? children(node) : []
  }

  /// All values under `key`, compared after unescaping, in order; empty for other values.
  public func values(of key: String, in node: Int) -> [Int] {
    guard nodes[node].kind == .object else { return [] }
    let children = children(node)
    return stride(from: 0, to: children.count, by: 2).compactMap { index in
      string(children[index]) == Array(key.utf8) ? children[index + 1] : nil
    }
  }

  /// The first value under `key`: of duplicate keys the first counts.
  public func value(of key: String, in node: Int) -> Int? {
    values(of: key, in: node).first
  }

  /// The unescaped content of a string; nil for other values.
  public func string(_ node: Int) -> [UInt8]? {
    guard nodes[node].kind == .string else { return nil }
    return Self.unescaped(compact[nodes[node].range].dropFirst().dropLast())
  }

  private func children(_ node: Int) -> [Int] {
    var children: [Int] = []
    var child = node + 1
    while child < nodes[node].next {
      children.append(child)
      child = nodes[child].next
    }
    return children
  }

  /// A surrogate without its partner becomes three bytes that are no UTF-8, so that different escapes
  /// are different texts.
  private static func unescaped(_ content: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var units: [UInt16] = []
    func flush() {
      while let unit = units.first {
        let isPair =
          units.count > 1 && UTF16.isLeadSurrogate(unit) && UTF16.isTrailSurrogate(units[1])
        let isLone = !isPair && (UTF16.isLeadSurrogate(unit) || UTF16.isTrailSurrogate(unit))
        if isLone {
          result += [0xED, UInt8(0x80 | unit >> 6 & 0x3F), UInt8(0x80 | unit & 0x3F)]
        } else {
          result += Array(String(decoding: units.prefix(isPair ? 2 : 1), as: UTF16.self).utf8)
        }
        units.removeFirst(isPair ? 2 : 1)
      }
    }
    var rest = content
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
        flush()
        result.append(byte)
        continue
      }
      if escape == UInt8(ascii: "u") {
        units.append(UInt16(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) ?? 0xFFFD)
        rest = rest.dropFirst(4)
        continue
      }
      flush()
      switch escape {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      default: result.append(escape)
      }
    }
    flush()
    return result
  }
}
