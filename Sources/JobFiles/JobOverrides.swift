import Bytes
import Writing

extension Job {
  /// Puts a flag's values in the place of what the job has.
  mutating func apply(_ override: JobOverride, with reader: inout JobReader) {
    guard let value = override.value(with: &reader) else { return }
    if override.key == "outputs[].format" {
      applyFormats(value, with: &reader)
    } else if let name = override.name(in: "outputs[].") {
      applyToOutputs(value, name, with: &reader)
    } else if let name = override.name(in: "select.") {
      reader.read(value.named(name), by: JobKeys.selection, into: &select, named: "select")
    } else {
      reader.read(value.named(override.key), by: JobKeys.job, into: &self, named: "")
    }
  }

  /// Keeps the outputs of the formats given, and adds a default one for a format that has none.
  private mutating func applyFormats(_ value: JobValue, with reader: inout JobReader) {
    let kind = ValueKind.list(of: .format(among: reader.formats))
    guard let chosen = kind.read(value, "outputs[].format", &reader) else { return }
    let names = chosen.map(\.name)
    outputs = reader.formats.filter { names.contains($0.name) }.flatMap { format in
      let kept = outputs.filter { $0.format.name == format.name }
      return kept.isEmpty ? [OutputSpecification(format)] : kept
    }
    reader.forget(prefix: "outputs[")
  }

  private mutating func applyToOutputs(
    _ value: JobValue, _ name: String, with reader: inout JobReader
  ) {
    let refusals = outputs.map { $0.refusal(of: name, among: reader.formats) }
    if let refusal = refusals.first ?? nil, !refusals.contains(nil) {
      return reader.note("no output can have it: \(refusal)", key: "outputs[].\(name)")
    }
    let keys = JobKeys.output(reader.formats)
    for index in outputs.indices where refusals[index] == nil {
      let problemsBefore = reader.problems.count
      reader.read(value.named(name), by: keys, into: &outputs[index], named: "outputs[\(index)]")
      if reader.problems.count > problemsBefore { return }
    }
  }
}

extension JobOverride {
  /// The key's name in a table, when the table's keys are in `prefix`.
  fileprivate func name(in prefix: String) -> String? {
    key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : nil
  }

  /// The values as a job file would say them; rules are YAML, their braces optional.
  fileprivate func value(with reader: inout JobReader) -> JobValue? {
    if key == "inputs" {
      return JobValue(.list(values.map { JobOverride.input($0, in: reader.folder) }), at: nil)
    }
    guard ["select.include", "select.exclude"].contains(key) else { return JobValue(flag: values) }
    do {
      return JobValue(
        .list(
          try values.map { text throws(JobFileYAML.Failure) in
            try JobFileYAML.parse(text.hasPrefix("{") ? text : "{\(text)}")
          }), at: nil)
    } catch {
      reader.note(error.message, key: key, at: nil)
      return nil
    }
  }
}

extension JobOverride {
  /// An input as `PATH` or `NAME=PATH`; a path that is there is one, whatever it looks like.
  private static func input(_ text: String, in folder: String) -> JobValue {
    guard let sign = text.firstIndex(of: "="), Job.Input.isName(String(text[..<sign])),
      !FileSystem.exists(Path(AbsolutePath.resolve(text, in: folder)))
    else { return JobValue(flag: [text]) }
    let parts = [("name", text[..<sign]), ("path", text[text.index(after: sign)...])]
    return JobValue(
      .mapping(
        parts.map { key, value in
          JobValue.Entry(key: key, position: nil, value: JobValue(flag: [String(value)]))
        }), at: nil)
  }
}

extension JobValue {
  /// A mapping with this value under one key.
  fileprivate func named(_ key: String) -> JobValue {
    JobValue(.mapping([Entry(key: key, position: position, value: self)]), at: position)
  }
}
