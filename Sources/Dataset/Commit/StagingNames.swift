public import Bytes
import Synchronization

/// Names in the staging area for files of our own; all threads may ask for them.
public final class StagingNames: Sendable {
  private let folder: Path
  private let count = Atomic(0)

  init(_ layout: DatasetLayout) { folder = layout.staging }

  /// A name that no file has.
  ///
  /// - Throws: `FileError` when the staging area cannot be made.
  public func next() throws(FileError) -> Path {
    let number = count.add(1, ordering: .relaxed).newValue
    if number == 1 { try FileSystem.createFolders(folder) }
    return folder.appending("own-\(number)")
  }
}
