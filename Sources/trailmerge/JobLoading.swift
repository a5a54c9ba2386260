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
  let loads = files.map { file in
    Result { try loadJob(file, overrides: overrides, in: surroundings) }
  }
  var status = ExitStatus.complete
  for case .failure(let error) in loads {
    status = status.graver(than: ExitStatus(ofNamedFile: error))
  }
  let ending = status
  for (file, load) in zip(files, loads) where ending != .complete {
    switch load {
    case .success(let job) where format == .json:
      let report = failure(
        of: job.name, Path(job.dataset), ending, "not run: another job file is wrong")
      status = status.graver(than: show(report))
    case .success: break
    case .failure(let error): _ = reportingErrors(of: file, format, &status) { throw error }
    }
  }
  guard status == .complete else { throw status.exitCode }
  return try loads.map { try $0.get() }
}

/// The report of a job that did not run, on one line.
private func failure(
  of job: String, _ dataset: Path, _ ending: ExitStatus, _ problem: String
) -> String {
  let now = Clock.secondsSince1970
  let report = RunReport(failing: job, dataset, ending, problem, started: now, finished: now)
  return report.json().span.text() + "\n"
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
      status = status.graver(than: show(failure(of: name, "", ending, problem)))
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

/// Says on standard error why a command has no result, and in a report for programs too.
///
/// - Parameters:
///   - problem: What went wrong.
///   - ending: How the command ends.
///   - isJSON: Whether a program reads the report.
///   - place: Adds to the report what the command was about.
/// - Returns: The exit code to throw.
func failure(
  _ problem: String, _ ending: ExitStatus, isJSON: Bool,
  about place: (inout JSONObjectWriter) -> Void
) -> ExitCode {
  printError(problem)
  guard isJSON else { return ending.exitCode }
  var object = JSONObjectWriter()
  object.add("format", RunReport.format)
  place(&object)
  object.add("exit", ending.rawValue)
  object.add("error", problem)
  return ending.graver(than: show(object.finish().span.text() + "\n")).exitCode
}

/// Writes a message to standard error, each line under the command's name.
func printError(_ message: String) {
  for line in message.split(separator: "\n") {
    Terminal.writeError("trailmerge: \(printable(String(line)))\n")
  }
}
