import CloudTrail

extension ItemsKind where Item == Job.Input {
  static var inputs: ItemsKind {
    let item = "a path"
    return ItemsKind(
      expected: "a list, each \(item)",
      read: { value, key, reader in
        guard case .list(let items) = value.content else {
          return reader.readInput(value, named: key).map { [$0] }
        }
        return items.indices.compactMap { reader.readInput(items[$0], named: "\(key)[\($0)]") }
      },
      keys: { _ in JobKeys.input })
  }
}

extension JobReader {
  /// Reads an input: a path, or a path and a name.
  fileprivate mutating func readInput(_ value: JobValue, named key: String) -> Job.Input? {
    var input = Job.Input(written: "", path: "")
    guard case .mapping = value.content else {
      guard let location = Job.Input.locationKind.read(value, key, &self) else { return nil }
      input.location = location
      return input
    }
    let problemsBefore = problems.count
    read(value, by: JobKeys.input, into: &input, named: key)
    if input.path.isEmpty, problems.count == problemsBefore {
      note("path is missing", key: key, at: value.position)
    }
    return input.path.isEmpty ? nil : input
  }
}

extension Job.Input {
  static var locationKind: ValueKind<(written: String, path: String)> {
    .text("a path", of: \.path) { text, reader in
      text.isEmpty ? nil : (text, AbsolutePath.resolve(text, in: reader.folder))
    }
  }

  /// Whether it can be the name of an input: the first part of its files' paths.
  static func isName(_ text: String) -> Bool {
    ![".", "..", ""].contains(text) && !text.contains("/")
      && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
  }
}

extension ValueKind where Value == [Family] {
  /// In the order of `Family.allCases`, so that the order in the file means nothing.
  static var families: ValueKind {
    let list = ValueKind.list(of: ValueKind<Family>.oneOf())
    return ValueKind(
      expected: list.expected,
      read: { value, key, reader in
        guard let read = list.read(value, key, &reader) else { return nil }
        if case .list(let items) = value.content, items.isEmpty {
          reader.noteMismatch(value, expected: "at least one family", key: key)
        }
        return Family.allCases.filter(read.contains)
      },
      write: list.write)
  }
}

extension ValueKind where Value == String {
  static var inputName: ValueKind {
    text("a name on one line without slashes") { text, _ in Job.Input.isName(text) ? text : nil }
  }

  static var bucketAddress: ValueKind {
    text("an address such as s3://my-trail/prefix") { text, _ in
      BucketAddress(text) == nil ? nil : text
    }
  }

  /// One line of text for people.
  static var label: ValueKind {
    text("a name on one line") { text, _ in
      let isOneLine = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      return text.isEmpty || !isOneLine ? nil : text
    }
  }
}
