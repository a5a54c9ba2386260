public import Bytes
public import CloudTrail

/// Every name the tool makes below a dataset's folder, apart from partitions.
public struct DatasetLayout: Sendable {
  /// The dataset's folder.
  public let root: Path

  public init(_ root: Path) {
    self.root = root
  }

  /// The absolute path of a dataset that is there.
  ///
  /// - Throws: `DatasetError.absent` when none is.
  public static func existing(_ folder: Path) throws -> Path {
    guard try FileSystem.isThere(DatasetLayout(folder).manifest) else {
      throw DatasetError.absent(folder)
    }
    return try FileSystem.resolved(folder)
  }

  /// A path below the dataset's folder, relative to it: as the manifest and the journal have it.
  public func relative(_ path: Path) -> Path {
    Path(bytes: Array(path.bytes[(root.bytes.count + 1)...]))
  }

  /// Whether a path, relative to the dataset, is in it by its text, and names a file or folder that
  /// a commit may change: no path that leads out, none of those that a run works with.
  public static func isCommitted(_ path: Path) -> Bool {
    guard isInside(path) else { return false }
    let layout = DatasetLayout("")
    return ![
      layout.own, layout.lock, layout.journal, layout.runs, layout.staging, layout.temporary,
    ].contains { path == $0 || ($0 != layout.own && path.isAt(orBelow: $0)) }
  }

  /// Whether a path, relative to the dataset, is below the folder of staged files.
  public static func isStaged(_ path: Path) -> Bool {
    let staging = DatasetLayout("").staging
    return isInside(path) && path != staging && path.isAt(orBelow: staging)
  }

  /// Whether a path has nothing but names: relative, not empty, without `.` and `..`.
  public static func isInside(_ path: Path) -> Bool {
    path.bytes.split(separator: 0x2F, omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        && !part.contains(0)
    }
  }

  /// Our own folder.
  public static let ownFolder = OwnFolder.name

  public var own: Path { root.appending(DatasetLayout.ownFolder) }
  public var manifest: Path { own.appending("manifest.json") }
  public var ledger: Path { own.appending("ledger") }
  /// What the digests say of each log file, and what became of each digest, by delivery day.
  public var validatedLogs: Path { own.appending("validation/logs") }
  public var validatedDigests: Path { own.appending("validation/digests") }
  public var index: Path { own.appending("index") }
  public var runs: Path { own.appending("runs") }
  public var conflicts: Path { own.appending("conflicts.ndjson") }
  public var rejected: Path { own.appending("rejected.ndjson") }
  public var lock: Path { own.appending("lock") }
  public var journal: Path { own.appending("journal.ndjson") }
  /// What a run writes before its commit.
  public var staging: Path { own.appending("staging") }
  /// Sorted runs that do not fit the memory, unless the job names another folder.
  public var temporary: Path { own.appending("temporary") }

  /// The folder of an output, relative to the root: families other than events have their own.
  public static func outputFolder(_ output: String, _ family: Family) -> Path {
    family == .events ? Path(output) : Path(family.rawValue).appending(output)
  }

  /// The output that keeps a dataset's records when none of the job's outputs has them by cell.
  public static let storeOutput = "_trailmerge/store"

  /// The output that says where the records of the NDJSON output `name` come from.
  public static func provenanceOutput(_ name: String) -> String { "_trailmerge/provenance/\(name)" }

  /// The ledger, or what validation found, of the files delivered on `day`; of those with no date
  /// for nil.
  public static func ledgerName(day: Day?) -> String {
    (day?.description ?? "undated") + ".ndjson"
  }

  /// The day in a name that `ledgerName` gave; nil for those with no date.
  public static func day(ofLedger name: String) -> Day? {
    Day(name.prefix(10))
  }

  /// The names in `folder` that `ledgerName` gives, by day: what somebody put beside such files, say
  /// a copy, is none of them.
  static func ledgerNames(in folder: Path) throws -> [String] {
    guard try FileSystem.isThere(folder) else { return [] }
    return try OpenFolder(folder).entries().map { Path(bytes: $0.name).description }
      .filter(isLedgerName).sorted()
  }

  /// Whether `ledgerName` gives this name.
  public static func isLedgerName(_ name: String) -> Bool {
    name == ledgerName(day: day(ofLedger: name))
  }

  /// The index of a family's event day.
  public static func indexName(_ family: Family, day: Day) -> String {
    "\(family.rawValue)-\(day).index"
  }
}
