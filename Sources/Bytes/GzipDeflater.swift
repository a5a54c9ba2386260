import CDeflate

/// Compresses text into gzip members (RFC 1952).
///
/// The same text gives the same bytes at the same level and with the same version of libdeflate.
@safe
public struct GzipDeflater: ~Copyable {
  /// How much text a member of a file has, in bytes; only the last one has less.
  ///
  /// The bytes of every compressed output depend on it.
  public static let memberSize = 1 << 20

  /// What compresses, for those who keep what it makes.
  public static let name = "libdeflate"

  private let compressor: OpaquePointer

  /// Makes a deflater, which costs far more than the compression of a short text.
  ///
  /// - Parameter level: 1 (fast) to 9 (small).
  /// - Throws: `outOfMemory`.
  public init(level: Int) throws(GzipError) {
    guard let compressor = unsafe libdeflate_alloc_compressor(Int32(level)) else {
      throw .outOfMemory
    }
    unsafe self.compressor = compressor
  }

  deinit {
    unsafe libdeflate_free_compressor(compressor)
  }

  /// Appends one member that holds `text`, whatever its size.
  public mutating func appendMember(of text: Span<UInt8>, to output: inout ByteBuffer) {
    let room = unsafe libdeflate_gzip_compress_bound(compressor, text.count)
    let byteCount = unsafe output.appendRoom(room) { target in
      unsafe text.withUnsafeBytes { source in
        // SAFETY: libdeflate reads `source.count` bytes and writes at most `target.count`; both
        // outlive the call.
        unsafe libdeflate_gzip_compress(
          compressor, source.baseAddress, source.count, target.baseAddress, target.count)
      }
    }
    precondition(byteCount > 0, "libdeflate's bound leaves room for any text")
  }

  /// Compresses what comes next of a file's text.
  ///
  /// Members end where the text's offset in the file is a multiple of `memberSize`, so that a file
  /// is the same bytes however its text comes in pieces.
  ///
  /// - Parameters:
  ///   - text: What comes next; it begins at such an offset.
  ///   - isLast: Whether the file ends with it. No text at all is an empty member then.
  ///   - store: Is lent one member after the other.
  /// - Returns: How many bytes are compressed: all if `isLast`, else those of the members that
  ///   `text` has whole. The rest must come again, before what follows it.
  /// - Throws: What `store` throws.
  public mutating func deflate<Failure: Error>(
    _ text: Span<UInt8>, isLast: Bool, _ store: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    // Not kept: the writers of a thread get the same memory, one after the other.
    var member = ByteBuffer()
    var start = 0
    repeat {
      let end = min(start + GzipDeflater.memberSize, text.count)
      guard isLast || end - start == GzipDeflater.memberSize else { break }
      member.removeAll()
      appendMember(of: text.extracting(start..<end), to: &member)
      try store(member.bytes)
      start = end
    } while start < text.count
    return start
  }
}
