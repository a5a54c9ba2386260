public import Bytes
import Synchronization

/// Names in the staging area for files of our own; all threads may ask for them.
public final class StagingNames: Sendable {
  private let folder: Path
  private let count = Mutex(0)

  init(_ layout: DatasetLayout) { folder = layout.staging }

  /// A name that no file has.
  ///
  /// - Throws: `FileError` when the staging area cannot be made.
  public func next() throws(FileError) -> Path {
    try count.withLock { (count) throws(FileError) in
      if count == 0 { try FileSystem.createFolders(folder) }
      count += 1
      return folder.appending("own-\(count)")
    }
  }
}
