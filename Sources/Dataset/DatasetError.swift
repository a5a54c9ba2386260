public import Bytes

/// What keeps a run from using its dataset.
public enum DatasetError: Error, CustomStringConvertible {
  /// There is no dataset, or nothing was committed to it.
  case absent(Path)
  /// Another process holds the lock.
  case locked(Path)
  /// A file of the dataset is not as it was committed.
  case changedFromOutside(Path, String)
  /// A file of ours cannot be understood.
  case damaged(Path, String)

  public var description: String {
    switch self {
    case .absent(let path):
      "\(path) is not a dataset: it has no \(DatasetLayout.ownFolder)/manifest.json"
    case .locked(let path):
      "another run holds the lock \(path): wait for it, or use --lock-wait 10m"
    case .changedFromOutside(let path, let what):
      "the dataset was changed from outside: \(path) \(what); "
        + "see `trailmerge verify`, or make it anew from the inputs with --rebuild"
    case .damaged(let path, let what):
      "\(path) is damaged (\(what)): make the dataset anew from the inputs with --rebuild"
    }
  }
}
