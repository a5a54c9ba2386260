/// Everything that is wrong with a job file or with the flags that change it.
public struct JobFileError: Error, Equatable, CustomStringConvertible {
  /// In the order of their lines; never empty.
  public let problems: [JobProblem]

  /// One line per problem.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// One thing that is wrong: where, with which key, and what was expected.
public struct JobProblem: Sendable, Equatable, CustomStringConvertible {
  /// The job file as the user wrote its path, or a flag.
  public let source: String
  /// Where in the file; `nil` for flags and for what is missing.
  public let position: SourcePosition?
  /// The key with all that it is in, as in `outputs[1].format`; empty when it is no key's fault.
  public let key: String
  public let message: String

  /// `nightly.yaml:7:3: outputs[1].format: expected ndjson, csv or xlsx, not parquet`.
  public var description: String {
    var parts = [source]
    if let position {
      parts[0] += ":\(position.line):\(position.column)"
    }
    if !key.isEmpty {
      parts.append(key)
    }
    return (parts + [message]).joined(separator: ": ")
  }
}

/// A place in a text; lines and columns count from 1, columns in Unicode scalars.
public struct SourcePosition: Sendable, Equatable {
  public let line: Int
  public let column: Int
}
