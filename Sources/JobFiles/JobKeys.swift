import Writing

/// Every key that a job file knows: a new key is one line in one of these tables, and its flag.
enum JobKeys {
  static let job: [JobKey<Job>] = [
    JobKey("name", \.name, .label, decidesBytes: .no, "What reports and metrics call the job"),
    JobKey("inputs", \.inputs, .inputs, "Files, and folders at any level of a CloudTrail tree"),
    JobKey("dataset", \.dataset, .path, decidesBytes: .no, "The folder this job owns"),
    JobKey("select", \.select, keys: selection, "Which records to take; all by default"),
    JobKey(
      "families", \.families, .families, decidesBytes: .yes,
      "Which families of log files to read"),
    JobKey(
      "outputs", \.outputs, .outputs,
      "What to write; by default \(OutputFormats.defaults.map(\.name).joined(separator: " and "))"),
    JobKey(
      "incremental", \.incremental, .flag, decidesBytes: .no,
      "Fold new files in; false rebuilds each time"),
    JobKey(
      "allowLoss", \.allowLoss, .flag, decidesBytes: .no,
      "Let a rebuild drop what no input holds any more, and a raised select.from what is before"),
    JobKey(
      "memory", \.memory, .byteSize(atLeast: 16 << 20, such: "2GiB"), decidesBytes: .no,
      "The memory budget; a quarter of the machine by default"),
    JobKey(
      "threads", \.threads, .count(0...Job.threadLimit, "0 to \(Job.threadLimit)"),
      decidesBytes: .no, "Worker threads; 0: one per core"),
    JobKey(
      "tempDir", \.tempDirectory, .path, decidesBytes: .no,
      "Where to sort what exceeds the memory budget"),
    JobKey(
      "maxInflated", \.maxInflated, .byteSize(such: "1GiB"),
      decidesBytes: .yesGrowing { old, new in new >= old }, "Largest inflated input file"),
    JobKey(
      "salvage", \.salvage, .flag, decidesBytes: .yesGrowing { _, new in new },
      "Take the whole records before the damage of a file"),
    JobKey(
      "strict", \.strict, .flag, decidesBytes: .no, "Commit nothing if any input file failed"),
    JobKey(
      "validate", \.validate, .flag, decidesBytes: .yesGrowing { _, new in new },
      "Check the digest chains in the same pass"),
    JobKey(
      "publicKeys", \.publicKeys, .list(of: .path), decidesBytes: .no,
      "Output of aws cloudtrail list-public-keys"),
    JobKey(
      "signatures", \.signatures, .path, decidesBytes: .no,
      "Saved signatures of the newest digests"),
    JobKey(
      "lockWait", \.lockWait, .timeSpan, decidesBytes: .no,
      "How long to wait for another run to finish"),
    JobKey(
      "failIfNoNewFiles", \.failIfNoNewFiles, .flag, decidesBytes: .no,
      "Exit 5 when no input file is new"),
    JobKey(
      "failIfStale", \.failIfStale, .timeSpan, decidesBytes: .no,
      "Exit 5 when the newest event is older"),
    JobKey(
      "metricsFile", \.metricsFile, .path, decidesBytes: .no,
      "Where to write metrics as Prometheus text"),
  ]

  static let input: [JobKey<Job.Input>] = [
    JobKey(
      "path", \.location, Job.Input.locationKind, decidesBytes: .no,
      "A file, or a folder at any level of a CloudTrail tree"),
    JobKey(
      "name", \.name, .inputName, decidesBytes: .no,
      "What its files' paths begin with; by default its folder's name"),
    JobKey(
      "url", \.url, .bucketAddress, decidesBytes: .no,
      "The bucket, and the prefix, that it mirrors; for trailmerge new, never opened"),
  ]

  static let selection: [JobKey<Selection>] = [
    JobKey("from", \.from, .time, decidesBytes: .yes, "First event time (UTC)"),
    JobKey("to", \.to, .time, decidesBytes: .yes, "First event time no longer taken (UTC)"),
    JobKey(
      "deliveredFrom", \.deliveredFrom, .day, decidesBytes: .yes,
      "First delivery date: the one in the path"),
    JobKey(
      "deliveredTo", \.deliveredTo, .day, decidesBytes: .yes,
      "First delivery date no longer taken"),
    JobKey(
      "accounts", \.accounts, .unorderedList(of: .account), decidesBytes: .yes,
      "Accounts to take"),
    JobKey(
      "regions", \.regions, .unorderedList(of: .glob("eu-*")), decidesBytes: .yes,
      "Regions to take"),
    JobKey(
      "orgIDs", \.orgIDs, .unorderedList(of: .glob("o-ab12cd34ef")), decidesBytes: .yes,
      "Organizations to take"),
    JobKey(
      "include", \.include, .list(of: .rule), decidesBytes: .yes,
      "Rules; a record must match one of them"),
    JobKey(
      "exclude", \.exclude, .list(of: .rule), decidesBytes: .yes,
      "Rules; a record must match none of them"),
  ]
}

/// A key as the reference and the command line's help show it.
public struct JobKeyDescription: Sendable {
  /// With what it is in: `memory`, `select.from`, `outputs[].format`.
  public let name: String
  /// What its value looks like, as in `a size such as 512MiB`.
  public let expected: String
  public let help: String
  /// Whether another value makes another dataset; a key with keys of its own leaves it to them.
  public let decidesBytes: Bool

  /// Every key of a job file, in the order of the tables.
  public static let all: [JobKeyDescription] =
    describe(JobKeys.job, in: "") + describe(JobKeys.input, in: "inputs[].")
    + describe(JobKeys.selection, in: "select.")
    + describe(JobKeys.output(OutputFormats.all), in: "outputs[].")

  private static func describe<Target>(
    _ keys: [JobKey<Target>], in prefix: String
  ) -> [JobKeyDescription] {
    keys.map {
      JobKeyDescription(
        name: prefix + $0.name, expected: $0.expected, help: $0.help,
        decidesBytes: $0.decidesBytes)
    }
  }
}

extension JobKeys {
  /// What to say about a key that is not known where it is.
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
