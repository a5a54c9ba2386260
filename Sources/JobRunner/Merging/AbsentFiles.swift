public import Bytes
import CloudTrail
public import Dataset
import Synchronization

/// Files that a merge has to open, of datasets of which not all is here.
///
/// They are gathered stage by stage, so that whoever fetches them is asked a few times and not for one
/// file after the other.
final class AbsentFiles: Sendable {
  /// Whether files may be missing; if not, nothing is looked for, and readers find out.
  private let isExpected: Bool
  private let files = Mutex<[Path: FileHash]>([:])

  init(isExpected: Bool) {
    self.isExpected = isExpected
  }

  /// Notes a file that is not here.
  ///
  /// - Parameters:
  ///   - path: Of the file.
  ///   - hash: What was committed.
  /// - Returns: Whether it is not here.
  /// - Throws: `FileError`.
  func lacks(_ path: Path, _ hash: FileHash) throws -> Bool {
    guard isExpected, try !FileSystem.isThere(path) else { return false }
    files.withLock { $0[path] = hash }
    return true
  }

  /// Notes those of some output files that are not here.
  ///
  /// - Returns: Whether any is not here.
  /// - Throws: `FileError`.
  func lacks(_ files: [StoredSegment.File]) throws -> Bool {
    guard isExpected else { return false }
    return try files.reduce(false) { lacksOne, file in
      try lacks(file.path, file.part.fileHash) || lacksOne
    }
  }

  /// Notes those of a dataset's indexes that are not here.
  ///
  /// - Throws: `FileError`.
  func noteIndexes(of days: some Sequence<EventDay>, _ dataset: StoredDataset) throws {
    for day in days { _ = try lacksIndex(of: day, dataset) }
  }

  /// Notes the index of a day if it is not here.
  ///
  /// - Returns: Whether it is not here.
  /// - Throws: `FileError`.
  func lacksIndex(of day: EventDay, _ dataset: StoredDataset) throws -> Bool {
    let file = DatasetFile.index(day)
    guard isExpected, let hash = dataset.manifest.files[file.path] else { return false }
    return try lacks(dataset.layout[file], hash)
  }

  /// Ends the merge if anything was noted.
  ///
  /// - Throws: `RunError.absent` with all that was noted, by path.
  func check() throws {
    let noted = files.withLock { $0 }
    if noted.isEmpty { return }
    throw RunError.absent(
      noted.sorted { $0.key < $1.key }.map { AbsentFile(path: $0.key, hash: $0.value) })
  }
}

/// A file that a merge has to open, and that is not here.
public struct AbsentFile: Sendable {
  public let path: Path
  /// What it holds.
  public let hash: FileHash
}
