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
    let kind = ValueKind.list(of: ValueKind<OutputSpecification.Format>.oneOf())
    guard let formats = kind.read(value, "outputs[].format", &reader) else { return }
    outputs = OutputSpecification.Format.allCases.filter(formats.contains).flatMap { format in
      let kept = outputs.filter { $0.format == format }
      return kept.isEmpty ? [OutputSpecification(format)] : kept
    }
    reader.forget(prefix: "outputs[")
  }

  private mutating func applyToOutputs(
    _ value: JobValue, _ name: String, with reader: inout JobReader
  ) {
    let isForCSV = JobKeys.csvOnly.contains(name)
    var isUsed = false
    for index in outputs.indices where !isForCSV || outputs[index].format == .csv {
      isUsed = true
      let problemsBefore = reader.problems.count
      reader.read(
        value.named(name), by: JobKeys.output, into: &outputs[index], named: "outputs[\(index)]")
      if reader.problems.count > problemsBefore { return }
    }
    if !isUsed {
      reader.note("only for the format csv, which no output has", key: "outputs[].\(name)")
    }
  }
}

extension JobOverride {
  /// The key's name in a table, when the table's keys lie in `prefix`.
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
