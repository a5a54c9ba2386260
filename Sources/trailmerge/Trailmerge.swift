import ArgumentParser
import Bytes
import Dataset
import JobRunner

/// The command line's root: subcommands and version.
@main
struct Trailmerge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trailmerge",
    abstract: "Merges, deduplicates, sorts and re-partitions AWS CloudTrail logs.",
    discussion: ExitStatus.exitStatuses,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, ConsolidateCommand.self, CheckCommand.self, StatusCommand.self,
      VerifyCommand.self, ValidateCommand.self, DDLCommand.self, MergeCommand.self,
      SplitCommand.self, NewCommand.self, SampleCommand.self,
    ])

  static func main() {
    MachineMemory.returnLargeBlocks()
    Terminal.openClosedStreams()
    if let number = ProcessArguments.firstUnreadable {
      // Taken for text it would be another path.
      printError("argument \(number) is not UTF-8: use a path that is, such as a link")
      exit(withError: ExitStatus.usage.exitCode)
    }
    main(nil)
  }
}
