import Bytes
import Dataset
import Foundation
import JobFiles
import JobRunner

/// `RunJob JOB.yaml DATASET THREADS [--rebuild]` runs a job as `trailmerge run` does, in a process of its own.
///
/// Tests of faults run thousands of small jobs. In a debug build, which checks what the command line
/// declares, reading flags takes several times as long as such a job.
@main
enum RunJob {
  static func main() {
    do {
      let report = try JobRunner.run(try job(CommandLine.arguments))
      exit(Int32(report.ending.rawValue))
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(Int32(ExitStatus(error).rawValue))
    }
  }

  private static func job(_ arguments: [String]) throws -> Job {
    let text = try FileSystem.contents(of: Path(arguments[1]), limit: 1_000_000)
    var job = try Job(
      yaml: String(decoding: text, as: UTF8.self), file: arguments[1],
      in: JobSurroundings(
        environment: [:], folder: FileManager.default.currentDirectoryPath,
        now: Int64(Date().timeIntervalSince1970)))
    (job.dataset, job.threads) = (arguments[2], Int(arguments[3]) ?? 1)
    job.rebuild = arguments.last == "--rebuild"
    return job
  }
}
