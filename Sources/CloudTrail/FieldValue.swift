/// Where one field's value is in a record, and of what kind it is.
public struct FieldValue: Sendable, Equatable {
  public enum Kind: UInt8, Sendable {
    /// The record has no such field.
    case absent
    case null
    case boolean
    case number
    /// A string without escapes: its content is its text.
    case string
    /// A string whose content must be unescaped to be its text.
    case escapedString
    case object
    case array
  }

  public var kind: Kind
  /// The value's bytes; for a string those between its quotes.
  public var range: Range<Int>

  /// Where the value begins; for a string at its opening quote.
  public var start: Int { isString ? range.lowerBound - 1 : range.lowerBound }

  public static let absent = FieldValue(kind: .absent, range: 0..<0)

  public var isString: Bool { kind == .string || kind == .escapedString }

  /// Whether there is nothing to show: absent, null, or a string without a character.
  public var isEmpty: Bool {
    kind == .absent || kind == .null || (isString && range.isEmpty)
  }
}
