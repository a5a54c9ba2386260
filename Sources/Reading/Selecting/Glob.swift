import Bytes

/// A shell glob that a whole text must match, as `sh` reads it in `case`.
///
/// `*` is any text, `?` one character, `[a-z]` one of these, `[!a-z]` or `[^a-z]` one of all others;
/// a backslash takes its meaning from the character after it, and a `[` that nothing closes is
/// itself. Case counts. A byte that is not UTF-8 is one character, which no bracket names.
public struct Glob: Sendable, Equatable {
  private enum Token: Sendable, Equatable {
    case literal([UInt8])
    case character
    case text
    case oneOf([ClosedRange<UInt32>], negated: Bool)
  }

  private var tokens: [Token] = []

  /// Reads a pattern; every text is one.
  public init(_ pattern: String) {
    var rest = Array(pattern.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": append(.text)
      case "?": append(.character)
      case "[":
        if let set = Glob.set(&rest) { append(set) } else { append(literal: scalar) }
      case "\\": append(literal: rest.popFirst() ?? scalar)
      default: append(literal: scalar)
      }
    }
  }

  private mutating func append(_ token: Token) {
    if token != .text || tokens.last != .text { tokens.append(token) }
  }

  private mutating func append(literal scalar: Unicode.Scalar) {
    let bytes = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    if case .literal(let before)? = tokens.last {
      tokens[tokens.count - 1] = .literal(before + bytes)
    } else {
      tokens.append(.literal(bytes))
    }
  }

  /// Reads what follows a `[`; leaves `rest` alone and gives nil if nothing closes it.
  private static func set(_ rest: inout ArraySlice<Unicode.Scalar>) -> Token? {
    var inside = rest
    let isNegated = inside.first == "!" || inside.first == "^"
    if isNegated { inside.removeFirst() }
    var ranges: [ClosedRange<UInt32>] = []
    var isFirst = true
    while var low = inside.popFirst() {
      if low == "]" && !isFirst {
        rest = inside
        return .oneOf(ranges, negated: isNegated)
      }
      isFirst = false
      if low == "\\", let escaped = inside.popFirst() { low = escaped }
      var high = low
      if inside.first == "-", let end = inside.dropFirst().first, end != "]" {
        inside.removeFirst(2)
        high = end
        if end == "\\", let escaped = inside.popFirst() { high = escaped }
      }
      if low <= high { ranges.append(low.value...high.value) }
    }
    return nil
  }

  // MARK: Matching

  /// Whether all of `text`, which is UTF-8, matches.
  ///
  /// - Complexity: O(`text.count` · pattern) at worst; nothing is allocated.
  public func matches(_ text: Span<UInt8>) -> Bool {
    var token = 0
    var position = 0
    // Where to go on after a mismatch: after the last `*`, which then takes one character more.
    var retry: (token: Int, position: Int)?
    while true {
      if token < tokens.count, tokens[token] == .text {
        token += 1
        if token == tokens.count { return true }
        retry = (token, position)
        continue
      }
      if token == tokens.count {
        if position == text.count { return true }
      } else if let end = end(of: tokens[token], in: text, at: position) {
        position = end
        token += 1
        continue
      }
      guard let last = retry, last.position < text.count else { return false }
      position = last.position + UTF8Text.sequence(text, at: last.position).length
      token = last.token
      retry = (token, position)
    }
  }

  /// The position after what `token` matches at `position`; nil if it does not.
  private func end(of token: Token, in text: Span<UInt8>, at position: Int) -> Int? {
    if case .literal(let bytes) = token {
      let end = position + bytes.count
      guard end <= text.count, text.extracting(position..<end).isEqual(to: bytes.span) else {
        return nil
      }
      return end
    }
    guard position < text.count else { return nil }
    let (length, isValid) = UTF8Text.sequence(text, at: position)
    if case .oneOf(let ranges, let isNegated) = token {
      let scalar = isValid ? UTF8Text.scalar(text, at: position).value : nil
      let isListed = scalar.map { scalar in ranges.contains { $0.contains(scalar) } } ?? false
      guard isListed != isNegated else { return nil }
    }
    return position + length
  }
}

extension [Glob] {
  /// Whether one of them matches all of `text`.
  func anyMatches(_ text: Span<UInt8>) -> Bool {
    for glob in self where glob.matches(text) { return true }
    return false
  }
}
