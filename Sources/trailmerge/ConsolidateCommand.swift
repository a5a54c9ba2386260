import ArgumentParser
import Dataset
import JobFiles
import JobRunner
import Writing

/// `trailmerge consolidate`: a job without a job file.
struct ConsolidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "consolidate",
    abstract: "Runs one job that its flags describe.",
    discussion: """
      Writes \(OutputFormats.defaults.map(\.name).joined(separator: " and ")) by account, region and \
      day unless flags say otherwise. The key of a job file that a flag sets is shown in \
      brackets. An input's files are known by its name and their path below it; the name is that of \
      its folder, or the one in NAME=PATH.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(help: .key("inputs", value: "input"), completion: .file())
  var inputs: [String]

  @OptionGroup(title: "Selection")
  var selection: SelectionFlags

  @OptionGroup(title: "Job")
  var flags: JobFlags

  @OptionGroup(title: "Display")
  var options: RunOptions

  func validate() throws {
    if flags.output == nil {
      throw ValidationError("Missing expected argument '--output <dir>'")
    }
  }

  func run() throws {
    let inputs = JobOverride("INPUT", "inputs", each: inputs).map { [$0] } ?? []
    var job = try loadJob(
      overrides: inputs + flags.overrides + selection.overrides, reporting: options.reportFormat)
    flags.describe(&job)
    throw execute(job, options).exitCode
  }
}
