import Writing

extension JobKeys {
  /// The keys of an output, with those that only some of the formats know.
  static func output(_ formats: [any OutputFormat]) -> [JobKey<OutputSpecification>] {
    [
      JobKey(
        "format", \.format, .format(among: formats), decidesBytes: .yes, "The format of the files")
    ] + places + options(of: formats) + files
  }

  private static let places: [JobKey<OutputSpecification>] = [
    JobKey(
      "name", \.name, .folderName, decidesBytes: .yes,
      "The name of its folder; by default the format"),
    JobKey(
      "partitionBy", \.partitionBy, .partitionKeys, decidesBytes: .yes,
      "Folders from the outside in"),
    JobKey(
      "compression", \.compression, .compression, decidesBytes: .yes, "How files are compressed"),
  ].map(\.unlessRefused)

  private static let files: [JobKey<OutputSpecification>] = [
    JobKey(
      "maxRows", \.maxRows, .count(1...Int.max, "a number from 1"), decidesBytes: .yes,
      "Most records in a file"),
    JobKey(
      "maxBytes", \.maxBytes, .byteSize(such: "512MiB"), decidesBytes: .yes,
      "Size that starts a new file"),
    JobKey(
      "provenance", \.provenance, .flag, decidesBytes: .yes,
      "Say for each record which input it comes from"),
  ].map(\.unlessRefused)

  /// The keys of the formats' own options, each once.
  private static func options(of formats: [any OutputFormat]) -> [JobKey<OutputSpecification>] {
    var seen: Set<String> = []
    return formats.flatMap { $0.keys }.filter { seen.insert($0.name).inserted }
      .map { JobKey($0, of: formats) }
  }
}

extension JobKey where Target == OutputSpecification {
  /// The same key, except that an output whose format refuses it may not have it.
  fileprivate var unlessRefused: JobKey {
    JobKey(
      name, expected: expected, decidesBytes: decidesBytes, help,
      apply: { [name, apply] value, fullName, output, reader in
        if let refusal = output.refusal(of: name, among: reader.formats) {
          return reader.note(refusal, key: fullName)
        }
        apply(value, fullName, &output, &reader)
      },
      write: { [name, write] output in
        output.format.refusedKeys[name] == nil ? write(output) : nil
      })
  }

  /// The key of an option that some formats have.
  fileprivate init(_ key: FormatKey, of formats: [any OutputFormat]) {
    let owners = formats.filter { $0.key(named: key.name) != nil }.map { $0.name.uppercased() }
    let name = key.name
    self.init(
      name, expected: ValueKind.texts(key.kind).expected, decidesBytes: key.decidesBytes,
      "\(owners.joined(separator: ", ")): \(key.help)",
      apply: { value, fullName, output, reader in
        guard let own = output.format.key(named: name) else {
          if let refusal = output.refusal(of: name, among: reader.formats) {
            reader.note(refusal, key: fullName)
          }
          return
        }
        if let texts = ValueKind.texts(own.kind).read(value, fullName, &reader) {
          output.format.set(name, to: texts)
        }
      },
      write: { output in
        guard let own = output.format.key(named: name), let texts = output.format.texts(of: name)
        else { return nil }
        return ValueKind.texts(own.kind).write(texts).map { .text($0) }
      })
  }
}

extension OutputSpecification {
  /// Why the output may not have a key that other outputs have; nil if it may.
  func refusal(of key: String, among formats: [any OutputFormat]) -> String? {
    if let reason = format.refusedKeys[key] {
      return "not for the format \(format.name): \(reason)"
    }
    let owners = formats.filter { $0.key(named: key) != nil }.map(\.name)
    if owners.isEmpty || format.key(named: key) != nil { return nil }
    return "only for the format \(JobKeys.alternatives(owners))"
  }
}
