import ArgumentParser
import JobRunner

/// The command line's root: subcommands and version.
@main
struct Trailmerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trailmerge",
    abstract: "Merges, deduplicates, sorts and re-partitions AWS CloudTrail logs.",
    discussion: Ending.exitStatuses,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, ConsolidateCommand.self, CheckCommand.self, StatusCommand.self,
      VerifyCommand.self, ValidateCommand.self, DDLCommand.self, SampleCommand.self,
    ])
}
