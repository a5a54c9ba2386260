import CloudTrail

extension ValueKind where Value == [Job.Input] {
  static var inputs: ValueKind {
    let item = ValueKind<Job.Input>(expected: "a path") { value, key, reader in
      guard case .mapping = value.content else {
        return ValueKind<Job.Input>.input.read(value, key, &reader)
      }
      var input = Job.Input(written: "", path: "")
      let problemsBefore = reader.problems.count
      reader.read(value, by: JobKeys.input, into: &input, named: key)
      if input.path.isEmpty, reader.problems.count == problemsBefore {
        reader.note("path is missing", key: key, at: value.position)
      }
      return input.path.isEmpty ? nil : input
    }
    return .list(of: item)
  }
}

extension ValueKind where Value == Job.Input {
  static var input: ValueKind {
    text("a path") { text, reader in
      guard !text.isEmpty else { return nil }
      return Job.Input(written: text, path: AbsolutePath.resolve(text, in: reader.folder))
    }
  }
}

extension ValueKind where Value == [Family] {
  /// In the order of `Family.allCases`, so that the order in the file means nothing.
  static var families: ValueKind {
    let list = ValueKind.list(of: ValueKind<Family>.oneOf())
    return ValueKind(expected: list.expected) { value, key, reader in
      guard let read = list.read(value, key, &reader) else { return nil }
      if case .list(let items) = value.content, items.isEmpty {
        reader.noteMismatch(value, expected: "at least one family", key: key)
      }
      return Family.allCases.filter(read.contains)
    }
  }
}

extension ValueKind where Value == String {
  /// One line of text for people.
  static var label: ValueKind {
    text("a name on one line") { text, _ in
      let isOneLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      return text.isEmpty || !isOneLine ? nil : text
    }
  }
}
