import Reading
import Testing

/// Every short pattern against every short text.
struct GlobLanguageTests {
  @Test func `every short pattern means what it means to sh`() {
    let patterns = words(of: ["a", "-", "]", "[", "!", "*", "?", "\\"], upTo: 4)
    let texts = words(of: ["a", "b", "-", "]"], upTo: 2) + ["[", "\\", "!", "\\a", "[a", "[]"]
    for pattern in patterns {
      let glob = Glob(String(pattern))
      for text in texts {
        let expected = GlobModel.matches(Array(pattern.unicodeScalars)[...], text.unicodeScalars)
        if glob.matches(text.utf8.span) != expected {
          Issue.record("'\(pattern)' \(expected ? "does not match" : "matches") '\(text)'")
          return
        }
      }
    }
  }
}

/// All texts of one to `count` of some pieces.
private func words(of pieces: [String], upTo count: Int) -> [String] {
  var all: [String] = []
  var longest = [""]
  for _ in 0..<count {
    longest = longest.flatMap { word in pieces.map { word + $0 } }
    all += longest
  }
  return all
}

/// A glob by trying everything.
private enum GlobModel {
  typealias Scalars = ArraySlice<Unicode.Scalar>

  static func matches(_ pattern: Scalars, _ text: String.UnicodeScalarView) -> Bool {
    matches(pattern, Array(text)[...])
  }

  static func matches(_ pattern: Scalars, _ text: Scalars) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    let rest = pattern.dropFirst()
    func matchesOne(_ rest: Scalars, _ accepts: (Unicode.Scalar) -> Bool) -> Bool {
      guard let scalar = text.first, accepts(scalar) else { return false }
      return matches(rest, text.dropFirst())
    }
    switch first {
    case "*": return (0...text.count).contains { matches(rest, text.dropFirst($0)) }
    case "?": return matchesOne(rest) { _ in true }
    case "\\":
      // The last backslash of a pattern is itself.
      guard let escaped = rest.first else { return matchesOne(rest) { $0 == "\\" } }
      return matchesOne(rest.dropFirst()) { $0 == escaped }
    case "[":
      guard let set = set(rest) else { return matchesOne(rest) { $0 == "[" } }
      return matchesOne(set.rest) { set.members.contains($0) != set.isNegated }
    default: return matchesOne(rest) { $0 == first }
    }
  }

  /// Reads what follows a `[`; nil if nothing closes it.
  private static func set(
    _ pattern: Scalars
  ) -> (members: Set<Unicode.Scalar>, isNegated: Bool, rest: Scalars)? {
    let isNegated = pattern.first == "!"
    var rest = isNegated ? pattern.dropFirst() : pattern
    func takeMember() -> Unicode.Scalar? {
      guard let scalar = rest.popFirst() else { return nil }
      return scalar == "\\" ? rest.popFirst() ?? scalar : scalar
    }
    var members: Set<Unicode.Scalar> = []
    var isFirst = true
    while isFirst || rest.first != "]" {
      isFirst = false
      guard let low = takeMember() else { return nil }
      var high = low
      if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
        rest.removeFirst()
        high = takeMember() ?? low
      }
      if low.value <= high.value {
        members.formUnion((low.value...high.value).compactMap { Unicode.Scalar($0) })
      }
    }
    return (members, isNegated, rest.dropFirst())
  }
}
