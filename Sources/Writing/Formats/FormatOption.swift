/// A key in a job file that belongs to a format: what it is called, what its value may be, and what it
/// is for.
public struct FormatKey: Sendable {
  /// What a value may be.
  public enum Kind: Sendable {
    /// One of some names.
    case name(among: [String])
    /// A list of texts.
    ///
    /// `expected`: What each looks like, as in `a column such as eventTime`.
    case list(expected: String, isValid: @Sendable (String) -> Bool)
  }

  public let name: String
  public let kind: Kind
  /// Whether files with another value are other files.
  public let decidesBytes: Bool
  public let help: String
}

/// A key of a format and the property that it sets.
public struct FormatOption<Format>: Sendable {
  public let key: FormatKey
  /// The value as texts: one, or those of a list.
  let texts: @Sendable (Format) -> [String]
  /// Sets a value that its key's kind allows.
  let set: @Sendable (inout Format, [String]) -> Void

  /// An option that is one of the cases of an enumeration.
  public init<Value: CaseIterable & RawRepresentable<String> & SendableMetatype>(
    _ name: String, _ property: any WritableKeyPath<Format, Value> & Sendable, decidesBytes: Bool,
    _ help: String
  ) {
    key = FormatKey(
      name: name, kind: .name(among: Value.allCases.map(\.rawValue)), decidesBytes: decidesBytes,
      help: help)
    texts = { [$0[keyPath: property].rawValue] }
    set = { format, texts in
      if let value = texts.first.flatMap(Value.init(rawValue:)) {
        format[keyPath: property] = value
      }
    }
  }

  /// An option that is a list.
  public init(
    _ name: String, _ property: any WritableKeyPath<Format, [String]> & Sendable,
    each expected: String, decidesBytes: Bool, _ help: String,
    isValid: @escaping @Sendable (String) -> Bool
  ) {
    key = FormatKey(
      name: name, kind: .list(expected: expected, isValid: isValid), decidesBytes: decidesBytes,
      help: help)
    texts = { $0[keyPath: property] }
    set = { $0[keyPath: property] = $1 }
  }
}

extension OutputFormat {
  /// The keys of the format's options.
  public var keys: [FormatKey] { Self.options.map(\.key) }

  /// The format's key of that name.
  public func key(named name: String) -> FormatKey? { keys.first { $0.name == name } }

  /// What the option called `name` is set to: one text, or those of a list; nil if the
  /// format has no such option.
  public func texts(of name: String) -> [String]? {
    Self.options.first { $0.key.name == name }?.texts(self)
  }

  /// Sets the option called `name` to texts that its kind allows.
  public mutating func set(_ name: String, to texts: [String]) {
    Self.options.first { $0.key.name == name }?.set(&self, texts)
  }
}
