import Bytes
import Dataset
import JobRunner

/// Runs one job and says how it ended.
func execute(_ job: Job, _ options: RunOptions) -> ExitStatus {
  StopSignal.install()
  do {
    let report = try run(job)
    print(report.json().span.text())
    return ExitStatus(rawValue: Int32(report.ending.rawValue)) ?? .failed
  } catch {
    printError(String(describing: error))
    return exitStatus(of: error)
  }
}

/// The one place where errors become exit statuses.
private func exitStatus(of error: any Error) -> ExitStatus {
  switch error {
  case DatasetError.locked: .locked
  case DatasetError.changedFromOutside, DatasetError.damaged: .integrity
  case RunError.jobChanged: .usage
  case RunError.stopped(let signal): signal == 2 ? .interrupted : .terminated
  default: .failed
  }
}
