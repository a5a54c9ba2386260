import Bytes

/// A temporary file without a name, which goes with the last that holds it or with the process.
final class NamelessFile: Sendable {
  let file: OpenFile

  /// - Parameter path: A name that it has for a moment.
  /// - Throws: `FileError`.
  init(_ path: Path) throws(FileError) {
    file = try OpenFile.nameless(path)
  }
}
