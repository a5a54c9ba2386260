public import Bytes
import Dataset

/// What ends a run before its commit.
public enum RunError: Error, CustomStringConvertible {
  /// The dataset was made by a job with other outputs or another selection.
  case jobChanged(Path, [String])
  /// A file failed, and the job allows none.
  case strict(Int)
  /// A file that the job names is missing or not what it should be.
  case wrongFile(String)
  /// SIGINT or SIGTERM came.
  case stopped(signal: Int32)

  public var description: String {
    switch self {
    case .jobChanged(let dataset, let changes):
      "the job has changed since it made \(dataset): \(changes.joined(separator: "; ")); "
        + "use --rebuild to make the dataset anew, or another dataset folder"
    case .strict(let count):
      "\(count) input file\(count == 1 ? "" : "s") failed, and --strict allows none: "
        + "nothing was committed"
    case .wrongFile(let problem): problem
    case .stopped:
      "stopped; nothing was committed, run again to go on"
    }
  }
}

extension RunReport.Ending {
  /// How a run ends that throws `error`: the one place where errors become exit statuses.
  public init(_ error: any Error) {
    self =
      switch error {
      case DatasetError.absent: .usage
      case DatasetError.locked: .locked
      case DatasetError.changedFromOutside, DatasetError.damaged: .integrity
      case RunError.jobChanged, RunError.wrongFile: .usage
      case RunError.stopped(let signal): signal == 2 ? .interrupted : .terminated
      default: .failed
      }
  }
}
