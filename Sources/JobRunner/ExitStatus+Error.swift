public import Dataset

extension ExitStatus {
  /// How a run ends that throws `error`: the one place where errors become exit statuses.
  public init(_ error: any Error) {
    self =
      switch error {
      case DatasetError.absent, DatasetError.otherVersion: .usage
      case DatasetError.locked: .locked
      case DatasetError.changedFromOutside, DatasetError.damaged: .integrity
      case RunError.jobChanged, RunError.wrongFile: .usage
      case RunError.stopped(let signal): signal == 2 ? .interrupted : .terminated
      default: .failed
      }
  }
}
