public import Bytes

/// Finds folders of a dataset that a commit cannot reach.
///
/// A commit renames staged files into their places, in one step each. That works within one file
/// system only, and within one mount of it. A folder elsewhere is found before anything changes: once
/// the journal is written, a commit that cannot end would be the end of the dataset.
public struct MountCheck {
  private let layout: DatasetLayout
  private let home: MountID
  /// Folders, relative to the dataset, that are where they should be.
  private var passed: Set<Path> = []

  /// - Throws: `FileError` when the dataset's own folder cannot be looked at.
  public init(_ layout: DatasetLayout) throws(FileError) {
    self.layout = layout
    home = try FileSystem.mount(of: layout.own)
  }

  /// Checks a folder, as far as it is there, and all above it.
  ///
  /// `folder`: relative to the dataset.
  ///
  /// - Throws: `DatasetError.otherFileSystem` for the first that is elsewhere; `FileError`.
  /// - Complexity: one status call for each folder that was not checked before.
  public mutating func check(_ folder: Path) throws {
    if passed.contains(folder) { return }
    if folder.bytes.contains(ASCII.slash) { try check(folder.parent) }
    let path = layout.root.appending(folder)
    if let mount = try mount(of: path), mount != home {
      throw DatasetError.otherFileSystem(path, layout.own)
    }
    passed.insert(folder)
  }

  private func mount(of path: Path) throws(FileError) -> MountID? {
    do {
      return try FileSystem.mount(of: path)
    } catch {
      guard error.isNotFound else { throw error }
      return nil
    }
  }
}
