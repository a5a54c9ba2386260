import Dataset

/// How a run or a command ended; the raw value is its exit status.
///
/// This is the one table of exit statuses; the command line has the words for it.
public enum Ending: Int, CaseIterable, Sendable {
  case complete = 0
  case failed = 1
  case incomplete = 3
  case integrity = 4
  case stale = 5
  case locked = 11
  case usage = 64
  case interrupted = 130
  case terminated = 143

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
