public import Bytes
import Synchronization

/// The folder of a run's temporary files, created with the first of them.
///
/// Inside the dataset it has a fixed name, so that the next run removes what a killed one left.
/// Elsewhere, perhaps in a folder that everybody writes to, its name is random and it is closed to
/// other users. The files have no names, so that a killed run leaves no more than an empty folder.
public final class ScratchFolder: Sendable {
  private let layout: DatasetLayout
  private let outside: Path?
  private let made = Mutex<Path?>(nil)

  /// `outside`: the folder in which to make it; nil is the dataset.
  public init(_ layout: DatasetLayout, outside: Path? = nil) {
    self.layout = layout
    self.outside = outside
  }

  /// The path of a file in the folder.
  ///
  /// - Throws: `FileError` when the folder cannot be created.
  public func path(_ name: String) throws -> Path {
    try made.withLock { made in
      let folder = try made ?? create()
      made = folder
      return folder.appending(name)
    }
  }

  private func create() throws(FileError) -> Path {
    guard let outside else {
      try FileSystem.createFolders(layout.temporary)
      return layout.temporary
    }
    try FileSystem.createFolders(outside)
    return try FileSystem.createTemporaryFolder(in: outside)
  }

  /// Removes the folder; what cannot be removed harms nobody.
  public func remove() {
    made.withLock { made in
      if let made { try? FileSystem.removeTree(made) }
      made = nil
    }
  }
}
