public import Bytes
public import Dataset
public import JobFiles

/// What ends a run before its commit.
public enum RunError: Error, CustomStringConvertible {
  /// The dataset was made by a job that writes or takes something else.
  case jobChanged(Path, [JobChange])
  /// Flags would make a rebuild select other records than the dataset has: the flags, the dataset,
  /// and what is different.
  case smallerSelection([String], Path, [JobChange])
  /// A rebuild would read only a part of the inputs' files.
  case partOfInputs(Path)
  /// No input has a file, and a rebuild would empty the dataset, of this many records.
  case emptyInputs(Path, recordCount: Int)
  /// Files failed, and the job allows none.
  case strict([ReadFailure])
  /// What is asked for cannot be done, or not with the files that are named: why, in words.
  case usage(String)
  /// A dataset to be merged was made by a job with another value of a key: the dataset, the key, its
  /// value, and the value of the other.
  case otherKey(Path, key: String, String?, other: String?)
  /// Two datasets have another file each of one name: the file, and the datasets.
  case otherFile(Path, Path, Path)
  /// A dataset that is only to be read has a commit that was begun and not ended.
  case pendingCommit(Path)
  /// A dataset that was cut out of another.
  case cutOut(Path)
  /// A whole dataset would become a piece of another: the dataset, and what would be missing.
  case onlyPiece(Path, DatasetPart)
  /// A dataset is not the shard that a run would read.
  case otherShard(Path)
  /// A merge that is only prepared has to open files that are not here.
  case absent([AbsentFile])
  /// SIGINT or SIGTERM came.
  case stopped(signal: Int32)

  /// What ended the run: a signal, if one asks to stop, whatever failed because of it.
  static func orStopped(_ error: any Error) -> any Error {
    StopSignal.number.map { RunError.stopped(signal: $0) } ?? error
  }

  /// How many files a message names.
  private static let namedFileLimit = 20

  /// Which files failed, where and why.
  private static func list(_ failures: [ReadFailure]) -> String {
    var texts = failures.prefix(namedFileLimit).map { failure in
      let place = failure.offset.map { " at byte \($0)" } ?? ""
      return "\(failure.source)\(place): \(failure.reason)"
    }
    if failures.count > namedFileLimit {
      texts.append("and \(counted(failures.count - namedFileLimit, "file")) more")
    }
    return texts.joined(separator: "; ")
  }

  private static func list(_ changes: [JobChange]) -> String {
    changes.map(\.description).joined(separator: "; ")
  }

  /// What to do about values that take less than the dataset holds.
  private static func advice(_ changes: [JobChange]) -> String {
    if changes.raisedStart != nil {
      return "use --allow-loss to let the records before \(changes[0].after ?? "") leave, or "
    }
    let keys = changes.filter(\.takesLess).map(\.key)
    if keys.isEmpty { return "" }
    let names = keys.joined(separator: " and ")
    return "a dataset may take more as it grows, not less: set \(names) as before, or "
  }

  public var description: String {
    switch self {
    case .jobChanged(let dataset, let changes):
      "the job has changed since it made \(dataset): \(RunError.list(changes)); "
        + RunError.advice(changes)
        + "use --rebuild to make the dataset again, or another dataset folder"
    case .smallerSelection(let flags, let dataset, let changes):
      "\(flags.joined(separator: ", ")): a rebuild of \(dataset) would drop records that the job no "
        + "longer selects (\(RunError.list(changes))): change the selection in the job file, or use "
        + "another dataset folder"
    case .partOfInputs(let dataset):
      "--shard and --files-from: a rebuild of \(dataset) from a part of its inputs would leave out the "
        + "rest: use another dataset folder"
    case .emptyInputs(let dataset, let count):
      "the inputs have no file at all, and a rebuild would empty \(dataset) of "
        + "\(counted(count, "record")): nothing was changed; is a file system not mounted?"
    case .strict(let failures):
      "\(counted(failures.count, "input file")) failed, and --strict allows none: "
        + "nothing was committed: " + RunError.list(failures)
    case .usage(let problem): problem
    case .otherKey(let shard, let key, let value, let other):
      "\(shard) was made with \(key): \(value ?? "nothing"), and what it is merged with has "
        + "\(other ?? "nothing"): nothing was merged; make all shards by one job"
    case .otherFile(let file, let left, let right):
      "\(printable(file)) is another file in \(left) than in \(right): nothing was merged; give the "
        + "inputs other names, or make one of the two again"
    case .pendingCommit(let dataset):
      "\(dataset) has a commit that was begun and not ended, and is only read: run its job, or "
        + "`trailmerge verify --repair`, first"
    case .cutOut(let dataset):
      "\(dataset) was cut out of another dataset, whose ledger has files that are not all in it: "
        + "merge its pieces, and run the job on the whole"
    case .onlyPiece(let dataset, let piece):
      "\(dataset) is whole, and would be a piece that takes no run: \(piece.missingDescription): "
        + "nothing was merged; merge the whole into it, or use another dataset folder"
    case .otherShard(let dataset):
      "--shard: \(dataset) holds other files than those of this shard: use a dataset folder for each "
        + "shard, and merge them"
    case .absent(let files):
      "\(counted(files.count, "file")) that the merge has to open \(files.count == 1 ? "is" : "are") "
        + "not here, such as \(files.first?.path ?? ""): nothing was prepared; put them there and "
        + "merge again (--report json names all in `needed`)"
    case .stopped:
      "stopped; nothing was committed, run again to go on"
    }
  }
}
