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
/// - Throws: The exit code of the gravest error, once all are on standard error.
func loadJobs(_ files: [String], overrides: [JobOverride] = []) throws -> [Job] {
  let surroundings = JobSurroundings.current
  var status = ExitStatus.complete
  let jobs = files.compactMap { file in
    reportingErrors(&status) { try loadJob(file, overrides: overrides, in: surroundings) }
  }
  guard status == .complete else { throw status.exitCode }
  return jobs
}

/// The job that flags alone describe.
///
/// `needsInputs`: Whether it reads files.
///
/// - Throws: The exit code of wrong usage, once the errors are on standard error.
func loadJob(overrides: [JobOverride], needsInputs: Bool = true) throws -> Job {
  var status = ExitStatus.complete
  let job = reportingErrors(&status) {
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

private func reportingErrors(_ status: inout ExitStatus, _ load: () throws -> Job) -> Job? {
  do {
    return try load()
  } catch {
    printError(String(describing: error))
    status = status.graver(than: ExitStatus(ofNamedFile: error))
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
