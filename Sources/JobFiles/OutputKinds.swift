import CloudTrail
public import Writing

extension ValueKind where Value == [OutputSpecification] {
  static var outputs: ValueKind {
    let item = ValueKind<OutputSpecification>(expected: "an output") { value, key, reader in
      guard case .mapping = value.content else {
        reader.noteMismatch(value, expected: "an output with its format", key: key)
        return nil
      }
      var output = OutputSpecification(.ndjson)
      output.name = ""
      reader.read(value, by: JobKeys.output, into: &output, named: key)
      if reader.given["\(key).format"] == nil {
        reader.note("format is missing: ndjson or csv", key: key, at: value.position)
      }
      if output.name.isEmpty {
        output.name = output.format.rawValue
      }
      return output
    }
    return ValueKind(expected: "a list of outputs") { value, key, reader in
      guard case .list(let items) = value.content, !items.isEmpty else {
        reader.noteMismatch(value, expected: "a list of outputs", key: key)
        return nil
      }
      return items.indices.compactMap { item.read(items[$0], "\(key)[\($0)]", &reader) }
    }
  }
}

extension ValueKind where Value == [PartitionKey] {
  /// Each key once, and `hour` only below `dt`.
  static var partitionKeys: ValueKind {
    let list = ValueKind.list(of: ValueKind<PartitionKey>.oneOf())
    return ValueKind(expected: list.expected) { value, key, reader in
      guard let keys = list.read(value, key, &reader) else { return nil }
      if Set(keys).count < keys.count {
        reader.note("expected each partition key once", key: key, at: value.position)
      }
      if let hour = keys.firstIndex(of: .hour), !keys[..<hour].contains(.dt) {
        reader.note("expected hour only after dt", key: key, at: value.position)
      }
      return keys
    }
  }
}

extension ValueKind where Value == OutputSpecification.Compression {
  static var compression: ValueKind {
    text("none, gzip, or gzip:1 (fast) to gzip:9 (small)") { text, _ in
      switch text {
      case "none": return OutputSpecification.Compression.none
      case "gzip": return .gzip(level: OutputSpecification.Compression.defaultLevel)
      default:
        guard text.hasPrefix("gzip:"), let level = Int(text.dropFirst(5)), (1...9).contains(level)
        else { return nil }
        return .gzip(level: level)
      }
    }
  }
}

extension OutputSpecification.Compression: CustomStringConvertible {
  /// What `gzip` without a level means; it is `gzip`'s own default.
  static let defaultLevel = 6

  /// As job files write it.
  public var description: String {
    switch self {
    case .none: "none"
    case .gzip(let level): "gzip:\(level)"
    }
  }
}

extension ValueKind where Value == String {
  /// A name that is one plain folder everywhere and that no query engine hides.
  static var folderName: ValueKind {
    text("a folder name of letters, digits, - and . that does not begin with .") { text, _ in
      let isPlain = text.unicodeScalars.allSatisfy {
        $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
          || $0 == "-" || $0 == "."
      }
      return text.isEmpty || !isPlain || text.hasPrefix(".") ? nil : text
    }
  }

  static var column: ValueKind {
    text("a column such as requestParameters.bucketName as bucket") { text, _ in
      (try? Column(parsing: text)) == nil ? nil : text
    }
  }
}
