import Bytes

/// A file of a partition being written: compressed where the output is, and hashed as stored.
final class PartFile {
  private let file: OpenFile
  private let compressor: Compressor?
  private var hasher = SHA256Hasher()
  /// Bytes as stored, so far.
  private(set) var byteCount = 0

  /// `compressor`: the writer's, which serves one file after the other.
  init(_ path: Path, _ compressor: Compressor?) throws(FileError) {
    file = try OpenFile(path, .writing)
    self.compressor = compressor
  }

  /// Of the bytes as stored, so far.
  var hash: SHA256Digest { hasher.finish() }

  /// Writes the next bytes before compression.
  ///
  /// `isLast`: No more follow.
  ///
  /// - Returns: How many bytes are written: all if `isLast`; where the file is compressed, else
  ///   those of whole gzip members. The rest must come again, before what follows it.
  func write(_ bytes: Span<UInt8>, isLast: Bool) throws(FileError) -> Int {
    guard let compressor else {
      try store(bytes)
      return bytes.count
    }
    // Text that ends with a whole member needs no empty one after it.
    if bytes.isEmpty && byteCount > 0 { return 0 }
    return try compressor.compress(bytes, isLast: isLast) { (bytes) throws(FileError) in
      try store(bytes)
    }
  }

  private func store(_ bytes: Span<UInt8>) throws(FileError) {
    hasher.update(bytes)
    try file.write(bytes)
    byteCount += bytes.count
  }

  /// Starts the stored bytes on their way to the disk.
  func startWriteback() { file.startWriteback(0..<byteCount) }
}

/// Lets the files of a writer, one after the other, share a deflater, which cannot be copied.
final class Compressor {
  private var deflater: GzipDeflater

  /// `level`: From 1, fast, to 9, small.
  init(level: Int) throws(GzipError) {
    deflater = try GzipDeflater(level: level)
  }

  /// As `GzipDeflater.deflate`.
  func compress(
    _ bytes: Span<UInt8>, isLast: Bool, _ store: (Span<UInt8>) throws(FileError) -> Void
  ) throws(FileError) -> Int {
    try deflater.deflate(bytes, isLast: isLast, store)
  }
}
