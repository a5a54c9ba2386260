import ArgumentParser
import JobFiles

/// How a command shows what it does; nothing of it changes what is written to the dataset.
struct RunOptions: ParsableArguments {
  enum Progress: String, CaseIterable, ExpressibleByArgument {
    case auto
    case always
    case never
  }

  enum LogFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  @Flag(name: .customLong("dry-run"), help: "Say what would be read and written; write nothing.")
  var isDryRun = false

  @Option(help: "When to draw progress; auto: on a terminal.")
  var progress = Progress.auto

  @Flag(name: .shortAndLong, help: "Show errors only.")
  var quiet = false

  @Flag(
    name: .shortAndLong,
    help: "Say also why files are not read, or read again, and what each stage takes.")
  var verbose = false

  @Option(name: .customLong("log-format"), help: "How messages on standard error are written.")
  var logFormat = LogFormat.text

  @Option(name: .customLong("report"), help: "How the report on standard output is written.")
  var reportFormat = ReportFormat.text

  /// A bar between the lines of `--verbose` would make both unreadable.
  var shownProgress: Progress {
    quiet || verbose && progress == .auto ? .never : progress
  }

  func validate() throws {
    if quiet && verbose {
      throw ValidationError("--quiet and --verbose exclude each other.")
    }
  }
}

/// Refuses a number of threads that a job file could not have either.
func checkThreads(_ count: Int) throws {
  if !(0...Job.threadLimit).contains(count) {
    throw ValidationError("--threads is 0 to \(Job.threadLimit).")
  }
}
