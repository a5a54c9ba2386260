import ArgumentParser
import Bytes
import Dataset
import JobFiles
import JobRunner

/// `trailmerge merge`: datasets to one.
struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Makes or extends a dataset from other datasets.",
    discussion: """
      The result has the very bytes of one run over all files that the datasets were made from. The \
      datasets are only read. With a job file the result is the job's dataset, and the job says \
      which outputs it has; without one they are those of the datasets, which must be equal. A \
      dataset that is there already is one more of them.

      With --prepare, of each dataset only _trailmerge need be here: the merge writes a journal, in which \
      output files that it takes over are staged by their SHA-256, and changes nothing else. Once \
      they are there, any run ends the commit. A file that has to be opened and is not here is named \
      as `needed` in the JSON report, with status 1.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(
    help: ArgumentHelp(
      "A job file, if there is one, and the folders of the datasets.", valueName: "dataset"),
    completion: .file())
  var datasets: [String]

  @OptionGroup(title: "Result")
  var flags: MachineFlags

  @Flag(
    name: .customLong("prepare"),
    help: "Write down the commit only; the datasets' output files need not be here.")
  var onlyPrepares = false

  @OptionGroup(title: "Display")
  var options: RunOptions

  /// The job file: datasets are folders.
  private var jobFile: String? {
    guard let first = datasets.first, let status = try? FileSystem.status(Path(first)),
      status.kind == .file
    else { return nil }
    return first
  }

  func validate() throws {
    let jobFile = jobFile
    if jobFile == nil && flags.output == nil {
      throw ValidationError("Missing expected argument '--output <dir>', or a job file")
    }
    if datasets.count == 1 && jobFile != nil {
      throw ValidationError("Missing expected argument '<dataset> ...'")
    }
  }

  /// What a dry run found, for a person.
  private static func text(_ report: RunReport, _ count: Int) -> String {
    let files = report.counts.files
    var lines = [
      "would merge \(counted(count, "dataset")) with \(counted(files.read, "file")) and "
        + "\(counted(report.counts.records.input, "record")) into \(printable(report.dataset))"
    ]
    if files.alreadyRead > 0 {
      lines.append("  there already: \(counted(files.alreadyRead, "file"))")
    }
    lines += report.failures.map { "  failed: \(printable($0.source)): \(printable($0.reason))" }
    return (lines + report.notes).joined(separator: "\n")
  }

  func run() throws {
    let jobFile = jobFile
    let folders = datasets.dropFirst(jobFile == nil ? 0 : 1).map { Path($0) }
    let job =
      try jobFile.map {
        try loadJobs([$0], overrides: flags.overrides, reporting: options.reportFormat)[0]
      }
      ?? loadJob(
        overrides: flags.overrides, needsInputs: false, reporting: options.reportFormat)
    throw execute(job, options) { meter in
      var settings = RunSettings()
      settings.onlyPrepares = onlyPrepares
      return try merge(
        Array(folders), by: job, decidesOutputs: jobFile != nil, settings, meter: meter)
    } planning: { log in
      let report = try planMerge(
        Array(folders), by: job, decidesOutputs: jobFile != nil, meter: ProgressMeter(log: log))
      return (report.ending, MergeCommand.text(report, folders.count), report.json())
    }.exitCode
  }
}

/// Where a command writes that reads datasets, and with how much of the machine.
struct MachineFlags: ParsableArguments {
  @Option(name: .shortAndLong, help: .key("dataset", value: "dir")) var output: String?
  @Option(help: .key("memory", value: "size")) var memory: String?
  @Option(help: .key("threads", value: "number")) var threads: String?
  @Option(help: .key("tempDir", value: "dir")) var tempDir: String?
  @Option(help: .key("lockWait", value: "span")) var lockWait: String?
  @Option(help: .key("metricsFile", value: "file")) var metricsFile: String?

  var overrides: [JobOverride] {
    [
      JobOverride("--output", "dataset", output),
      JobOverride("--memory", "memory", memory),
      JobOverride("--threads", "threads", threads),
      JobOverride("--temp-dir", "tempDir", tempDir),
      JobOverride("--lock-wait", "lockWait", lockWait),
      JobOverride("--metrics-file", "metricsFile", metricsFile),
    ].compactMap { $0 }
  }
}
