/// The members of one JSON object, for our own small documents: not for the record path.
public struct JSONObject {
  private struct Member {
    /// Where in the text the key is, without its quotes.
    var key: Range<Int>
    var isEscaped: Bool
    var value: Range<Int>
  }

  private let text: [UInt8]
  /// In the order of the text: of equal keys the first counts.
  private var members: [Member] = []

  /// Reads an object.
  ///
  /// - Throws: When `bytes` is not one valid object with nothing but white space around it.
  /// - Complexity: O(`bytes.count`), with a copy of the bytes. Asking for a member is O(members).
  public init(_ bytes: Span<UInt8>) throws(JSONSyntaxError) {
    text = bytes.copied()
    var scanner = JSONScanner(bytes)
    scanner.skipWhitespace()
    guard try scanner.peek() == ASCII.openBrace else {
      throw .unexpected(offset: scanner.position, expected: .value)
    }
    scanner.position += 1
    scanner.skipWhitespace()
    if try scanner.peek() == ASCII.closeBrace {
      scanner.position += 1
    } else {
      try readMembers(&scanner)
    }
    scanner.skipWhitespace()
    if !scanner.isAtEnd { throw .unexpected(offset: scanner.position, expected: .end) }
  }

  /// Reads members up to the closing brace.
  private mutating func readMembers(_ scanner: inout JSONScanner) throws(JSONSyntaxError) {
    members.reserveCapacity(16)
    while true {
      let (key, isEscaped) = try scanner.skipKey()
      let start = scanner.position
      try scanner.skipValue()
      members.append(Member(key: key, isEscaped: isEscaped, value: start..<scanner.position))
      scanner.skipWhitespace()
      let byte = try scanner.peek()
      scanner.position += 1
      if byte == ASCII.closeBrace { return }
      guard byte == ASCII.comma else {
        throw .unexpected(offset: scanner.position - 1, expected: .commaOrBrace)
      }
      scanner.skipWhitespace()
    }
  }

  private func name(_ member: Member) -> [UInt8] {
    var name = ByteBuffer(capacity: member.key.count)
    JSONText.appendDecoded(text.span.extracting(member.key), to: &name)
    return name.bytes.copied()
  }

  /// Lends the raw JSON of a member; nil if there is none.
  private func withValue<Result>(
    _ key: String, _ body: (Span<UInt8>) throws -> Result?
  ) rethrows -> Result? {
    let wanted = key.utf8.span
    for member in members {
      let isWanted =
        member.isEscaped
        ? name(member).span.isEqual(to: wanted)
        : text.span.extracting(member.key).isEqual(to: wanted)
      if isWanted { return try body(text.span.extracting(member.value)) }
    }
    return nil
  }

  /// The raw JSON of a member; nil if it is not there or null.
  public func raw(_ key: String) -> [UInt8]? {
    withValue(key) { $0.isEqual(to: JSONObject.null.span) ? nil : $0.copied() }
  }

  private static let null = Array("null".utf8)

  /// The text of a string; nil for anything else.
  public func string(_ key: String) -> String? {
    bytes(key).map { $0.span.text() }
  }

  /// The decoded bytes of a string, as `JSONText.appendQuoted` wrote them; nil for anything else.
  public func bytes(_ key: String) -> [UInt8]? {
    withValue(key, JSONObject.decoded)
  }

  /// The decoded bytes of the strings in an array; nil for anything else.
  public func strings(_ key: String) -> [[UInt8]]? {
    guard let elements = array(key) else { return nil }
    let strings = elements.compactMap { JSONObject.decoded($0.span) }
    return strings.count == elements.count ? strings : nil
  }

  private static func decoded(_ value: Span<UInt8>) -> [UInt8]? {
    guard value.count >= 2, value[0] == ASCII.quote else { return nil }
    return JSONText.decodedFileName(value.extracting(1..<(value.count - 1)))
  }

  /// A whole number; nil for anything else.
  public func integer(_ key: String) -> Int? {
    withValue(key) { Int($0.text()) }
  }

  /// A SHA-256 value of 64 hexadecimal digits; nil for anything else.
  public func sha256(_ key: String) -> SHA256Digest? {
    string(key).flatMap { SHA256Digest(hex: $0) }
  }

  /// `true` or `false`; nil for anything else.
  public func boolean(_ key: String) -> Bool? {
    withValue(key) { value in
      switch value.text() {
      case "true": true
      case "false": false
      default: nil
      }
    }
  }

  /// The elements of an array, each as raw JSON; nil for anything else.
  public func array(_ key: String) -> [[UInt8]]? {
    withValue(key) { try? JSONObject.elements($0) }
  }

  /// Lends the elements of an array one after the other, each as raw JSON.
  ///
  /// - Returns: Whether the member is an array.
  /// - Throws: What `body` throws.
  public func forEachElement(
    of key: String, _ body: (Span<UInt8>) throws -> Void
  ) throws -> Bool {
    let isArray = try withValue(key) { value in
      guard value[0] == ASCII.openBracket else { return false }
      try JSONObject.forEachElement(value, body)
      return true
    }
    return isArray == true
  }

  /// An object; nil for anything else.
  public func object(_ key: String) -> JSONObject? {
    withValue(key) { try? JSONObject($0) }
  }

  /// Whether there is a member of this name, whatever its value.
  public func has(_ key: String) -> Bool { withValue(key) { _ in true } ?? false }

  /// The names of all members, sorted.
  public var keys: [String] { Set(members.map { name($0).span.text() }).sorted() }

  private static func elements(_ bytes: Span<UInt8>) throws -> [[UInt8]] {
    var elements: [[UInt8]] = []
    try forEachElement(bytes) { elements.append($0.copied()) }
    return elements
  }

  private static func forEachElement(
    _ bytes: Span<UInt8>, _ body: (Span<UInt8>) throws -> Void
  ) throws {
    var scanner = JSONScanner(bytes)
    guard try scanner.peek() == ASCII.openBracket else {
      throw JSONSyntaxError.unexpected(offset: 0, expected: .value)
    }
    scanner.position += 1
    scanner.skipWhitespace()
    if try scanner.peek() == ASCII.closeBracket { return }
    while true {
      let start = scanner.position
      try scanner.skipValue()
      try body(bytes.extracting(start..<scanner.position))
      scanner.skipWhitespace()
      let byte = try scanner.peek()
      scanner.position += 1
      if byte == ASCII.closeBracket { return }
      scanner.skipWhitespace()
    }
  }
}

/// Writes one JSON object member by member, in the order of the calls.
public struct JSONObjectWriter: ~Copyable {
  public private(set) var output = ByteBuffer(capacity: 512)
  private var isEmpty = true

  public init() {
    output.append(ASCII.openBrace)
  }

  private mutating func key(_ key: String) {
    if !isEmpty { output.append(ASCII.comma) }
    isEmpty = false
    JSONText.appendQuoted(key, to: &output)
    output.append(ASCII.colon)
  }

  public mutating func add(_ name: String, _ text: String) {
    key(name)
    JSONText.appendQuoted(text, to: &output)
  }

  /// Adds text of any bytes; those that are not UTF-8 as `\udcXX`.
  public mutating func add(_ name: String, bytes: [UInt8]) {
    key(name)
    JSONText.appendQuoted(bytes.span, to: &output)
  }

  /// Adds a hash as text of hexadecimal digits.
  public mutating func add(_ name: String, _ hash: SHA256Digest) {
    key(name)
    output.append(ASCII.quote)
    hash.appendHex(to: &output)
    output.append(ASCII.quote)
  }

  public mutating func add(_ name: String, _ number: Int) {
    key(name)
    output.append(decimal: number)
  }

  public mutating func add(_ name: String, _ flag: Bool) {
    key(name)
    output.append(utf8: flag ? "true" : "false")
  }

  /// Adds a member whose value is JSON already.
  public mutating func add(_ name: String, raw: Span<UInt8>) {
    key(name)
    output.append(raw)
  }

  /// Adds a member whose value is JSON already.
  public mutating func add(_ name: String, raw: String) {
    key(name)
    output.append(utf8: raw)
  }

  /// Adds an array of elements that are JSON already.
  public mutating func add(_ name: String, array elements: some Sequence<[UInt8]>) {
    key(name)
    output.append(ASCII.openBracket)
    var isFirst = true
    for element in elements {
      if !isFirst { output.append(ASCII.comma) }
      isFirst = false
      output.append(element)
    }
    output.append(ASCII.closeBracket)
  }

  /// Adds an array of texts of any bytes, as `add(_:bytes:)` writes them.
  public mutating func add(_ name: String, texts: some Sequence<[UInt8]>) {
    add(
      name,
      array: texts.map { text in
        var quoted = ByteBuffer(capacity: text.count + 2)
        JSONText.appendQuoted(text.span, to: &quoted)
        return quoted.bytes.copied()
      })
  }

  /// Adds an object of numbers, by name.
  public mutating func add(_ name: String, counts: [String: Int]) {
    var object = JSONObjectWriter()
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { object.add(name, count) }
    add(name, raw: object.finish().span)
  }

  /// Closes the object and gives its bytes.
  public consuming func finish() -> [UInt8] {
    output.append(ASCII.closeBrace)
    return output.bytes.copied()
  }

  /// Closes the object and appends its bytes to others.
  public consuming func finish(to other: inout ByteBuffer) {
    output.append(ASCII.closeBrace)
    other.append(output.bytes)
  }
}
