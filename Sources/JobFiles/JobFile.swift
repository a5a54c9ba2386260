public import Writing

/// What the texts of a job refer to: the world around the command.
public struct JobSurroundings: Sendable {
  public var environment: [String: String]
  /// The working folder as an absolute path.
  public var folder: String
  /// The time that `yesterday` and the like refer to, in seconds since 1970.
  public var now: Int64
  /// The formats that an output can have.
  public var formats: [any OutputFormat]

  public init(
    environment: [String: String], folder: String, now: Int64,
    formats: [any OutputFormat] = OutputFormats.all
  ) {
    self.environment = environment
    self.folder = folder
    self.now = now
    self.formats = formats
  }
}

/// A flag that takes the place of what the job file says.
public struct JobOverride: Sendable, Equatable {
  /// The flag as the user knows it, as in `--memory`.
  public var flag: String
  /// The key's full name; `outputs[].…` means every output that it can apply to.
  public var key: String
  /// One text, or several for a list.
  public var values: [String]

  public init(flag: String, key: String, values: [String]) {
    self.flag = flag
    self.key = key
    self.values = values
  }
}

extension Job {
  /// The job that a job file's text and the flags over it describe.
  ///
  /// - Parameters:
  ///   - yaml: The text; JSON is YAML too.
  ///   - file: The path of the file as the user wrote it; relative paths in it begin at its folder.
  ///   - overrides: Flags, relative to the working folder.
  ///   - surroundings: Environment, working folder and time.
  /// - Throws: Everything that is wrong, at once, except for YAML that cannot be read.
  public init(
    yaml: String, file: String, overrides: [JobOverride] = [], in surroundings: JobSurroundings
  ) throws(JobFileError) {
    self.init()
    let path = AbsolutePath.resolve(file, in: surroundings.folder)
    name = Job.defaultName(of: path)
    var reader = JobReader(source: file, folder: AbsolutePath.folder(of: path), in: surroundings)
    do {
      let value = try JobFileYAML.parse(yaml)
      reader.read(value, by: JobKeys.job, into: &self, named: "")
    } catch {
      reader.note(error.message, key: "", at: error.position)
    }
    if reader.hasUnreadableFile {
      throw JobFileError(problems: reader.problems)
    }
    try finish(&reader, overrides: overrides, in: surroundings)
  }

  /// The job that flags alone describe, named after its dataset.
  ///
  /// - Parameters:
  ///   - overrides: The flags.
  ///   - needsInputs: Whether a job without inputs is wrong.
  ///   - surroundings: Environment, working folder and time.
  /// - Throws: Everything that is wrong, at once.
  public init(
    overrides: [JobOverride], needsInputs: Bool = true, in surroundings: JobSurroundings
  ) throws(JobFileError) {
    self.init()
    var reader = JobReader(source: "command line", folder: surroundings.folder, in: surroundings)
    try finish(&reader, overrides: overrides, needsInputs: needsInputs, in: surroundings)
    if name.isEmpty {
      name = AbsolutePath.name(of: dataset)
    }
  }

  private mutating func finish(
    _ reader: inout JobReader, overrides: [JobOverride], needsInputs: Bool = true,
    in surroundings: JobSurroundings
  ) throws(JobFileError) {
    let file = reader.source
    reader.folder = surroundings.folder
    reader.environment = nil
    for override in overrides {
      reader.source = override.flag
      apply(override, with: &reader)
      if override.key.hasPrefix("select.") || override.key == "families" {
        selectingFlags.append(override.flag)
      }
    }
    reader.source = file
    JobRules.finish(&self, needsInputs: needsInputs, with: &reader)
    guard reader.problems.isEmpty else {
      throw JobFileError(problems: reader.problemsInOrder)
    }
  }

  /// The name of the file without its extension.
  private static func defaultName(of path: String) -> String {
    let name = AbsolutePath.name(of: path)
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
    return String(name[..<dot])
  }
}
