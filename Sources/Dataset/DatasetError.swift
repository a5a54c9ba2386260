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
  /// The dataset was written in another version of the format.
  case otherVersion(Path, Int)
  /// A folder of the dataset is not on the file system of the dataset's own folder.
  case otherFileSystem(Path, Path)
  /// A link, where the dataset has a folder of its own.
  case link(Path)
  /// A commit was begun and could not be ended; the next run ends it.
  case unfinished(Path, String)
  /// A commit was begun and cannot be ended: the new bytes of this file, relative to the dataset, are
  /// nowhere.
  case cannotFinish(Path, Path)
  /// A commit was begun and can be neither ended nor undone: the bytes of this file, relative to the
  /// dataset, are nowhere.
  case cannotEnd(Path, Path)
  /// The root is damaged or gone, and nothing says what job made the dataset.
  case unknownJob(Path)

  /// A file has other bytes than were committed.
  public static func altered(_ path: Path) -> DatasetError {
    .changedFromOutside(path, "has other bytes than were committed")
  }

  /// A committed file is not there.
  public static func missing(_ path: Path) -> DatasetError {
    .changedFromOutside(path, "is missing")
  }

  /// The file that is not as it was committed, and what is wrong with it; nil for other errors.
  public var damage: (path: Path, what: String)? {
    switch self {
    case .changedFromOutside(let path, let what), .damaged(let path, let what): (path, what)
    default: nil
    }
  }

  public var description: String {
    switch self {
    case .absent(let path):
      "\(path) is not a dataset: it has no \(DatasetFile.manifest.path)"
    case .locked(let path):
      "another run holds the lock \(path): wait for it, or use --lock-wait 10m"
    case .changedFromOutside(let path, let what):
      "the dataset was changed from outside: \(path) \(what); "
        + "`trailmerge verify` says more, and with --repair mends what can be mended, or make it "
        + "again from the inputs with --rebuild"
    case .otherFileSystem(let path, let own):
      "\(path) is on another file system or mount than \(own), and a commit only renames files: "
        + "keep the dataset in one place, and copy what is wanted elsewhere after the run"
    case .link(let path):
      "\(path) is a link, which could lead out of the dataset: put a folder in its place"
    case .cannotFinish(let path, let file):
      "\(path) has a commit that a run began and that cannot be finished: the new contents of \(file) "
        + "are neither in place nor staged; `trailmerge verify --repair` undoes it if all previous files "
        + "are still there"
    case .cannotEnd(let path, let file):
      "\(path) has a commit that a run began and that can be neither finished nor undone: what "
        + "\(file) is to hold is nowhere; nothing was changed; restore a copy of the dataset, or make "
        + "it again with --rebuild"
    case .unknownJob(let path):
      "\(path) is damaged or gone, and no report of a run tells the keys of the job: give the job "
        + "with `trailmerge verify --repair --job FILE`, or make the dataset again with --rebuild"
    case .unfinished(let path, let what):
      "the commit to \(path) has begun and could not be ended (\(what)): "
        + "nothing is lost, the next run or `trailmerge verify --repair` ends it"
    case .otherVersion(let path, let version) where version < Manifest.version:
      "\(path) has format version \(version), and this trailmerge works with \(Manifest.version): "
        + "the next run brings the dataset up to date"
    case .otherVersion(let path, let version):
      "\(path) has format version \(version), and this trailmerge knows \(Manifest.version) at most: "
        + "use a newer trailmerge"
    case .damaged(let path, let what):
      "\(path) is damaged (\(what)): `trailmerge verify --repair` mends what can be mended, or make "
        + "the dataset again from the inputs with --rebuild"
    }
  }
}
