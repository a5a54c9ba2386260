import CloudTrail
public import Writing

/// What of a job decides the bytes of its outputs, one line a key.
///
/// Two jobs with equal fingerprints write the same dataset from the same inputs. A dataset keeps the
/// fingerprint of the job that made it. Relative times stand in it as written, so a job that selects
/// from `7d` on is the same job every night.
public struct JobFingerprint: Sendable, Equatable {
  /// `outputs[1].partitionBy: [dt]`; a key that says nothing has no line.
  public var lines: [String]

  public init(lines: [String]) {
    self.lines = lines
  }

  /// The fingerprint of a job; the order of the globs in a list does not count.
  public init(_ job: Job) {
    var selection = job.select
    selection.accounts.sort()
    selection.regions.sort()
    selection.orgIDs.sort()
    let select = selection.pairs.map { ("select.\($0.key)", $0.value) }
    let families = [("families", YAMLText.list(job.families.map(\.rawValue)))]
    let outputs = job.outputs.enumerated().flatMap { index, output in
      output.pairs.map { ("outputs[\(index)].\($0.key)", $0.value) }
    }
    lines = (select + families + outputs).map { "\($0): \($1)" }
  }

  /// What is different in a newer fingerprint: `outputs[1].partitionBy: [dt] -> [month]`.
  public func changes(to newer: JobFingerprint) -> [String] {
    let old = values
    let new = newer.values
    let keys = old.map(\.key) + new.map(\.key).filter { key in !old.contains { $0.key == key } }
    return keys.compactMap { key in
      let before = old.first { $0.key == key }?.value ?? "nothing"
      let after = new.first { $0.key == key }?.value ?? "nothing"
      return before == after ? nil : "\(key): \(before) -> \(after)"
    }
  }

  private var values: [(key: Substring, value: Substring)] {
    lines.map { line in
      guard let colon = line.firstRange(of: ": ") else { return (line[...], "") }
      return (line[..<colon.lowerBound], line[colon.upperBound...])
    }
  }
}

extension Job {
  /// A job with the outputs that a fingerprint tells of, and nothing else of it.
  ///
  /// - Parameters:
  ///   - fingerprint: What a manifest says of the job that made a dataset.
  ///   - formats: The formats that its outputs may have.
  /// - Throws: `JobFileError` when the lines are not those of a fingerprint.
  public init(
    describedBy fingerprint: JobFingerprint, formats: [any OutputFormat] = OutputFormats.all
  ) throws(JobFileError) {
    var text = "inputs: [/inputs]\ndataset: /dataset\noutputs:\n"
    var current = ""
    for line in fingerprint.lines where line.hasPrefix("outputs[") {
      guard let dot = line.firstRange(of: "].") else { continue }
      let output = String(line[..<dot.lowerBound])
      text += output == current ? "    " : "  - "
      text += line[dot.upperBound...] + "\n"
      current = output
    }
    try self.init(
      yaml: EnvironmentVariables.escape(text), file: "manifest.json",
      in: JobSurroundings(environment: [:], folder: "/", now: 0, formats: formats))
  }
}
