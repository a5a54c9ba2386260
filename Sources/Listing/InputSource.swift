public import Bytes

/// A place where input files come from, such as folders on a disk.
///
/// All that read inputs go through a source, so there is one rule for which files there are.
public protocol InputSource: Sendable {
  /// Hands over all that there is, neighbouring files of one folder together.
  ///
  /// Files should come in byte order of their sources: whoever takes them then need not sort, nor
  /// hold them all.
  ///
  /// - Parameters:
  ///   - mapping: Spreads calls that wait for a disk or a network over threads.
  ///   - take: Called on the caller's thread.
  /// - Throws: `FileError` when an input is not there or cannot be opened; `Stopped` when a signal asks
  ///   to stop; what `take` throws.
  func list(_ mapping: some ParallelMapping, _ take: (Listed) throws -> Void) throws
}

/// Something that a listing found.
public enum Listed: Sendable {
  case files(ListedFiles)
  /// A file or folder that is not read.
  case skipped(SkipReason, source: Path)
  /// A folder that cannot be listed, or a file that cannot be looked at.
  ///
  /// `folder`: The one that lists what could not be looked at; nil for a folder that cannot be listed, and
  /// for the target of a link.
  case failed(FileError, source: Path, folder: ListedFolder? = nil)
}

/// Files of one folder.
public struct ListedFiles: Sendable {
  public var folder: ListedFolder
  /// In byte order of their names.
  public var files: [ListedFile]
  /// Whether the user named the file itself: it is read whatever its name.
  public var isNamed: Bool

  public init(folder: ListedFolder, files: [ListedFile], isNamed: Bool = false) {
    self.folder = folder
    self.files = files
    self.isNamed = isNamed
  }
}

/// A folder that holds files.
public struct ListedFolder: Sendable {
  /// Where it is.
  public var path: Path
  /// What reports and the dataset call it: the name of its input and the path below that.
  public var source: Path
  /// How many of the last segments of its path are below the input.
  public var depth: Int

  public init(path: Path, source: Path, depth: Int) {
    self.path = path
    self.source = source
    self.depth = depth
  }

  func appending(_ name: [UInt8]) -> ListedFolder {
    ListedFolder(
      path: path.appending(name), source: source.appending(name), depth: depth + 1)
  }
}

/// A regular file by its name in its folder.
public struct ListedFile: Sendable {
  public var name: [UInt8]
  /// Bytes as stored.
  public var byteCount: Int
  /// Last modification, nanoseconds since 1970.
  public var modified: Int64

  public init(name: [UInt8], byteCount: Int, modified: Int64) {
    self.name = name
    self.byteCount = byteCount
    self.modified = modified
  }

  init(_ name: [UInt8], _ status: FileStatus) {
    self.init(name: name, byteCount: status.byteCount, modified: status.modified)
  }
}

/// Why a listing leaves out a file or folder, whoever asks for it; the text is that of reports.
public enum SkipReason: String, Sendable {
  /// Its name, or that of a folder above it, begins with a full stop.
  case hidden
  /// A link that leads nowhere, to what is found without it, or in a circle.
  case link
  /// The job's own dataset.
  case dataset
  /// A folder that the tool keeps its own files in, of any dataset.
  case ownFolder = "_trailmerge"
}
