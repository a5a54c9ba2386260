/// What query engines have to know to read the files of an output.
public enum TableShape: Sendable, Equatable {
  /// A record a line, as JSON: its fields are columns by their names.
  ///
  /// `hasExactText`: Whether records that strict readers refuse are in the files as they are.
  case jsonLines(hasExactText: Bool)
  /// RFC 4180 below a header row.
  ///
  /// `lineBreakRemedy`: Where a field can hold a line break, which some engines take for the end of a
  /// row: what to do about it, as in `use another output`.
  case delimited(columns: [String], lineBreakRemedy: String?)
}

/// Query engines cannot read the files of a format.
public struct UnreadableFormat: Error, Equatable {
  /// Why, and what can be read instead: a clause after a colon.
  public var reason: String

  public init(_ reason: String) {
    self.reason = reason
  }
}
