/// How a column is worked out from others: one description, which each engine writes in its own words.
///
/// Every expression is a text, or nothing. An empty text is nothing.
indirect enum Expression: Sendable {
  /// The text of a column.
  case column(String)
  /// The text at a path inside of a column with JSON.
  case field(String, [String])
  /// The text itself.
  case text(String)
  /// The first of these that is something.
  case first([Expression])
  /// The texts one after the other; nothing if one of them is nothing.
  case joined([Expression])
  /// What the first group of a regular expression matches.
  ///
  /// The expressions use what all engines know, and no backslash.
  case match(Expression, String)
  /// What belongs to the first condition that is true; nothing if none is.
  case choice([(condition: Condition, value: Expression)])

  /// What can be asked of an expression.
  enum Condition: Sendable {
    case isThere(Expression)
    case equals(Expression, String)
    case isNot(Expression, String)
  }
}

/// A column of a typed view.
struct TypedColumn: Sendable {
  enum Kind: Sendable {
    case text
    /// An instant, UTC.
    case time
    /// `true` or `false`; anything else is nothing.
    case boolean
  }

  var name: String
  var kind: Kind
  var value: Expression
}
