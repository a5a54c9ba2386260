import Writing

/// Reads values into a job by tables of keys, and notes what is wrong instead of stopping at it.
struct JobReader {
  /// Where the values come from: the job file as the user wrote its path, or a flag.
  var source: String
  /// What relative paths are relative to, as an absolute path.
  var folder: String
  /// The time that `yesterday` and the like refer to, in seconds since 1970.
  let now: Int64
  /// The formats that an output can have.
  let formats: [any OutputFormat]
  /// `nil` where variables are not expanded: in flags, which the shell has expanded already.
  var environment: EnvironmentVariables?
  private(set) var problems: [JobProblem] = []
  /// Where each key was given, by its full name.
  private(set) var given: [String: SourcePosition?] = [:]

  init(source: String, folder: String, in surroundings: JobSurroundings) {
    self.source = source
    self.folder = folder
    now = surroundings.now
    formats = surroundings.formats
    environment = EnvironmentVariables(values: surroundings.environment)
  }

  /// A reader of what `ValueKind.write` wrote: relative times are not resolved.
  static func ofWrittenText(_ formats: [any OutputFormat]) -> JobReader {
    var reader = JobReader(
      source: "", folder: "/",
      in: JobSurroundings(environment: [:], folder: "/", now: 0, formats: formats))
    reader.environment = nil
    return reader
  }

  /// In the order of the lines; what has no line comes last.
  var problemsInOrder: [JobProblem] {
    problems.enumerated().sorted { left, right in
      let (leftLine, rightLine) = (left.element.line, right.element.line)
      return leftLine == rightLine ? left.offset < right.offset : leftLine < rightLine
    }
    .map(\.element)
  }

  /// Whether the file as a whole could not be read, so that nothing in it can be judged.
  var hasUnreadableFile: Bool { problems.contains { $0.key.isEmpty } }

  /// Whether something was wrong with a key or within it.
  func hasProblem(with key: String) -> Bool {
    problems.contains { $0.key.hasPrefix(key) }
  }

  /// Forgets where the keys were given that begin with a prefix: flags took their place.
  mutating func forget(prefix: String) {
    given = given.filter { !$0.key.hasPrefix(prefix) }
  }

  mutating func note(_ message: String, key: String, at position: SourcePosition?) {
    problems.append(JobProblem(source: source, position: position, key: key, message: message))
  }

  /// Notes what is wrong with a key's value once several keys are seen together.
  mutating func note(_ message: String, key: String) {
    note(message, key: key, at: given[key] ?? nil)
  }

  mutating func noteMismatch(_ value: JobValue, expected: String, key: String) {
    note("expected \(expected), not \(value.shown)", key: key, at: value.position)
  }

  /// Reads a mapping by the table of its keys.
  ///
  /// A key with nothing after it counts as left out.
  mutating func read<Target>(
    _ value: JobValue, by keys: [JobKey<Target>], into target: inout Target, named prefix: String
  ) {
    guard case .mapping(let entries) = value.content else {
      if case .null = value.content { return }
      noteMismatch(value, expected: "keys with values", key: prefix)
      return
    }
    for entry in entries {
      let name = JobReader.join(prefix, entry.key)
      guard let key = keys.first(where: { $0.name == entry.key }) else {
        note(JobKeys.advice(on: entry.key, among: keys.map(\.name)), key: name, at: entry.position)
        continue
      }
      if case .null = entry.value.content { continue }
      given.updateValue(entry.position, forKey: name)
      key.apply(entry.value, name, &target, &self)
    }
  }

  /// The text of a scalar with its variables expanded; `nil` when it is none, which is noted.
  mutating func text(_ value: JobValue, expected: String, key: String) -> String? {
    guard case .text(let text) = value.content else {
      noteMismatch(value, expected: expected, key: key)
      return nil
    }
    do {
      return try environment?.expand(text) ?? text
    } catch {
      note(error.description, key: key, at: value.position)
    }
    return nil
  }

  private static func join(_ prefix: String, _ name: String) -> String {
    prefix.isEmpty ? name : "\(prefix).\(name)"
  }
}

extension JobProblem {
  /// For sorting; what has no line comes last.
  fileprivate var line: Int { position?.line ?? Int.max }
}
