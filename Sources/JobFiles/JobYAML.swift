import CloudTrail
import Writing

/// Keys with their values as YAML, in order.
typealias YAMLPairs = [(key: String, value: String)]

extension Job {
  /// The job as a job file with absolute paths, defaults written out, and relative times kept.
  ///
  /// Read again, it gives the same job, except for the inputs' paths as once written: a file that is
  /// an input without a name is known by that. What the machine decides (`memory`) and what is not
  /// there has no line.
  public var yaml: String {
    var lines = ["name: \(YAMLText.scalar(name))", "inputs:"]
    for input in inputs {
      lines.append("  - path: \(YAMLText.scalar(input.path))")
      if let name = input.name { lines.append("    name: \(YAMLText.scalar(name))") }
    }
    lines.append("dataset: \(YAMLText.scalar(dataset))")
    let select = select.pairs
    if !select.isEmpty {
      lines.append("select:")
      lines += select.map { "  \($0.key): \($0.value)" }
    }
    lines.append("families: \(YAMLText.list(families.map(\.rawValue)))")
    lines.append("outputs:")
    for output in outputs {
      for (index, pair) in output.pairs.enumerated() {
        lines.append("  \(index == 0 ? "-" : " ") \(pair.key): \(pair.value)")
      }
    }
    lines += runPairs.map { "\($0.key): \($0.value)" }
    return EnvironmentVariables.escape(lines.joined(separator: "\n") + "\n")
  }

  /// What says how to run, and not what comes out.
  private var runPairs: YAMLPairs {
    var pairs: YAMLPairs = [
      ("incremental", String(incremental)), ("allowLoss", String(allowLoss)),
    ]
    pairs.append("memory", memory.map(ByteSize.text))
    pairs.append("threads", String(threads))
    pairs.append("tempDir", tempDirectory.map(YAMLText.scalar))
    pairs.append("maxInflated", ByteSize.text(maxInflated))
    pairs.append("salvage", String(salvage))
    pairs.append("strict", String(strict))
    pairs.append("validate", String(validate))
    pairs.append("publicKeys", publicKeys.isEmpty ? nil : YAMLText.list(publicKeys))
    pairs.append("signatures", signatures.map(YAMLText.scalar))
    pairs.append("lockWait", TimeSpan.text(lockWait))
    pairs.append("failIfNoNewFiles", String(failIfNoNewFiles))
    pairs.append("failIfStale", failIfStale.map(TimeSpan.text))
    pairs.append("metricsFile", metricsFile.map(YAMLText.scalar))
    return pairs
  }
}

extension Selection {
  /// The keys that select anything.
  var pairs: YAMLPairs {
    var pairs: YAMLPairs = []
    pairs.append("from", from.map { YAMLText.scalar($0.text) })
    pairs.append("to", to.map { YAMLText.scalar($0.text) })
    pairs.append("deliveredFrom", deliveredFrom.map { YAMLText.scalar($0.text) })
    pairs.append("deliveredTo", deliveredTo.map { YAMLText.scalar($0.text) })
    pairs.append("accounts", accounts.isEmpty ? nil : YAMLText.list(accounts))
    pairs.append("regions", regions.isEmpty ? nil : YAMLText.list(regions))
    pairs.append("orgIDs", orgIDs.isEmpty ? nil : YAMLText.list(orgIDs))
    pairs.append("include", Selection.list(include))
    pairs.append("exclude", Selection.list(exclude))
    return pairs
  }

  private static func list(_ rules: [SelectionRule]) -> String? {
    rules.isEmpty ? nil : "[" + rules.map { "{ \($0.text) }" }.joined(separator: ", ") + "]"
  }
}

extension OutputSpecification {
  /// The keys that the output's format knows.
  var pairs: YAMLPairs {
    var pairs: YAMLPairs = [
      ("format", format.name), ("name", YAMLText.scalar(name)),
      ("partitionBy", YAMLText.list(partitionBy.map(\.rawValue))),
      ("compression", compression.description),
    ]
    for key in format.keys { pairs.append(key.name, format.texts(of: key.name).map(key.kind.yaml)) }
    pairs.append("maxRows", maxRows.map(String.init))
    pairs.append("maxBytes", maxBytes.map(ByteSize.text))
    pairs.append("provenance", String(provenance))
    pairs.removeAll { format.refusedKeys[$0.key] != nil }
    return pairs
  }
}

extension FormatKey.Kind {
  /// Texts of this kind as the value of a key.
  fileprivate func yaml(_ texts: [String]) -> String {
    switch self {
    case .name: YAMLText.scalar(texts.joined())
    case .list: YAMLText.list(texts)
    }
  }
}

extension YAMLPairs {
  /// Adds a key unless it has no value.
  fileprivate mutating func append(_ key: String, _ value: String?) {
    if let value {
      append((key, value))
    }
  }
}
