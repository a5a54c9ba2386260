import ArgumentParser
import Bytes
import CloudTrail
import Dataset
import JobFiles
import JobRunner
import Reading

/// `trailmerge new`: what is to be fetched from a bucket.
struct NewCommand: ParsableCommand {
  enum Choice: String, CaseIterable, ExpressibleByArgument {
    case new
    case known
    case all

    var ofKeys: NewKeys.Choice {
      switch self {
      case .new: .new
      case .known: .known
      case .all: .all
      }
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Prints the listed object keys that the job would read and its dataset lacks.",
    discussion: """
      Lists are told apart by what is in them: keys, one a line; what 'rclone lsf --format ps', 'aws s3 ls \
      --recursive' and 'aws s3api list-objects-v2' print; the files of an S3 Inventory; the messages \
      of CloudTrail, SNS, SQS, EventBridge and S3 about new objects. They may be gzip.

      Keys are printed once each, in byte order, as 'rclone copy --files-from-raw -' takes them. Nothing is \
      fetched, and the dataset is only read. What cannot be understood is named on standard error, and the \
      exit status is then 1; what is printed is right all the same.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(help: ArgumentHelp("The job file.", valueName: "job.yaml"), completion: .file())
  var jobFile: String

  @Argument(
    help: ArgumentHelp("Lists; - is standard input, as is none.", valueName: "list"),
    completion: .file())
  var lists: [String] = []

  @Option(
    help: ArgumentHelp(
      "Which keys: new ones, those that the dataset has, or all that the job would read."))
  var print = Choice.new

  @Option(
    help: ArgumentHelp(
      "The input that the keys are of, by its name, for a job with several.", valueName: "name"))
  var inputName: String?

  @Option(
    help: ArgumentHelp(
      "Where the keys of lists begin that name no bucket; for an input with a url.",
      valueName: "s3://bucket/prefix"),
    transform: NewCommand.address)
  var base: BucketAddress?

  @Flag(help: "Print the job's inputs instead, one a line: name, url and path, with tabs between.")
  var inputs = false

  @Flag(help: "Exit 5 when there is nothing to fetch.")
  var failIfNone = false

  @Flag(name: .shortAndLong, help: "Show errors only.")
  var quiet = false

  @OptionGroup(title: "Selection")
  var selection: SelectionFlags

  @OptionGroup(title: "Job")
  var flags: KeyFlags

  private static func address(_ text: String) throws -> BucketAddress {
    guard let address = BucketAddress(text) else {
      throw ValidationError("expected an address such as s3://my-trail/prefix, found \(text)")
    }
    return address
  }

  func run() throws {
    var job = try loadJobs([jobFile], overrides: flags.overrides + selection.overrides)[0]
    job.shard = flags.shard
    do {
      throw try (inputs ? showInputs(job) : show(job)).exitCode
    } catch let code as ExitCode {
      throw code
    } catch {
      printError("\(job.name): \(error)")
      throw ExitStatus(error).exitCode
    }
  }

  private func showInputs(_ job: Job) throws -> ExitStatus {
    let lines = job.inputs.map { input in
      let name = Path(bytes: input.source(isFolder: true).path.bytes)
      return "\(name)\t\(input.url ?? "")\t\(input.path)\n"
    }
    return trailmerge.show(lines.joined())
  }

  private func show(_ job: Job) throws -> ExitStatus {
    var options = NewKeys.Options()
    (options.choice, options.input, options.base) = (print.ofKeys, inputName, base)
    let scratch = TemporaryFiles(in: job.tempDirectory)
    defer { scratch.remove() }
    var keys = try NewKeys(of: job, options, scratch: scratch)
    for list in lists.isEmpty ? ["-"] : lists {
      let isInput = list == "-"
      try keys.read(
        isInput ? "/dev/stdin" : Path(list), called: isInput ? "standard input" : list)
    }
    try keys.finish { try Terminal.writeOutput($0) }
    return report(keys)
  }

  /// Says what the lists had.
  private func report(_ keys: NewKeys) -> ExitStatus {
    let counts = keys.counts
    for problem in keys.problems { printError(problem) }
    if counts.problems > keys.problems.count {
      printError("and \(counts.problems - keys.problems.count) more that were not understood")
    }
    if !quiet {
      let parts = [
        print == .all ? nil : "\(grouped(counts.new)) to fetch",
        print == .all ? nil : "\(grouped(counts.known)) known",
        print == .all ? "\(grouped(counts.new)) selected" : nil,
        part(counts.notSelected, "not selected"),
        part(counts.elsewhere, "of no input, such as \(keys.firstElsewhere ?? "")"),
        part(counts.problems, "refused"),
      ]
      let text = parts.compactMap { $0 }.joined(separator: ", ")
      printError("\(counted(counts.listed, "key")): \(text)")
    }
    if counts.problems > 0 { return .failed }
    return failIfNone && counts.new == 0 ? .stale : .complete
  }

  private func part(_ count: Int, _ what: String) -> String? {
    count > 0 ? "\(grouped(count)) \(what)" : nil
  }
}

/// What of a job decides which keys are new.
struct KeyFlags: ParsableArguments {
  @Option(name: .shortAndLong, help: .key("dataset", value: "dir")) var output: String?
  @Option(
    help: ArgumentHelp(
      "Of the inputs' files only part K of N, by account, region and month.", valueName: "k/n"),
    transform: Shard.argument)
  var shard: Shard?
  @Option(help: .key("memory", value: "size")) var memory: String?
  @Option(help: .key("tempDir", value: "dir")) var tempDir: String?

  var overrides: [JobOverride] {
    [
      JobOverride("--output", "dataset", output),
      JobOverride("--memory", "memory", memory),
      JobOverride("--temp-dir", "tempDir", tempDir),
    ].compactMap { $0 }
  }
}

extension Shard {
  /// Reads the value of a flag.
  static func argument(_ text: String) throws -> Shard {
    guard let shard = Shard(text) else {
      throw ValidationError("expected K/N, such as 1/16 to 16/16, found \(text)")
    }
    return shard
  }
}
