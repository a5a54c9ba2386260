import CloudTrail

extension ValueKind where Value == [Job.Input] {
  static var inputs: ValueKind {
    let item = ValueKind<Job.Input>(expected: "a path") { value, key, reader in
      var input = Job.Input(written: "", path: "")
      guard case .mapping = value.content else {
        guard let location = Job.Input.locationKind.read(value, key, &reader) else { return nil }
        input.location = location
        return input
      }
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

extension Job.Input {
  static var locationKind: ValueKind<(written: String, path: String)> {
    .text("a path") { text, reader in
      text.isEmpty ? nil : (text, AbsolutePath.resolve(text, in: reader.folder))
    }
  }

  /// Whether it can be the name of an input: the first part of its files' paths.
  static func isName(_ text: String) -> Bool {
    ![".", "..", ""].contains(text) && !text.utf8.contains(0x2F)
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
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
  static var inputName: ValueKind {
    text("a name on one line without slashes") { text, _ in Job.Input.isName(text) ? text : nil }
  }

  /// One line of text for people.
  static var label: ValueKind {
    text("a name on one line") { text, _ in
      let isOneLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      return text.isEmpty || !isOneLine ? nil : text
    }
  }
}
