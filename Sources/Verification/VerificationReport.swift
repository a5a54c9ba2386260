public import Bytes
public import Dataset

/// What a verification found.
public struct VerificationReport: Sendable {
  /// What makes a problem good.
  public enum Remedy: String, Sendable {
    /// `trailmerge verify --repair`: the records in the store are enough.
    case repair
    /// A run with `--rebuild`: only the inputs have what is needed.
    case rebuild
    /// Any run: it reads again what is no longer known.
    case run
    /// A person: the file is not ours.
    case remove
    /// A user who may read the file.
    case access
    /// Nothing: what can be mended is, and this is said once.
    case nothing = "none"
  }

  /// One thing that is wrong with one file or folder.
  public struct Problem: Sendable, Equatable {
    /// Relative to the dataset.
    public var path: Path
    /// What is wrong, to be read after the path.
    public var what: String
    public var remedy: Remedy

    init(path: Path, what: String, remedy: Remedy) {
      (self.path, self.what, self.remedy) = (path, what, remedy)
    }

    /// A file that cannot be read; a closed door is no damage, whatever makes damage good.
    init(path: Path, unreadable error: FileError, remedy: Remedy) {
      self.init(
        path: path, what: "cannot be read: \(error.reason)",
        remedy: error.isPermission ? .access : remedy)
    }
  }

  public var dataset: Path = ""
  public var fileCount = 0
  public var byteCount = 0
  public var partitionCount = 0
  /// Records of the store, each once.
  public var recordCount = 0
  /// By path.
  public var problems: [Problem] = []
  /// Files that nobody committed and no engine sees, and the like: worth a word, not wrong.
  public var notes: [Problem] = []
  /// Stored records that strict readers of JSON refuse: worth a word, not wrong.
  public var strictReadersRefuse = StrictReadersRefuse()
  /// Folders that were made again.
  public var repaired: [Path] = []
  public var seconds = 0.0

  /// What a verification does not look at, in short sentences.
  public static let unchecked = [
    "whether the inputs hold more than the dataset, or what its digests say now",
    "whether all of the dataset is an older copy of itself",
    "of outputs that do not have the records as they are, more than their bytes and their number",
    "below _trailmerge: runs/, seen/, lock and damaged/, which hold none of the data",
  ]

  /// 0 when all is as it was committed, 1 when all that is wrong is that files may not be read, else
  /// 4.
  public var ending: ExitStatus {
    if problems.isEmpty { return .complete }
    return problems.contains { $0.remedy != .access } ? .integrity : .failed
  }

  /// Changes when a member changes its name or meaning, not when one is added.
  public static let format = 1

  /// The report as one JSON object on one line.
  public func json() -> [UInt8] {
    var report = JSONObjectWriter()
    report.add("format", VerificationReport.format)
    report.add("dataset", bytes: dataset.bytes)
    report.add("seconds", raw: decimal(seconds, digits: 3))
    report.add("exit", ending.rawValue)
    var checked = JSONObjectWriter()
    checked.add("files", fileCount)
    checked.add("bytes", byteCount)
    checked.add("partitions", partitionCount)
    checked.add("records", recordCount)
    report.add("checked", raw: checked.finish().span)
    report.add("problems", array: problems.map(VerificationReport.json))
    report.add("notes", array: notes.map(VerificationReport.json))
    report.add("strictReadersRefuse", raw: strictReadersRefuse.json().span)
    report.add("repaired", texts: repaired.map(\.bytes))
    report.add("unchecked", texts: VerificationReport.unchecked.map { Array($0.utf8) })
    return report.finish()
  }

  private static func json(_ problem: Problem) -> [UInt8] {
    var json = JSONObjectWriter()
    json.add("path", bytes: problem.path.bytes)
    json.add("problem", problem.what)
    json.add("remedy", problem.remedy.rawValue)
    return json.finish()
  }
}
