import Bytes

/// Goes through a column of identities, and checks at its end that it is the one that was committed.
final class IdentityColumnReader {
  /// What was read last: whole numbers.
  private(set) var window = ByteBuffer(capacity: IdentityColumnReader.windowSize)
  private var position = 0
  private var offset = 0
  private let file: OpenFile
  private let hash: FileHash
  private var hasher = SHA256Hasher()

  /// Bytes read at once.
  private static let windowSize = 128 << 10

  /// - Throws: `DatasetError.changedFromOutside` when the file is gone; `FileError`.
  init(_ path: Path, _ hash: FileHash) throws {
    guard try FileSystem.isThere(path) else {
      throw DatasetError.missing(path)
    }
    try path.checkIsFile()
    file = try OpenFile(path)
    self.hash = hash
  }

  /// Reads the next window.
  ///
  /// - Returns: False at the end.
  /// - Throws: `DatasetError.changedFromOutside` at the end of a file that is not as it was committed;
  ///   `FileError`; `Stopped`.
  func readWindow() throws -> Bool {
    try StopSignal.check()
    window.removeAll()
    position = 0
    if offset < hash.byteCount {
      let count = try file.read(IdentityColumnReader.windowSize, at: offset, into: &window)
      hasher.update(window.bytes)
      offset += count
      if count > 0 { return true }
    }
    guard try FileHash(byteCount: file.status().byteCount, sha256: hasher.finish()) == hash else {
      throw DatasetError.altered(file.path)
    }
    return false
  }

  /// The next number; nil after the last.
  ///
  /// - Throws: As `readWindow`.
  func next() throws -> UInt64? {
    if position + 8 > window.count, try !readWindow() { return nil }
    guard position + 8 <= window.count else { return nil }
    defer { position += 8 }
    return window.bytes.number(at: position)
  }
}
