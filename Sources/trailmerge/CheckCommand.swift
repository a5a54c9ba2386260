import ArgumentParser
import Dataset
import JobFiles
import JobRunner
import Writing

/// `trailmerge check`: validates job files, touches nothing.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Validates job files and prints the resolved jobs; touches nothing.",
    discussion: "What is printed is a job file itself, with defaults and absolute paths.")

  @Argument(help: ArgumentHelp("The job files.", valueName: "job.yaml"), completion: .file())
  var jobFiles: [String] = []

  @Flag(help: "Print every key of a job file, what it expects and what it is for.")
  var keys = false

  func validate() throws {
    if jobFiles.isEmpty, !keys {
      throw ValidationError("Missing expected argument '<job.yaml> ...'")
    }
  }

  func run() throws {
    var text = ""
    if keys {
      for key in JobKeyDescription.all {
        text += "\(key.name): \(key.help)\n    \(key.expected)\n"
      }
    }
    text += try loadJobs(jobFiles).map { try CheckCommand.store($0) + $0.yaml }
      .joined(separator: "---\n")
    throw show(text).exitCode
  }

  /// What the store of a job costs that is none of its outputs, as comments of YAML.
  private static func store(_ job: Job) throws -> String {
    guard try OutputPlan(job.outputs).storeCompression != .none else { return "" }
    return """
      # No output has every record as it came, by account, region and dt (or finer): so the records are kept
      # in \(DatasetLayout.storeOutput) as well, as gzip:1, about as many bytes as the input files have.

      """
  }
}
