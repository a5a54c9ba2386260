import CDeflate
import CZlib

/// What is wrong with gzip data.
public enum GzipError: Error, Equatable {
  /// The bytes do not begin with a gzip header.
  case notGzip
  /// The data ends before the stream does.
  case truncated
  /// zlib met something impossible; the text is zlib's own.
  case corrupt(String)
  /// zlib could not get memory.
  case outOfMemory
}

/// Inflates gzip members (RFC 1952), checking their CRC and length.
///
/// A member that is in memory from end to end is inflated by libdeflate, in half of zlib's time;
/// what comes piece by piece, and everything that is damaged, goes through zlib, which says where
/// and why. One inflater serves a whole run: `reset()` costs far less than a new one.
@safe
public struct GzipInflater: ~Copyable {
  /// Why `inflate` returned.
  public enum Pause: Sendable {
    /// All input is used up and the text may go on.
    case inputEnded
    /// The room is full and the text may go on.
    case roomFull
    /// The member has ended and its CRC and length are right; only where an inflater stops there.
    case memberEnded
  }

  // zlib keeps a pointer back to the stream, so it needs an address that never changes.
  private let stream: UnsafeMutablePointer<z_stream>
  private let whole: OpaquePointer
  private let stopsAfterMember: Bool

  /// Makes an inflater for gzip data only (not zlib, not raw deflate).
  ///
  /// - Parameter stopsAfterMember: Whether `inflate` stops where a member ends. Otherwise it goes on
  ///   with the next one: the members of a file are one text, as RFC 1952 has it.
  /// - Throws: `outOfMemory`.
  public init(stopsAfterMember: Bool = false) throws(GzipError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, 16 for "gzip header expected" (zlib.h, inflateInit2).
    guard unsafe trailmerge_inflateInit2(stream, 15 + 16) == Z_OK,
      let whole = unsafe libdeflate_alloc_decompressor()
    else {
      // Harmless where nothing was set up.
      unsafe inflateEnd(stream)
      unsafe stream.deallocate()
      throw .outOfMemory
    }
    unsafe self.stream = stream
    unsafe self.whole = whole
    self.stopsAfterMember = stopsAfterMember
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
    unsafe libdeflate_free_decompressor(whole)
  }

  /// Gets ready for the next member or file.
  public mutating func reset() {
    unsafe _ = inflateReset(stream)
  }

  /// Inflates the member that begins at `position`, if `input` holds it to its end.
  ///
  /// `position`: Moved after the member.
  /// `room`: The most bytes to append to `output`.
  ///
  /// - Returns: Whether the member is sound and fits; if not, nothing has changed, and `inflate`
  ///   says what is wrong.
  public mutating func inflateWhole(
    _ input: Span<UInt8>, at position: inout Int, into output: inout ByteBuffer, room: Int
  ) -> Bool {
    // libdeflate does not look at a header's own CRC.
    guard position + 4 <= input.count, input[position + 3] & GzipInflater.headerCRCFlag == 0 else {
      return false
    }
    let start = position
    var used = 0
    _ = unsafe output.appendRoom(room) { target in
      unsafe input.withUnsafeBytes { source in
        guard let first = source.baseAddress else { return 0 }
        var written = 0
        // SAFETY: libdeflate reads `source.count - start` bytes from inside `source` and writes at
        // most `target.count` into `target`; both outlive the call.
        let result = unsafe libdeflate_gzip_decompress_ex(
          whole, first + start, source.count - start, target.baseAddress, target.count, &used,
          &written)
        if result != LIBDEFLATE_SUCCESS { used = 0 }
        return used == 0 ? 0 : written
      }
    }
    position = start + used
    return used > 0
  }

  /// The header flag that announces a CRC of the header (RFC 1952, 2.3.1).
  private static let headerCRCFlag: UInt8 = 0x02

  /// Inflates `input` from `position` on and appends at most `room` bytes to `output`.
  ///
  /// `position`: Moved after the bytes that were used.
  /// `isWhole`: Whether `input` holds the stream to its end, which lets zlib skip its window.
  ///
  /// - Throws: On damage; `output` then holds what came before it.
  public mutating func inflate(
    _ input: Span<UInt8>, at position: inout Int, into output: inout ByteBuffer, room: Int,
    isWhole: Bool
  ) throws(GzipError) -> Pause {
    let end = output.count + room
    while true {
      let pause = try inflateMember(
        input, at: &position, into: &output, room: end - output.count, isWhole: isWhole)
      if pause != .memberEnded || stopsAfterMember { return pause }
      reset()
    }
  }

  private mutating func inflateMember(
    _ input: Span<UInt8>, at position: inout Int, into output: inout ByteBuffer, room: Int,
    isWhole: Bool
  ) throws(GzipError) -> Pause {
    let start = position
    var status = Z_OK
    var used = 0
    unsafe _ = output.appendRoom(room) { target in
      unsafe input.withUnsafeBufferPointer { source in
        // SAFETY: zlib reads `avail_in` bytes from inside `source` and writes `avail_out` bytes
        // into `target`; both outlive the call. It does not write through `next_in`.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { unsafe $0 + start })
        unsafe stream.pointee.avail_in = UInt32(clamping: source.count - start)
        unsafe stream.pointee.next_out = target.baseAddress
        unsafe stream.pointee.avail_out = UInt32(clamping: target.count)
        status = unsafe CZlib.inflate(stream, isWhole ? Z_FINISH : Z_NO_FLUSH)
        used = unsafe source.count - start - Int(stream.pointee.avail_in)
        return unsafe target.count - Int(stream.pointee.avail_out)
      }
    }
    position = start + used
    switch status {
    case Z_STREAM_END: return .memberEnded
    case Z_OK, Z_BUF_ERROR:
      return unsafe stream.pointee.avail_out == 0 ? .roomFull : .inputEnded
    case Z_MEM_ERROR: throw .outOfMemory
    default:
      let message = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      if message == "incorrect header check" { throw .notGzip }
      throw .corrupt(message ?? "unknown damage")
    }
  }
}
