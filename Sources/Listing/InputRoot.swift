public import Bytes

/// One input of a job: a folder or a file.
public struct InputRoot: Sendable {
  /// Where it is, as `FileSystem.place(ofInput:)` has it.
  public var path: Path
  /// What reports and the dataset call it.
  ///
  /// For a folder it is the name that the paths of its files begin with, for a file the whole of its
  /// path; a file's last part is the same in both.
  public var source: Path

  public init(path: Path, source: Path) {
    self.path = path
    self.source = source
  }

  /// What reports and the dataset call the file at `path`.
  ///
  /// - Parameter path: Absolute, the input's links resolved.
  /// - Returns: Nil if the file is not at or below this input.
  public func source(of path: Path) -> Path? {
    guard path.isAt(orBelow: self.path) else { return nil }
    return source.appending(Array(path.bytes[self.path.bytes.count...].drop { $0 == ASCII.slash }))
  }

  /// The folder of an input that is a file.
  var folder: ListedFolder {
    let slash = source.bytes.lastIndex(of: ASCII.slash)
    let folder = slash.map { Array(source.bytes[..<max(1, $0)]) } ?? []
    return ListedFolder(path: path.parent, source: Path(bytes: folder), depth: 0)
  }
}
