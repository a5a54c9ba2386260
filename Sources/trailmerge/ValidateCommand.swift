import ArgumentParser
import Bytes
import Dataset
import JobRunner
import Logging
import Validation

/// `trailmerge validate`: checks digest chains and the logs they list.
struct ValidateCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case text
    case json
  }

  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Checks CloudTrail's digest chains and the logs they list, offline.",
    discussion: """
      Without keys, hashes and links are checked only. The newest digest of a chain is signed by \
      the next one; until that is there, --signatures can give its signature. Only files below the \
      inputs are read, whatever the digests name.

      \(ExitStatus.exitStatuses)
      """)

  @Argument(
    help: ArgumentHelp("Mirrors of CloudTrail buckets, at any level.", valueName: "input"),
    completion: .file())
  var inputs: [String]

  @Option(
    help: ArgumentHelp(
      "What 'aws cloudtrail list-public-keys' printed; once for each region.", valueName: "file"),
    completion: .file())
  var publicKeys: [String] = []

  @Option(
    help: ArgumentHelp(
      "Saved signatures: {\"<key of the digest>\": \"<hexadecimal>\"}.", valueName: "file"),
    completion: .file())
  var signatures: String?

  @Option(help: "How the report on standard output is written.")
  var format = Format.text

  @Flag(name: .shortAndLong, help: "List what is in order too.")
  var verbose = false

  @Option(help: "Threads; 0: one per core.")
  var threads = 0

  @Option(help: "When to draw progress; auto: on a terminal.")
  var progress = RunOptions.Progress.auto

  func validate() throws {
    try checkThreads(threads)
    if signatures != nil, publicKeys.isEmpty {
      throw ValidationError("--signatures needs --public-keys to check them with.")
    }
  }

  func run() throws {
    StopSignal.install()
    let options = try loadOptions()
    let meter = ProgressMeter()
    meter.enter(.validating)
    let display = ProgressDisplay(meter, progress, Logger())
    let report: ValidationReport
    do {
      report = try Validation.validate(
        inputs.map { Path($0) }, options: options,
        mapping: Workers(count: threads), progress: { meter.note($0) })
      display?.end()
    } catch {
      display?.end()
      if let signal = StopSignal.number {
        printError("stopped before the end: nothing can be said")
        throw ExitStatus(RunError.stopped(signal: signal)).exitCode
      }
      printError(String(describing: error))
      throw ExitStatus.failed.exitCode
    }
    throw status(of: report).graver(than: show(report)).exitCode
  }

  /// - Throws: The exit code of wrong usage, once the error is on standard error.
  private func loadOptions() throws -> ValidationOptions {
    do {
      return try ValidationOptions(
        publicKeys: publicKeys.map { Path($0) }, signatures: signatures.map { Path($0) })
    } catch {
      printError(String(describing: error))
      throw ExitStatus(ofNamedFile: error).exitCode
    }
  }

  private func show(_ report: ValidationReport) -> ExitStatus {
    var text = ""
    switch format {
    case .text: report.writeText(isVerbose: verbose) { text += "\($0)\n" }
    case .json: text = report.json(isVerbose: verbose).span.text() + "\n"
    }
    return trailmerge.show(text)
  }

  private func status(of report: ValidationReport) -> ExitStatus {
    if report.isInvalid { return .integrity }
    if report.hasDigests { return .complete }
    printError("no digest files below the inputs: nothing could be checked")
    return .failed
  }
}
