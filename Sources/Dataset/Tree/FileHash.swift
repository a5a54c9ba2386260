public import Bytes

/// What a file holds, as far as anyone needs to know to tell it from another.
public struct FileHash: Hashable, Sendable {
  public var byteCount: Int
  public var sha256: SHA256Digest

  public init(byteCount: Int, sha256: SHA256Digest) {
    self.byteCount = byteCount
    self.sha256 = sha256
  }

  /// The hash of bytes in memory.
  public init(of bytes: Span<UInt8>) {
    self.init(byteCount: bytes.count, sha256: SHA256Digest(of: bytes))
  }

  /// The hash of a file on disk.
  ///
  /// `visit`: Gets the bytes, piece by piece.
  ///
  /// - Complexity: O(bytes), in constant memory.
  public init(
    ofFileAt path: Path, passing visit: (Span<UInt8>) -> Void = { _ in }
  ) throws(FileError) {
    let file = try OpenFile(path)
    var hasher = SHA256Hasher()
    var window = ByteBuffer(capacity: 256 << 10)
    var byteCount = 0
    while true {
      window.removeAll()
      let count = try file.read(256 << 10, at: byteCount, into: &window)
      if count == 0 { break }
      hasher.update(window.bytes)
      visit(window.bytes)
      byteCount += count
    }
    self.init(byteCount: byteCount, sha256: hasher.finish())
  }

  /// Whether a regular file at `path` holds these bytes.
  ///
  /// Links are not followed: what a link leads to is not the dataset's.
  ///
  /// - Complexity: O(bytes) where the length is right, else one status call.
  public func isHash(ofFileAt path: Path) throws(FileError) -> Bool {
    do {
      let status = try FileSystem.status(path, followLinks: false)
      guard status.kind == .file, status.byteCount == byteCount else { return false }
    } catch {
      guard error.isNotFound else { throw error }
      return false
    }
    return try FileHash(ofFileAt: path) == self
  }
}
