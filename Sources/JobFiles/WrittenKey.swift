/// A key with the value that a job has for it, on its way into a job file or a fingerprint.
struct WrittenKey: Sendable {
  enum Value: Sendable {
    /// YAML on one line.
    case text(String)
    case keys([WrittenKey])
    case items([[WrittenKey]])
  }

  let name: String
  let decidesBytes: Bool
  let value: Value

  /// The keys for which a target has a value, in the order of their table.
  static func all<Target>(of target: Target, by keys: [JobKey<Target>]) -> [WrittenKey] {
    keys.compactMap { key in
      key.write(target).map {
        WrittenKey(name: key.name, decidesBytes: key.decidesBytes, value: $0)
      }
    }
  }

  /// The key as lines of YAML.
  var yaml: [String] {
    switch value {
    case .text(let text): ["\(name): \(text)"]
    case .keys(let keys): ["\(name):"] + keys.flatMap(\.yaml).map { "  " + $0 }
    case .items(let items):
      ["\(name):"]
        + items.flatMap { keys in
          keys.flatMap(\.yaml).enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
        }
    }
  }

  /// What of the key decides bytes, a line a value: `outputs[1].partitionBy: [dt]`.
  ///
  /// `prefix`: What the key is in: `outputs[1].`.
  func decidingLines(in prefix: String = "") -> [String] {
    guard decidesBytes else { return [] }
    let fullName = prefix + name
    switch value {
    case .text(let text): return ["\(fullName): \(text)"]
    case .keys(let keys): return keys.flatMap { $0.decidingLines(in: fullName + ".") }
    case .items(let items):
      return items.enumerated().flatMap { index, keys in
        keys.flatMap { $0.decidingLines(in: "\(fullName)[\(index)].") }
      }
    }
  }
}

extension Job {
  /// The job as a job file with absolute paths, defaults written out, and relative times kept.
  ///
  /// Read again, it gives the same job, except for the inputs' paths as once written: a file that is
  /// an input without a name is known by that. What the machine decides (`memory`) and what is not
  /// there has no line.
  public var yaml: String {
    let lines = WrittenKey.all(of: self, by: JobKeys.job).flatMap(\.yaml)
    return EnvironmentVariables.escape(lines.joined(separator: "\n") + "\n")
  }
}
