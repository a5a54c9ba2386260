import ArgumentParser
import JobFiles
import JobRunner

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
    text += try loadJobs(jobFiles).map(\.yaml).joined(separator: "---\n")
    throw show(text).exitCode
  }
}
