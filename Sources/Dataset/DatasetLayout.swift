public import Bytes
public import CloudTrail

/// The places of a dataset's files; `DatasetFile` has their names.
public struct DatasetLayout: Sendable {
  /// The dataset's folder.
  public let root: Path
  /// Where the next state is staged.
  public let staging: Path

  /// - Parameters:
  ///   - root: The dataset's folder.
  ///   - staging: Where to stage what is never committed; nil for the place inside the dataset that
  ///     commits are made from.
  public init(_ root: Path, staging: Path? = nil) {
    self.root = root
    self.staging = staging ?? root.appending(DatasetFile.Folder.staging)
  }

  /// The absolute path of a dataset that is there.
  ///
  /// `withoutRoot`: Whether the rest of it is enough, or the journal of its first commit.
  ///
  /// - Throws: `DatasetError.absent` when none is; `unfinished` for a first commit that has not ended;
  ///   `changedFromOutside` when the root is gone.
  public static func existing(_ folder: Path, withoutRoot: Bool = false) throws -> Path {
    let layout = DatasetLayout(folder)
    if try !FileSystem.isThere(layout.manifest) {
      let isCommitting = try FileSystem.isThere(layout.journal)
      guard try isCommitting || layout.hasTree() else { throw DatasetError.absent(folder) }
      if !withoutRoot {
        throw isCommitting
          ? DatasetError.unfinished(layout.root, "its first run is still at work, or died")
          : DatasetError.missing(layout.manifest)
      }
    }
    return try FileSystem.resolved(folder)
  }

  /// The bytes of the root, whatever they say.
  ///
  /// - Throws: `DatasetError.damaged` for anything but a file, and for one that is too large;
  ///   `FileError`, as when there is none.
  /// - Complexity: O(bytes) in time and memory.
  public func rootBytes() throws -> [UInt8] {
    try manifest.checkIsOurFile()
    guard try FileSystem.status(manifest).byteCount <= DatasetLayout.rootLimit else {
      throw DatasetError.damaged(manifest, "it is larger than any that a run writes")
    }
    return try FileSystem.contents(of: manifest)
  }

  /// The most bytes of a root: that of a hundred years has 40 MB.
  private static let rootLimit = 128 << 20

  /// A path below the dataset's folder, relative to it: as the manifest and the journal have it.
  ///
  /// What is staged elsewhere keeps its path.
  public func relative(_ path: Path) -> Path {
    guard path.isAt(orBelow: root), path != root else { return path }
    return Path(bytes: Array(path.bytes[(root.bytes.count + 1)...]))
  }

  /// Whether a path, relative to the dataset, is in it by its text, and names a file or folder that
  /// a commit may change: no path that leads out, none of those that a run works with.
  public static func isCommitted(_ path: Path) -> Bool {
    typealias Folder = DatasetFile.Folder
    let isBelowOther = [Folder.runs, Folder.seen, Folder.staging, Folder.temporary].contains {
      path.isAt(orBelow: $0)
    }
    let isOther = [ownFolder, DatasetFile.lock.path, DatasetFile.journal.path].contains(path)
    return isInside(path) && !isBelowOther && !isOther
  }

  /// Whether a path, relative to the dataset, is below the folder of staged files.
  public static func isStaged(_ path: Path) -> Bool {
    let staging = DatasetFile.Folder.staging
    return isInside(path) && path != staging && path.isAt(orBelow: staging)
  }

  /// Where a file that comes from elsewhere is staged: by its hash, so that it is the same file whoever puts
  /// it there, and however often, and by its place, since two files may hold the same.
  ///
  /// - Parameters:
  ///   - path: The place that it will have, relative to the dataset.
  ///   - hash: Of its bytes.
  /// - Returns: Relative to the dataset.
  public static func staged(_ path: Path, _ hash: SHA256Digest) -> Path {
    DatasetFile.Folder.staging.appending(hash.hex).appending(path)
  }

  /// Whether a path has nothing but names: relative, not empty, without `.` and `..`.
  public static func isInside(_ path: Path) -> Bool {
    path.bytes.split(separator: ASCII.slash, omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        && !part.contains(0)
    }
  }

  /// The absolute path of a file.
  public subscript(file: DatasetFile) -> Path { root.appending(file.path) }

  /// Our own folder.
  public static let ownFolder = OwnFolder.name

  public var own: Path { root.appending(DatasetLayout.ownFolder) }
  public var manifest: Path { self[.manifest] }
  public var lock: Path { self[.lock] }
  public var journal: Path { self[.journal] }
  public var index: Path { root.appending(DatasetFile.Folder.index) }
  public var runs: Path { root.appending(DatasetFile.Folder.runs) }
  public var temporary: Path { root.appending(DatasetFile.Folder.temporary) }

  /// Checks that what a run writes to without a commit is the dataset's own: a link could lead anywhere.
  ///
  /// - Throws: `DatasetError.link` for the first link; `FileError`.
  public func checkLinks() throws {
    typealias Folder = DatasetFile.Folder
    let written = [
      DatasetLayout.ownFolder, DatasetFile.lock.path, Folder.runs, Folder.seen, Folder.staging,
      Folder.temporary,
    ]
    for path in written.map({ root.appending($0) }) {
      do throws(FileError) {
        guard try FileSystem.status(path, followLinks: false).kind == .link else { continue }
      } catch {
        guard error.isNotFound else { throw error }
        continue
      }
      throw DatasetError.link(path)
    }
  }

  /// Whether there is a file that a manifest names, whatever has become of the manifest.
  public func hasTree() throws -> Bool {
    for folder in DatasetFile.Folder.tree {
      let path = root.appending(folder)
      if try FileSystem.isThere(path), try !OpenFolder(path).entries().isEmpty { return true }
    }
    return false
  }

  /// The folder of an output, relative to the root: families other than events have their own.
  public static func outputFolder(_ output: String, _ family: Family) -> Path {
    family == .events ? Path(output) : Path(family.rawValue).appending(output)
  }

  /// The output that keeps a dataset's records when none of the job's outputs has them by cell.
  public static let storeOutput = "\(ownFolder)/store"

  /// The output that says where the records of the output `name` come from.
  public static func provenanceOutput(_ name: String) -> String {
    "\(ownFolder)/provenance/\(name)"
  }

  /// Whether an output is none of the job's: its files are not to be found beside those of the job's.
  public static func isHidden(output name: String) -> Bool { name.hasPrefix("\(ownFolder)/") }
}
