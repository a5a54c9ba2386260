import Bytes

/// Writes the files of a tree, making folders as they are needed.
struct TreeWriter {
  let folder: Path
  private var lastFolder: Path?

  init(folder: Path) {
    self.folder = folder
  }

  func createFolder() throws {
    try FileSystem.createFolders(folder)
  }

  /// Writes a file at `path`, which is relative to the tree.
  mutating func write(_ bytes: [UInt8], to path: String) throws {
    let path = folder.appending(path)
    if path.parent != lastFolder {
      try FileSystem.createFolders(path.parent)
      lastFolder = path.parent
    }
    try OpenFile(path, .writing).write(bytes.span)
  }
}
