import Bytes

/// Whole trees of files: written, listed and compared.
public enum FileTree {
  /// Writes `bytes` at `path` below `folder`, making folders as needed.
  public static func write(_ bytes: [UInt8], to path: String, in folder: String) throws {
    let path = Path(folder).appending(path)
    try FileSystem.createFolders(path.parent)
    try OpenFile(path, .writing).write(bytes.span)
  }

  /// Writes `text`, as one gzip member if the name ends in `.gz`.
  public static func write(_ text: String, to path: String, in folder: String) throws {
    let bytes = Array(text.utf8)
    try write(path.hasSuffix(".gz") ? gzipped(bytes) : bytes, to: path, in: folder)
  }

  public static func write(_ files: [TreeFile], in folder: String) throws {
    for file in files { try write(file.bytes, to: file.path, in: folder) }
  }

  /// Every file below `folder`, hidden ones too, by path in byte order.
  public static func read(_ folder: String) throws -> [TreeFile] {
    var files: [TreeFile] = []
    try collect(Path(folder), prefix: "", into: &files)
    return files.sorted { Array($0.path.utf8).lexicographicallyPrecedes($1.path.utf8) }
  }

  /// One line per file: SHA-256, bytes, path.
  public static func listing(of folder: String) throws -> String {
    listing(of: try read(folder))
  }

  /// The same of files that are read.
  public static func listing(of files: [TreeFile]) -> String {
    files.map { file in
      "\(SHA256Digest(of: file.bytes.span).hex)  \(file.bytes.count)  \(file.path)\n"
    }.joined()
  }

  /// Compares two trees.
  ///
  /// Paths that begin with one of `ignoring` may differ.
  ///
  /// - Returns: the first difference in words, or nil if there is none.
  /// - Throws: `FileError` if a tree cannot be read.
  public static func firstDifference(
    _ left: String, _ right: String, ignoring: [String] = []
  ) throws -> String? {
    func files(_ folder: String) throws -> [TreeFile] {
      try read(folder).filter { file in !ignoring.contains { file.path.hasPrefix($0) } }
    }
    return firstDifference(try files(left), try files(right))
  }

  /// Compares two lists of files, each by path in byte order.
  public static func firstDifference(_ left: [TreeFile], _ right: [TreeFile]) -> String? {
    for (a, b) in zip(left, right) {
      if a.path != b.path { return "only one side has \(min(a.path, b.path))" }
      if a.bytes != b.bytes { return difference(a.bytes, b.bytes, in: a.path) }
    }
    let longer = left.count > right.count ? left : right
    let shared = min(left.count, right.count)
    return longer.count > shared ? "only one side has \(longer[shared].path)" : nil
  }

  private static func difference(_ a: [UInt8], _ b: [UInt8], in path: String) -> String {
    let offset = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset
    let at = offset ?? min(a.count, b.count)
    func excerpt(_ bytes: [UInt8]) -> String {
      String(decoding: bytes[max(0, at - 40)..<min(bytes.count, at + 40)], as: UTF8.self)
    }
    return """
      \(path) differs at byte \(at) (\(a.count) and \(b.count) bytes):
        …\(excerpt(a))…
        …\(excerpt(b))…
      """
  }

  private static func collect(
    _ folder: Path, prefix: String, into files: inout [TreeFile]
  ) throws {
    for entry in try OpenFolder(folder).entries() {
      let path = folder.appending(entry.name)
      let relative = prefix + String(decoding: entry.name, as: UTF8.self)
      switch try FileSystem.status(path).kind {
      case .folder: try collect(path, prefix: relative + "/", into: &files)
      case .file:
        files.append(TreeFile(path: relative, bytes: try FileSystem.contents(of: path)))
      case .link, .other: break
      }
    }
  }
}

/// A file of a tree.
public struct TreeFile: Equatable, Sendable {
  /// Relative to the tree, with `/` between its parts.
  public var path: String
  public var bytes: [UInt8]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}
