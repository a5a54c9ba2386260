/// Expands `${NAME}` and `${NAME:-default}` in the values of a job file.
///
/// It happens after YAML is read, so that a variable's value can never become keys or lists.
/// `$${` means `${`; any other `$` is itself.
struct EnvironmentVariables: Sendable {
  enum Failure: Error, Equatable, CustomStringConvertible {
    case notSet(name: String)
    /// A `${` without a name or without its `}`.
    case malformed

    var description: String {
      switch self {
      case .notSet(let name):
        "the environment variable \(name) is not set; ${\(name):-default} gives it a default"
      case .malformed:
        "expected ${NAME} or ${NAME:-default}; write $${ for ${ itself"
      }
    }
  }

  let values: [String: String]

  /// The text with every variable replaced; what comes out is not expanded again.
  ///
  /// As in a shell, a default replaces a variable that is not set or empty.
  func expand(_ text: String) throws(Failure) -> String {
    var expanded = ""
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      expanded += rest[..<dollar]
      rest = rest[dollar...]
      if rest.hasPrefix("$${") {
        expanded += "${"
        rest = rest.dropFirst(3)
      } else if rest.hasPrefix("${") {
        guard let end = rest.firstIndex(of: "}") else { throw .malformed }
        expanded += try value(of: rest[..<end].dropFirst(2))
        rest = rest[rest.index(after: end)...]
      } else {
        expanded += "$"
        rest = rest.dropFirst()
      }
    }
    return expanded + rest
  }

  /// A text that `expand(_:)` turns into the one given.
  static func escape(_ text: String) -> String {
    text.split(separator: "${", omittingEmptySubsequences: false).joined(separator: "$${")
  }

  /// The value of what is between the braces.
  private func value(of reference: Substring) throws(Failure) -> String {
    let name = reference.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    let rest = reference.dropFirst(name.count)
    guard !name.isEmpty, rest.isEmpty || rest.hasPrefix(":-") else { throw .malformed }
    let value = values[String(name)]
    if rest.hasPrefix(":-") {
      return value.flatMap { $0.isEmpty ? nil : $0 } ?? String(rest.dropFirst(2))
    }
    guard let value else { throw .notSet(name: String(name)) }
    return value
  }
}
