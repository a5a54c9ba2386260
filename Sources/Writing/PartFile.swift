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
    compressor?.reset()
  }

  /// Of the bytes as stored, so far.
  var hash: SHA256Digest { hasher.finish() }

  /// Writes the next bytes before compression.
  ///
  /// `isLast`: No more follow.
  func write(_ bytes: Span<UInt8>, isLast: Bool) throws {
    guard let compressor else { return try store(bytes) }
    try compressor.compress(bytes, isLast: isLast) { (bytes) throws(FileError) in
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

/// Compresses what goes into files, one after the other.
final class Compressor {
  private var deflater: GzipDeflater
  private var output = ByteBuffer(capacity: 128 << 10)

  /// `level`: From 1, fast, to 9, small.
  init(level: Int) throws(GzipError) {
    deflater = try GzipDeflater(level: level)
  }

  func reset() { deflater.reset() }

  /// Lends what is ready of the compressed bytes to `store`.
  func compress(
    _ bytes: Span<UInt8>, isLast: Bool, _ store: (Span<UInt8>) throws(FileError) -> Void
  ) throws {
    output.removeAll()
    try deflater.deflate(bytes, isLast: isLast, into: &output)
    try output.withBytes(store)
  }
}
