/// Every key that a job file knows: a new key is one line in one of these tables, and its flag.
enum JobKeys {
  static let job: [JobKey<Job>] = [
    JobKey("name", \.name, .label, "what reports and metrics call the job"),
    JobKey("inputs", \.inputs, .inputs, "files, and folders at any level of a CloudTrail tree"),
    JobKey("dataset", \.dataset, .path, "the folder this job owns"),
    JobKey("select", \.select, keys: selection, "which records to take; all by default"),
    JobKey("families", \.families, .families, "which families of log files to read"),
    JobKey("outputs", \.outputs, .outputs, "what to write; by default ndjson and csv"),
    JobKey("incremental", \.incremental, .flag, "fold new files in; false rebuilds each time"),
    JobKey("memory", \.memory, .byteSize(atLeast: 16 << 20, such: "2GiB"), "memory budget"),
    JobKey("threads", \.threads, .count(0...1024, "0 to 1024"), "worker threads; 0: one per core"),
    JobKey("tempDir", \.tempDirectory, .path, "where to sort what exceeds the memory budget"),
    JobKey("maxInflated", \.maxInflated, .byteSize(such: "1GiB"), "largest inflated input file"),
    JobKey("salvage", \.salvage, .flag, "take the whole records before the damage of a file"),
    JobKey("strict", \.strict, .flag, "commit nothing if any input file failed"),
    JobKey("validate", \.validate, .flag, "check the digest chains in the same pass"),
    JobKey("publicKeys", \.publicKeys, .path, "output of aws cloudtrail list-public-keys"),
    JobKey("lockWait", \.lockWait, .timeSpan, "how long to wait for another run to finish"),
    JobKey("failIfNoNewFiles", \.failIfNoNewFiles, .flag, "exit 5 when no input file is new"),
    JobKey("failIfStale", \.failIfStale, .timeSpan, "exit 5 when the newest event is older"),
    JobKey("metricsFile", \.metricsFile, .path, "where to write metrics as Prometheus text"),
  ]

  static let input: [JobKey<Job.Input>] = [
    JobKey("path", \.self, .input, "a file, or a folder at any level of a CloudTrail tree")
  ]

  static let selection: [JobKey<Selection>] = [
    JobKey("from", \.from, .time, "first event time (UTC)"),
    JobKey("to", \.to, .time, "first event time no longer taken (UTC)"),
    JobKey("deliveredFrom", \.deliveredFrom, .day, "first delivery date: the one in the path"),
    JobKey("deliveredTo", \.deliveredTo, .day, "first delivery date no longer taken"),
    JobKey("accounts", \.accounts, .list(of: .account), "accounts to take"),
    JobKey("regions", \.regions, .list(of: .glob("eu-*")), "regions to take"),
    JobKey("orgIDs", \.orgIDs, .list(of: .glob("o-ab12cd34ef")), "organizations to take"),
    JobKey("include", \.include, .list(of: .rule), "rules of which a record must match one"),
    JobKey("exclude", \.exclude, .list(of: .rule), "rules of which a record must match none"),
  ]

  static let output: [JobKey<OutputSpecification>] = [
    JobKey("format", \.format, .oneOf(), "the format of the files"),
    JobKey("name", \.name, .folderName, "the name of its folder; by default the format"),
    JobKey("partitionBy", \.partitionBy, .partitionKeys, "folders from the outside in"),
    JobKey("compression", \.compression, .compression, "how files are compressed"),
    JobKey("profile", \.profile, .oneOf(), "csv: how cells are written"),
    JobKey("formulas", \.formulas, .oneOf(), "csv: what happens to cells that look like formulas"),
    JobKey("columns", \.columns, .list(of: .column), "csv: the columns in order"),
    JobKey("maxRows", \.maxRows, .count(1...Int.max, "a number from 1"), "most records in a file"),
    JobKey("maxBytes", \.maxBytes, .byteSize(such: "512MiB"), "size that starts a new file"),
    JobKey("provenance", \.provenance, .flag, "say for each record which input it comes from"),
  ]

  /// The keys of an output that mean something for CSV only.
  static let csvOnly = ["profile", "formulas", "columns"]
}

/// A key as the reference and the command line's help show it.
public struct JobKeyDescription: Sendable {
  /// With what it lies in: `memory`, `select.from`, `outputs[].format`.
  public let name: String
  /// What its value looks like, as in `a size such as 512MiB`.
  public let expected: String
  public let help: String

  /// Every key of a job file, in the order of the tables.
  public static let all: [JobKeyDescription] =
    describe(JobKeys.job, in: "") + describe(JobKeys.input, in: "inputs[].")
    + describe(JobKeys.selection, in: "select.") + describe(JobKeys.output, in: "outputs[].")

  private static func describe<Target>(
    _ keys: [JobKey<Target>], in prefix: String
  ) -> [JobKeyDescription] {
    keys.map { JobKeyDescription(name: prefix + $0.name, expected: $0.expected, help: $0.help) }
  }
}

extension JobKeys {
  /// What to say about a key that is not known where it stands.
  static func advice(on name: String, among known: [String]) -> String {
    if let home = JobKeyDescription.all.first(where: { $0.name.hasSuffix(".\(name)") }) {
      return "unknown key here; it is known as \(home.name)"
    }
    guard let nearest = NearestName.of(name, among: known) else { return "unknown key" }
    return "unknown key; the nearest known one is \(nearest)"
  }

  /// `a, b or c`.
  static func alternatives(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.joined() }
    return names.dropLast().joined(separator: ", ") + " or " + last
  }
}
