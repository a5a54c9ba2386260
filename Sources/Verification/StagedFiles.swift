import Bytes
import Dataset

/// The files that a commit has staged, or that changed places with staged ones, by what they hold.
struct StagedFiles {
  /// Relative to the dataset.
  private var paths: [FileHash: [Path]] = [:]
  /// The roots among them, each with where it is.
  private(set) var roots: [(path: Path, manifest: Manifest)] = []

  /// Reads all of them; links are not followed.
  ///
  /// - Throws: `FileError`; `Stopped`.
  /// - Complexity: O(bytes) in time, O(files) in memory.
  init(_ layout: DatasetLayout) throws {
    guard try FileSystem.isThere(layout.staging) else { return }
    try walk(DatasetFile.Folder.staging, layout)
  }

  private mutating func walk(_ folder: Path, _ layout: DatasetLayout) throws {
    for entry in try OpenFolder(layout.root.appending(folder)).entries() {
      try StopSignal.check()
      let path = folder.appending(entry.name)
      switch try FileSystem.status(layout.root.appending(path), followLinks: false).kind {
      case .folder: try walk(path, layout)
      case .file: try add(path, layout)
      default: continue
      }
    }
  }

  private mutating func add(_ path: Path, _ layout: DatasetLayout) throws {
    var start: [UInt8] = []
    let hash = try FileHash(ofFileAt: layout.root.appending(path)) { piece in
      if start.isEmpty {
        start = piece.extracting(0..<min(piece.count, StagedFiles.rootStart.count)).copied()
      }
    }
    paths[hash, default: []].append(path)
    guard start == StagedFiles.rootStart else { return }
    let json = try FileSystem.contents(of: layout.root.appending(path))
    if let root = try? Manifest(json: json, path: path) { roots.append((path, root)) }
  }

  /// How every root begins, so that no large file is read as one.
  private static let rootStart = Array("{\"version\":\(Manifest.version),\n".utf8)

  /// Takes a file with these bytes; nil when there is none, or no other.
  mutating func take(_ hash: FileHash) -> Path? { paths[hash]?.popLast() }

  /// Whether there is none.
  var isEmpty: Bool { paths.isEmpty }

  /// Where a file with these bytes is; nil when there is none.
  func path(of hash: FileHash) -> Path? { paths[hash]?.last }
}
