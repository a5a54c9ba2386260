import Bytes

/// A file that is written from its beginning to its end, and whose hash is taken on the way.
final class HashedFile {
  /// What is to be written next.
  var output = ByteBuffer(capacity: 1 << 18)
  private let file: OpenFile
  private var hasher = SHA256Hasher()
  private var byteCount = 0

  /// How much waits before it is written.
  private static let pieceSize = 1 << 17

  init(_ path: Path, _ mode: OpenFile.Mode = .writing) throws(FileError) {
    file = try OpenFile(path, mode)
  }

  /// Writes what waits, if that is worth a call.
  func writeIfFull() throws(FileError) {
    if output.count > HashedFile.pieceSize { try write() }
  }

  /// Writes all of another file.
  func append(fileAt path: Path) throws(FileError) {
    let other = try OpenFile(path)
    while try other.read(HashedFile.pieceSize, into: &output) > 0 { try writeIfFull() }
  }

  /// Writes the rest.
  ///
  /// - Returns: What the file holds.
  func finish() throws(FileError) -> FileHash {
    try write()
    return FileHash(byteCount: byteCount, sha256: hasher.finish())
  }

  /// Writes the rest, and after it what is made of the hash of all that is before; then waits for the
  /// disk.
  func finish(sealing seal: (SHA256Digest) -> [UInt8]) throws(FileError) {
    try write()
    output.append(seal(hasher.finish()))
    try write()
    try file.sync()
  }

  private func write() throws(FileError) {
    try output.withBytes { (bytes) throws(FileError) in
      try file.write(bytes)
      hasher.update(bytes)
    }
    byteCount += output.count
    output.removeAll()
  }
}
