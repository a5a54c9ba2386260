import Bytes

/// Writes texts so that YAML reads them back as they were.
enum YAMLText {
  /// A scalar: plain where that is safe, else in double quotes.
  static func scalar(_ text: String) -> String {
    isPlain(text) ? text : quoted(text)
  }

  /// A list on one line.
  static func list(_ texts: [String]) -> String {
    "[" + texts.map(scalar).joined(separator: ", ") + "]"
  }

  /// Whether a text needs no quotes anywhere, in a list on one line neither.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, isWord(first) || first == "/" else {
      return false
    }
    return !["null", "Null", "NULL"].contains(text)
      && text.unicodeScalars.allSatisfy { isWord($0) || "/.-+*@:".unicodeScalars.contains($0) }
      && !text.hasSuffix(":")
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      || scalar == "_"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case "\r": quoted += "\\r"
      case _ where isInvisible(scalar): quoted += escape(scalar)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// A scalar as an escape that YAML has for all of them: `\U0001f600`.
  static func escape(_ scalar: Unicode.Scalar) -> String {
    "\\U" + String(scalar.value, radix: 16, digitCount: 8)
  }

  /// Controls, separators of lines, and the marks that change the direction of a text.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
