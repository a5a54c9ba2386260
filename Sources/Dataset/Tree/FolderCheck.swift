public import Bytes

/// Finds folders of a dataset that a commit cannot reach, or must not.
///
/// A commit renames staged files into their places, in one step each. That works within one file
/// system only, and within one mount of it. A folder elsewhere is found before anything changes: once
/// the journal is written, a commit that cannot end would be the end of the dataset.
///
/// A link could lead out of the dataset: whoever can put one into it would choose what is replaced.
public struct FolderCheck {
  private let layout: DatasetLayout
  private let home: MountID
  /// Folders, relative to the dataset, that are where they should be: the last ones, for there may be
  /// hundreds of thousands.
  private var passed: Set<Path> = []

  private static let rememberedCount = 4096

  /// - Throws: `FileError` when the dataset's own folder cannot be looked at.
  public init(_ layout: DatasetLayout) throws(FileError) {
    self.layout = layout
    home = try FileSystem.mount(of: layout.own)
  }

  /// Checks a folder, as far as it is there, and all above it.
  ///
  /// `folder`: relative to the dataset.
  ///
  /// - Throws: `DatasetError.otherFileSystem` for the first that is elsewhere, `link` for the first
  ///   that is a link; `FileError`.
  /// - Complexity: two status calls for each folder that was not checked lately.
  public mutating func check(_ folder: Path) throws {
    if passed.contains(folder) { return }
    if folder.bytes.contains(ASCII.slash) { try check(folder.parent) }
    let path = layout.root.appending(folder)
    do {
      guard try FileSystem.mount(of: path) == home else {
        throw DatasetError.otherFileSystem(path, layout.own)
      }
      guard try FileSystem.status(path, followLinks: false).kind != .link else {
        throw DatasetError.link(path)
      }
    } catch let error as FileError {
      guard error.isNotFound else { throw error }
    }
    if passed.count == FolderCheck.rememberedCount { passed.removeAll(keepingCapacity: true) }
    passed.insert(folder)
  }
}
