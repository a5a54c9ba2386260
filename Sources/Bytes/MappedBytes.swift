import Glibc

/// Bytes in a temporary file without a name: in memory only while they are looked at.
@safe
public final class MappedBytes {
  private let start: UnsafeMutableRawPointer
  private let count: Int

  /// Writes bytes, of which there must be some, to a file; nil where files cannot be mapped.
  ///
  /// `path`: A name that it has for a moment; nothing may have it.
  ///
  /// - Throws: `FileError`.
  public init?(_ bytes: Span<UInt8>, path: Path) throws(FileError) {
    let file = try OpenFile.nameless(path)
    try file.write(bytes, at: 0)
    count = bytes.count
    // SAFETY: a new mapping, which is given back once; the file stays with it.
    let mapping = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { return nil }
    unsafe start = mapping
  }

  deinit {
    unsafe munmap(start, count)
  }

  /// Lends the bytes.
  public func withBytes<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    // The file has them: they are read again when they are wanted.
    defer { unsafe madvise(start, count, MADV_DONTNEED) }
    // SAFETY: the mapping has `count` bytes until `self` goes, and nobody else knows the file.
    return try unsafe body(
      Span(_unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: count))
  }
}
