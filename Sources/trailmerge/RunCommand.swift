import ArgumentParser
import Dataset
import JobFiles
import JobRunner

/// `trailmerge run`: job files, one after the other.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs job files, one after the other.",
    discussion: """
      All job files are checked before the first one runs. Flags take the place of what a job file \
      says; the key is shown in brackets.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(help: ArgumentHelp("The job files.", valueName: "job.yaml"), completion: .file())
  var jobFiles: [String]

  @Option(help: .key("inputs", value: "path"))
  var input: [String] = []

  @OptionGroup(title: "Selection")
  var selection: SelectionFlags

  @OptionGroup(title: "Job")
  var flags: JobFlags

  @OptionGroup(title: "Display")
  var options: RunOptions

  func validate() throws {
    let own = [flags.output, flags.name, flags.metricsFile].compactMap { $0 }
    if jobFiles.count > 1, !own.isEmpty {
      throw ValidationError(
        "--output, --name and --metrics-file are for one job file, not several.")
    }
    if jobFiles.count > 1, flags.filesFrom == "-" {
      throw ValidationError("--files-from - is for one job file: standard input can be read once.")
    }
  }

  func run() throws {
    let inputs = JobOverride("--input", "inputs", each: input).map { [$0] } ?? []
    let jobs = try loadJobs(
      jobFiles, overrides: inputs + flags.overrides + selection.overrides,
      reporting: options.reportFormat)
    var gravest = ExitStatus.complete
    for var job in jobs where !gravest.isStop {
      flags.describe(&job)
      gravest = gravest.graver(than: execute(job, options))
    }
    throw gravest.exitCode
  }
}
