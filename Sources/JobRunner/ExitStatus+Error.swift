import Bytes
public import Dataset
import Glibc
import Listing
import Writing

extension ExitStatus {
  /// How a run ends that throws `error`: the one place where errors become exit statuses.
  public init(_ error: any Error) {
    self =
      switch error {
      case DatasetError.absent, DatasetError.otherVersion: .usage
      case DatasetError.locked: .locked
      case DatasetError.changedFromOutside, DatasetError.damaged, DatasetError.link,
        DatasetError.cannotFinish, DatasetError.cannotEnd, DatasetError.unknownJob:
        .integrity
      case RunError.otherFile, RunError.pendingCommit: .integrity
      case RunError.jobChanged, RunError.smallerSelection, RunError.partOfInputs,
        RunError.usage,
        RunError.otherKey, RunError.cutOut, RunError.onlyPiece, RunError.otherShard, is ListError,
        is UnavailableFormat:
        .usage
      case RunError.stopped(let signal): signal == SIGINT ? .interrupted : .terminated
      default: .failed
      }
  }

  /// How a command ends that cannot use a file which the user named: a job, keys, signatures.
  ///
  /// Wrong usage, except for a file that is there and may not be read.
  public init(ofNamedFile error: any Error) {
    self = (error as? FileError)?.isPermission == true ? .failed : .usage
  }
}
