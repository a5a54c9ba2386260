import CloudTrail
import Testing

/// Every short text as a column, against patterns that say the same in another way.
struct ColumnLanguageTests {
  private let column =
    #/ *(?<path>(?:[^ ".\[\]]+|"[^"]+")(?:\.(?:[^ ".\[\]]+|"[^"]+")|\[[0-9]+\])*)(?: +as +(?<name>"[^"]+"|[^ "](?:.*[^ ])?))? */#

  @Test func `every short text is a column or not, as the patterns have it`() throws {
    let pieces = ["a", " as ", ".", "[", "]", "0", "\"", " "]
    var texts = [""]
    for _ in 0..<5 {
      texts = texts.flatMap { text in pieces.map { text + $0 } }
      for text in texts {
        if let fault = fault(of: text) {
          Issue.record("'\(text)' \(fault)")
          return
        }
      }
    }
  }

  /// What is wrong with how a text is read; nil if nothing is.
  private func fault(of text: String) -> String? {
    let parsed = try? Column(parsing: text)
    guard let found = text.wholeMatch(of: column) else {
      return parsed == nil ? nil : "is taken for a column"
    }
    guard let parsed else { return "is refused" }
    let path = String(found.output.path)
    let name = found.output.name.map { $0.first == "\"" ? $0.dropFirst().dropLast() : $0 }
    if parsed.name != name.map(String.init) ?? path { return "is called '\(parsed.name)'" }
    guard case .field(let field) = parsed.content else { return "is a special column" }
    return field.steps == steps(path) ? nil : "leads to \(field.steps)"
  }

  /// The steps of a path that is one: names and indexes in order.
  private func steps(_ path: String) -> [FieldPath.Step] {
    path.matches(of: #/"(?<quoted>[^"]+)"|\[(?<index>[0-9]+)\]|(?<plain>[^".\[\]]+)/#).compactMap {
      if let index = $0.output.index { return Int(index).map { .index($0) } }
      return ($0.output.quoted ?? $0.output.plain).map { .key(Array($0.utf8)) }
    }
  }
}
