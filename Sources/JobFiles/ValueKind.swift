import Writing

/// How the value of a key is read and written: what it may look like, and what becomes of it.
struct ValueKind<Value>: Sendable {
  /// What error messages and the reference say is expected, as in `a size such as 512MiB`.
  let expected: String
  /// The value; `nil` once the reader has noted what is wrong with it.
  let read: @Sendable (JobValue, _ key: String, inout JobReader) -> Value?
  /// The value as YAML on one line, which `read` reads back; `nil` if it is as good as no value.
  let write: @Sendable (Value) -> String?
}

extension ValueKind {
  /// A single text that `parse` turns into a value, or `nil` when it is not what is expected.
  ///
  /// `text`: The text of a value, which `parse` reads back.
  static func text(
    _ expected: String, of text: @escaping @Sendable (Value) -> String,
    _ parse: @escaping @Sendable (String, JobReader) -> Value?
  ) -> ValueKind {
    ValueKind(
      expected: expected,
      read: { value, key, reader in
        guard let text = reader.text(value, expected: expected, key: key) else { return nil }
        guard let parsed = parse(text, reader) else {
          let found = text.isEmpty ? "an empty text" : YAMLText.scalar(text)
          reader.note("expected \(expected), not \(found)", key: key, at: value.position)
          return nil
        }
        return parsed
      },
      write: { YAMLText.scalar(text($0)) })
  }

  /// A list of values of one kind; a single value is a list of one, and no value an empty list.
  static func list<Element>(of kind: ValueKind<Element>) -> ValueKind where Value == [Element] {
    ValueKind(
      expected: "a list, each \(kind.expected)",
      read: { value, key, reader in
        guard case .list(let items) = value.content else {
          return kind.read(value, key, &reader).map { [$0] }
        }
        return items.indices.compactMap { kind.read(items[$0], "\(key)[\($0)]", &reader) }
      },
      write: { values in
        values.isEmpty ? nil : "[" + values.compactMap(kind.write).joined(separator: ", ") + "]"
      })
  }

  /// One of the cases of an enumeration, by its raw value.
  static func oneOf() -> ValueKind
  where Value: CaseIterable & RawRepresentable<String> & SendableMetatype {
    .text(JobKeys.alternatives(Value.allCases.map(\.rawValue)), of: \.rawValue) { text, _ in
      Value(rawValue: text)
    }
  }

  /// The value that `write` gave this text of; `nil` if it is none.
  func value(written text: String) -> Value? {
    guard let value = try? JobFileYAML.parse(text) else { return nil }
    var reader = JobReader.ofWrittenText(OutputFormats.all)
    let read = read(value, "", &reader)
    return reader.problems.isEmpty ? read : nil
  }
}

extension ValueKind where Value == Bool {
  static var flag: ValueKind {
    text("true or false", of: \.description) { text, _ in
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
    text(expected, of: \.description) { text, _ in
      Int(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }

  static func byteSize(atLeast least: Int = 1, such example: String) -> ValueKind {
    let limit = least > 1 ? " of at least \(ByteSize.text(least))" : ""
    return text("a size\(limit) such as \(example)", of: ByteSize.text) { text, _ in
      ByteSize.bytes(text).flatMap { $0 >= least ? $0 : nil }
    }
  }

  /// In seconds.
  static var timeSpan: ValueKind {
    text("a time span such as 10m or 26h", of: TimeSpan.text) { text, _ in TimeSpan.seconds(text) }
  }
}

extension ValueKind where Value == String {
  /// A text that is its own value.
  static func text(
    _ expected: String, _ parse: @escaping @Sendable (String, JobReader) -> String?
  ) -> ValueKind {
    text(expected, of: { $0 }, parse)
  }

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

extension ValueKind where Value == [String] {
  /// A list in which the order means nothing; it is read in the order of the texts.
  static func unorderedList(of kind: ValueKind<String>) -> ValueKind {
    let list = list(of: kind)
    return ValueKind(
      expected: list.expected, read: { list.read($0, $1, &$2)?.sorted() }, write: list.write)
  }
}
