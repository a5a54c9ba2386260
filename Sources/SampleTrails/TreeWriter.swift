import Bytes

/// Writes the files of a tree, making folders as they are needed.
///
/// One deflater serves all files: for tiny ones a new one would cost more than the compression.
struct TreeWriter: ~Copyable {
  let folder: Path
  private var lastFolder: Path?
  private var deflater: GzipDeflater
  private var stored: ByteBuffer

  /// Makes the tree's folder.
  init(folder: Path) throws {
    try FileSystem.createFolders(folder)
    deflater = try GzipDeflater(level: 6)
    stored = ByteBuffer()
    self.folder = folder
  }

  /// Writes a file at `path`, which is relative to the tree.
  mutating func write(_ bytes: [UInt8], to path: String) throws {
    try write(bytes.span, to: path)
  }

  /// Writes a file with one gzip member, or with the first `share` of one.
  ///
  /// - Returns: the bytes stored.
  mutating func write(
    gzipping document: [UInt8], to path: String, share: Double = 1
  ) throws -> Int {
    stored.removeAll()
    deflater.appendMember(of: document.span, to: &stored)
    if share < 1 { stored.truncate(to: Int(Double(stored.count) * share)) }
    let path = try place(path)
    try OpenFile(path, .writing).write(stored.bytes)
    return stored.count
  }

  private mutating func write(_ bytes: Span<UInt8>, to path: String) throws {
    let path = try place(path)
    try OpenFile(path, .writing).write(bytes)
  }

  /// The path below the tree, its folder made.
  private mutating func place(_ path: String) throws -> Path {
    let path = folder.appending(path)
    if path.parent != lastFolder {
      try FileSystem.createFolders(path.parent)
      lastFolder = path.parent
    }
    return path
  }
}
