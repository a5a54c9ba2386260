/// How the value of a key is read: what it may look like, and what becomes of it.
struct ValueKind<Value>: Sendable {
  /// What error messages and the reference say is expected, as in `a size such as 512MiB`.
  let expected: String
  /// The value; `nil` once the reader has noted what is wrong with it.
  let read: @Sendable (JobValue, _ key: String, inout JobReader) -> Value?
}

extension ValueKind {
  /// A single text of which `parse` makes a value, or `nil` when it is not what is expected.
  static func text(
    _ expected: String, _ parse: @escaping @Sendable (String, JobReader) -> Value?
  ) -> ValueKind {
    ValueKind(expected: expected) { value, key, reader in
      guard let text = reader.text(value, expected: expected, key: key) else { return nil }
      guard let parsed = parse(text, reader) else {
        let found = text.isEmpty ? "an empty text" : YAMLText.scalar(text)
        reader.note("expected \(expected), not \(found)", key: key, at: value.position)
        return nil
      }
      return parsed
    }
  }

  /// A list of values of one kind; a single value is a list of one.
  static func list<Element>(of kind: ValueKind<Element>) -> ValueKind where Value == [Element] {
    ValueKind(expected: "a list, each \(kind.expected)") { value, key, reader in
      guard case .list(let items) = value.content else {
        return kind.read(value, key, &reader).map { [$0] }
      }
      return items.indices.compactMap { kind.read(items[$0], "\(key)[\($0)]", &reader) }
    }
  }

  /// One of the cases of an enumeration, by its raw value.
  static func oneOf() -> ValueKind
  where Value: CaseIterable & RawRepresentable<String> & SendableMetatype {
    .text(JobKeys.alternatives(Value.allCases.map(\.rawValue))) { text, _ in Value(rawValue: text) }
  }
}

extension ValueKind where Value == Bool {
  static var flag: ValueKind {
    text("true or false") { text, _ in
      switch text {
      case "true": true
      case "false": false
      default: nil
      }
    }
  }
}

extension ValueKind where Value == Int {
  static func count(_ range: ClosedRange<Int>, _ expected: String) -> ValueKind {
    text(expected) { text, _ in Int(text).flatMap { range.contains($0) ? $0 : nil } }
  }

  static func byteSize(atLeast least: Int = 1, such example: String) -> ValueKind {
    let limit = least > 1 ? " of at least \(ByteSize.text(least))" : ""
    return text("a size\(limit) such as \(example)") { text, _ in
      ByteSize.bytes(text).flatMap { $0 >= least ? $0 : nil }
    }
  }

  /// In seconds.
  static var timeSpan: ValueKind {
    text("a time span such as 10m or 26h") { text, _ in TimeSpan.seconds(text) }
  }
}

extension ValueKind where Value == String {
  /// An absolute path.
  static var path: ValueKind {
    text("a path") { text, reader in
      text.isEmpty ? nil : AbsolutePath.resolve(text, in: reader.folder)
    }
  }

  static func glob(_ example: String) -> ValueKind {
    text("a name or shell glob such as \(example)") { text, _ in text.isEmpty ? nil : text }
  }
}
