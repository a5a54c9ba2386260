public import Bytes

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

  /// What ended the run: a signal, if one asks to stop, whatever failed because of it.
  static func orStopped(_ error: any Error) -> any Error {
    StopSignal.number.map { RunError.stopped(signal: $0) } ?? error
  }

  public var description: String {
    switch self {
    case .jobChanged(let dataset, let changes):
      "the job has changed since it made \(dataset): \(changes.joined(separator: "; ")); "
        + "use --rebuild to make the dataset anew, or another dataset folder"
    case .strict(let count):
      "\(counted(count, "input file")) failed, and --strict allows none: "
        + "nothing was committed"
    case .wrongFile(let problem): problem
    case .stopped:
      "stopped; nothing was committed, run again to go on"
    }
  }
}
