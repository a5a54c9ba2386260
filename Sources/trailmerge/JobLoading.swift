import ArgumentParser
import Bytes
import Dataset
import Foundation
import JobFiles
import JobRunner

extension JobSurroundings {
  /// Those of this process.
  static var current: JobSurroundings {
    JobSurroundings(
      environment: ProcessInfo.processInfo.environment,
      folder: FileManager.default.currentDirectoryPath,
      now: Int64(Date().timeIntervalSince1970))
  }
}

/// Reads all job files before anything runs; says everything that is wrong with any of them.
///
/// - Parameters:
///   - files: The job files.
///   - overrides: What flags change in each.
///   - format: How the reports of runs are written: as JSON, a file that is wrong has one too.
/// - Returns: The jobs, in the order of the files.
/// - Throws: The exit code of the gravest error, once all are on standard error.
func loadJobs(
  _ files: [String], overrides: [JobOverride] = [],
  reporting format: RunOptions.ReportFormat = .text
) throws -> [Job] {
  let surroundings = JobSurroundings.current
  var status = ExitStatus.complete
  let jobs = files.compactMap { file in
    reportingErrors(of: file, format, &status) {
      try loadJob(file, overrides: overrides, in: surroundings)
    }
  }
  guard status == .complete else { throw status.exitCode }
  return jobs
}

/// The job that flags alone describe.
///
/// - Parameters:
///   - overrides: What the flags say.
///   - needsInputs: Whether it reads files.
///   - format: As for `loadJobs`.
/// - Returns: The job.
/// - Throws: The exit code of wrong usage, once the errors are on standard error.
func loadJob(
  overrides: [JobOverride], needsInputs: Bool = true,
  reporting format: RunOptions.ReportFormat = .text
) throws -> Job {
  var status = ExitStatus.complete
  let job = reportingErrors(of: "", format, &status) {
    try Job(overrides: overrides, needsInputs: needsInputs, in: .current)
  }
  guard let job else { throw status.exitCode }
  return job
}

/// The largest job file in bytes.
private let jobFileLimit = 1_000_000

private func loadJob(
  _ file: String, overrides: [JobOverride], in surroundings: JobSurroundings
) throws -> Job {
  let bytes = try FileSystem.contents(of: Path(file), limit: jobFileLimit)
  let text: [UInt8]
  do throws(UserTextError) {
    text = try UserText.utf8(bytes)
  } catch {
    throw ValidationError("\(file): \(error)")
  }
  return try Job(
    yaml: String(decoding: text, as: UTF8.self), file: file, overrides: overrides,
    in: surroundings)
}

/// `name`: What a report calls a job that cannot say its name.
private func reportingErrors(
  of name: String, _ format: RunOptions.ReportFormat, _ status: inout ExitStatus,
  _ load: () throws -> Job
) -> Job? {
  do {
    return try load()
  } catch {
    let problem = String(describing: error)
    printError(problem)
    let ending = ExitStatus(ofNamedFile: error)
    status = status.graver(than: ending)
    if format == .json {
      let now = Clock.secondsSince1970
      let report = RunReport(failing: name, "", ending, problem, started: now, finished: now)
      status = status.graver(than: show(report.json().span.text() + "\n"))
    }
    return nil
  }
}

/// Writes what a command found to standard output.
///
/// - Returns: Whether that failed; the error is then on standard error.
func show(_ result: String) -> ExitStatus {
  do {
    try Terminal.writeOutput(result)
    return .complete
  } catch {
    printError(error.description)
    return .failed
  }
}

/// Writes a message to standard error, each line under the command's name.
func printError(_ message: String) {
  for line in message.split(separator: "\n") {
    Terminal.writeError("trailmerge: \(printable(String(line)))\n")
  }
}
