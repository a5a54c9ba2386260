import Bytes

/// Scans a text that is to be one document; says what is wrong with it, or where a value ends.
func scan(_ text: [UInt8]) -> Result<Int, JSONSyntaxError> {
  var scanner = JSONScanner(text.span)
  do throws(JSONSyntaxError) {
    scanner.skipWhitespace()
    try scanner.skipValue()
    return .success(scanner.position)
  } catch {
    return .failure(error)
  }
}

/// Whether a text is one document with nothing but white space around it.
func accepts(_ text: [UInt8]) -> Bool {
  guard case .success(let end) = scan(text) else { return false }
  var scanner = JSONScanner(text.span, at: end)
  scanner.skipWhitespace()
  return scanner.isAtEnd
}

/// How the scanner's answer differs from the error that `text` deserves; nil if it does not.
func refusal(
  of text: [UInt8], at offset: Int, expecting expected: JSONSyntaxError.Expectation
) -> String? {
  switch scan(text) {
  case .success(let end): "passed up to byte \(end)"
  case .failure(.unexpected(offset, expected)): nil
  case .failure(let error): "\(error), expected \(expected) at byte \(offset)"
  }
}
