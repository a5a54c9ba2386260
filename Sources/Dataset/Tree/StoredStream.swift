public import Bytes
import CloudTrail

/// Reads committed files piece by piece: inflated where they are compressed, hashed as stored.
///
/// One stream serves many files, with its buffers. What a reader finds different from the commit,
/// down to a file that is gone, is a `DatasetError`.
public final class StoredStream {
  /// Bytes of the open file as stored, so far.
  public private(set) var byteCount = 0

  private var file: Box<OpenFile>?
  private var isCompressed = false
  private var stored = ByteBuffer()
  private var storedPosition = 0
  private var inflater: GzipInflater
  private var hasher = SHA256Hasher()

  private static let pieceSize = 64 << 10
  /// The most bytes that are read at once: who has room for a long line wants no more than that.
  private static let pieceLimit = 256 << 10

  public init() throws(GzipError) {
    inflater = try GzipInflater()
  }

  /// The file that is open, or was last.
  public var path: Path { file?.value.path ?? "" }

  /// Of the bytes as stored, so far.
  public var hash: SHA256Digest { hasher.finish() }

  /// Goes on with another file, which is inflated if its name as a part ends in `.gz`.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is missing.
  public func open(_ source: StoredSegment.File) throws {
    try open(source.path, isCompressed: source.part.name.hasSuffix(".gz"))
  }

  /// Goes on with another file.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is missing.
  func open(_ path: Path, isCompressed: Bool) throws {
    do {
      try path.checkIsFile()
      file = Box(try OpenFile(path))
    } catch let error as FileError {
      guard error.isNotFound else { throw error }
      throw DatasetError.missing(path)
    }
    self.isCompressed = isCompressed
    hasher = SHA256Hasher()
    stored.removeAll()
    inflater.reset()
    (storedPosition, byteCount) = (0, 0)
  }

  /// Appends the next bytes.
  ///
  /// - Returns: False at the end of the file.
  /// - Throws: `DatasetError`, `FileError`, and `Stopped` when a signal asks to stop.
  public func read(into buffer: inout ByteBuffer) throws -> Bool {
    guard let file else { return false }
    try StopSignal.check()
    let before = buffer.count
    buffer.reserve(StoredStream.pieceSize)
    let room = min(buffer.room, StoredStream.pieceLimit)
    if !isCompressed {
      let count = try file.value.read(room, into: &buffer)
      buffer.withBytes { hasher.update($0.extracting(before...)) }
      byteCount += count
      return count > 0
    }
    while buffer.count == before {
      if storedPosition == stored.count {
        stored.removeAll()
        storedPosition = 0
        let count = try file.value.read(StoredStream.pieceSize, into: &stored)
        if count == 0 { return false }
        stored.withBytes { hasher.update($0) }
        byteCount += count
      }
      try inflate(room, into: &buffer)
    }
    return true
  }

  /// Appends at most so many bytes.
  private func inflate(_ room: Int, into buffer: inout ByteBuffer) throws {
    do {
      try stored.withBytes { (input) throws(GzipError) in
        _ = try inflater.inflate(
          input, at: &storedPosition, into: &buffer,
          room: room, isWhole: false)
      }
    } catch GzipError.outOfMemory {
      throw GzipError.outOfMemory
    } catch {
      throw DatasetError.changedFromOutside(path, "cannot be inflated")
    }
  }

  /// Reads the file to its end, for its hash.
  public func readToEnd() throws {
    guard let file else { return }
    while true {
      try StopSignal.check()
      stored.removeAll()
      let count = try file.value.read(StoredStream.pieceSize, into: &stored)
      storedPosition = stored.count
      if count == 0 { return }
      stored.withBytes { hasher.update($0) }
      byteCount += count
    }
  }
}
