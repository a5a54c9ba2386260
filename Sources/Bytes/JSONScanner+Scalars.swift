/// Numbers and literals (RFC 8259, sections 3 and 6).
extension JSONScanner {
  /// Passes a number: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
  public mutating func skipNumber() throws(JSONSyntaxError) {
    if bytes.byte(at: position) == ASCII.hyphen { position &+= 1 }
    if try peek() == ASCII.zero {
      position &+= 1
    } else {
      try skipDigits()
    }
    if position < bytes.count, bytes.byte(at: position) == ASCII.dot {
      position &+= 1
      try skipDigits()
    }
    if position < bytes.count, bytes.byte(at: position) | ASCII.caseBit == UInt8(ascii: "e") {
      position &+= 1
      let sign = try peek()
      if sign == ASCII.plus || sign == ASCII.hyphen { position &+= 1 }
      try skipDigits()
    }
  }

  /// Passes at least one digit.
  private mutating func skipDigits() throws(JSONSyntaxError) {
    guard ASCII.digits.contains(try peek()) else {
      throw .unexpected(offset: position, expected: .digit)
    }
    repeat {
      position &+= 1
    } while position < bytes.count
      && ASCII.digits.contains(bytes.byte(at: position))
  }

  /// Passes `true`, `false` or `null`.
  mutating func skipLiteral(_ literal: StaticString) throws(JSONSyntaxError) {
    let length = literal.utf8CodeUnitCount
    let end = min(position &+ length, bytes.count)
    // SAFETY: the index stays below the literal's length.
    let start = unsafe literal.utf8Start
    for index in position..<end
    where unsafe bytes.byte(at: index) != start[index &- position] {
      throw .unexpected(offset: position, expected: .literal)
    }
    guard end == position &+ length else { throw .unexpectedEnd(offset: bytes.count) }
    position = end
  }
}
