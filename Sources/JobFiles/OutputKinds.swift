import CloudTrail
public import Writing

extension ItemsKind where Item == OutputSpecification {
  static var outputs: ItemsKind {
    ItemsKind(
      expected: "a list of outputs",
      read: { value, key, reader in
        guard case .list(let items) = value.content, !items.isEmpty else {
          reader.noteMismatch(value, expected: "a list of outputs", key: key)
          return nil
        }
        return items.indices.compactMap { reader.readOutput(items[$0], named: "\(key)[\($0)]") }
      },
      keys: { JobKeys.output([$0.format]) })
  }
}

extension JobReader {
  /// Reads an output: its format first, which decides what its other keys mean.
  fileprivate mutating func readOutput(_ value: JobValue, named key: String) -> OutputSpecification?
  {
    guard case .mapping(var entries) = value.content else {
      noteMismatch(value, expected: "an output with its format", key: key)
      return nil
    }
    let keys = JobKeys.output(formats)
    var output = OutputSpecification.defaults[0]
    let format = JobValue(.mapping(entries.filter { $0.key == "format" }), at: value.position)
    read(format, by: keys, into: &output, named: key)
    output = OutputSpecification(output.format)
    output.name = ""
    entries.removeAll { $0.key == "format" }
    if given["\(key).format"] == nil {
      note(
        "format is missing: \(JobKeys.alternatives(formats.map(\.name)))", key: key,
        at: value.position)
    }
    if hasProblem(with: key) {
      // Without a format, nobody knows what the options of formats mean.
      entries.removeAll { entry in formats.contains { $0.key(named: entry.key) != nil } }
    }
    read(JobValue(.mapping(entries), at: value.position), by: keys, into: &output, named: key)
    if output.name.isEmpty { output.name = output.format.name }
    return output
  }
}

extension ValueKind where Value == any OutputFormat {
  /// A format by its name, with its default options.
  static func format(among formats: [any OutputFormat]) -> ValueKind {
    text(JobKeys.alternatives(formats.map(\.name)), of: \.name) { text, _ in formats.named(text) }
  }
}

extension ValueKind where Value == [String] {
  /// The texts of a format's option.
  static func texts(_ kind: FormatKey.Kind) -> ValueKind {
    switch kind {
    case .name(let names):
      let name = ValueKind<String>.text(JobKeys.alternatives(names)) { text, _ in
        names.contains(text) ? text : nil
      }
      return ValueKind(
        expected: name.expected, read: { name.read($0, $1, &$2).map { [$0] } },
        write: { name.write($0.joined()) })
    case .list(let expected, let isValid):
      return .list(of: .text(expected) { text, _ in isValid(text) ? text : nil })
    }
  }
}

extension ValueKind where Value == [PartitionKey] {
  /// Each key once, and `hour` only below `dt`.
  static var partitionKeys: ValueKind {
    let list = ValueKind.list(of: ValueKind<PartitionKey>.oneOf())
    return ValueKind(
      expected: list.expected,
      read: { value, key, reader in
        guard let keys = list.read(value, key, &reader) else { return nil }
        if Set(keys).count < keys.count {
          reader.note("expected each partition key once", key: key, at: value.position)
        }
        if let hour = keys.firstIndex(of: .hour), !keys[..<hour].contains(.dt) {
          reader.note("expected hour only after dt", key: key, at: value.position)
        }
        return keys
      },
      // Without keys all records are in one folder: that is said, too.
      write: { list.write($0) ?? "[]" })
  }
}

extension ValueKind where Value == OutputSpecification.Compression {
  static var compression: ValueKind {
    text("none, gzip, or gzip:1 (fast) to gzip:9 (small)", of: \.description) { text, _ in
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
}
