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
/// One inflater serves a whole run: `reset()` costs far less than a new one.
@safe
public struct GzipInflater: ~Copyable {
  /// Why `inflate` returned.
  public enum Pause: Sendable {
    /// All input is used up and the member has not ended.
    case inputEnded
    /// The room is full and the member has not ended.
    case roomFull
    /// The member has ended and its CRC and length are right.
    case memberEnded
  }

  // zlib keeps a pointer back to the stream, so it needs an address that never changes.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Makes an inflater for gzip data only (not zlib, not raw deflate).
  ///
  /// - Throws: `outOfMemory`.
  public init() throws(GzipError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, 16 for "gzip header expected" (zlib.h, inflateInit2).
    guard unsafe trailmerge_inflateInit2(stream, 15 + 16) == Z_OK else {
      unsafe stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Gets ready for the next member.
  public mutating func reset() {
    unsafe _ = inflateReset(stream)
  }

  /// Inflates `input` from `position` on and appends at most `room` bytes to `output`.
  ///
  /// `position`: Moved behind the bytes that were used.
  /// `isWhole`: Whether `input` holds the stream to its end, which lets zlib skip its window.
  ///
  /// - Throws: On damage; `output` then holds what came before it.
  public mutating func inflate(
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

/// Writes one gzip member piece by piece, the same bytes for the same data and zlib version.
@safe
public struct GzipDeflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  /// Makes a deflater.
  ///
  /// - Parameter level: 1 (fast) to 9 (small).
  /// - Throws: `outOfMemory`.
  public init(level: Int) throws(GzipError) {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    guard unsafe trailmerge_deflateInit2(stream, Int32(level), 15 + 16) == Z_OK else {
      unsafe stream.deallocate()
      throw .outOfMemory
    }
  }

  deinit {
    unsafe deflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Gets ready for the next member.
  public mutating func reset() {
    unsafe _ = deflateReset(stream)
  }

  /// Compresses `input` and appends what is ready to `output`.
  ///
  /// `isLast`: whether the member ends with this input.
  public mutating func deflate(
    _ input: Span<UInt8>, isLast: Bool, into output: inout ByteBuffer
  ) throws(GzipError) {
    var used = 0
    while true {
      let room = max(64 << 10, (input.count - used) / 4)
      var status = Z_OK
      var remaining = 0
      unsafe _ = output.appendRoom(room) { target in
        unsafe input.withUnsafeBufferPointer { source in
          // SAFETY: as in `GzipInflater.inflate`.
          unsafe stream.pointee.next_in = UnsafeMutablePointer(
            mutating: source.baseAddress.map { unsafe $0 + used })
          unsafe stream.pointee.avail_in = UInt32(clamping: source.count - used)
          unsafe stream.pointee.next_out = target.baseAddress
          unsafe stream.pointee.avail_out = UInt32(clamping: target.count)
          status = unsafe CZlib.deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
          used = unsafe source.count - Int(stream.pointee.avail_in)
          remaining = unsafe Int(stream.pointee.avail_out)
          return target.count - remaining
        }
      }
      if status == Z_STREAM_ERROR { throw .corrupt("deflate stream in an impossible state") }
      if isLast ? status == Z_STREAM_END : remaining > 0 { return }
    }
  }
}

/// One gzip member holding `bytes`.
public func gzipped(_ bytes: [UInt8], level: Int = 6) throws(GzipError) -> [UInt8] {
  var output = ByteBuffer(capacity: bytes.count / 4 + 64)
  var deflater = try GzipDeflater(level: level)
  try deflater.deflate(bytes.span, isLast: true, into: &output)
  return output.bytes.copied()
}

/// All members of gzip data, inflated; zeros behind them are ignored.
///
/// - Throws: On damage, and `notGzip` for anything else behind a member.
public func gunzipped(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
  var output = ByteBuffer(capacity: bytes.count * 8 + 64)
  var inflater = try GzipInflater()
  var position = 0
  repeat {
    inflater.reset()
    var pause = GzipInflater.Pause.roomFull
    while pause != .memberEnded {
      pause = try inflater.inflate(
        bytes.span, at: &position, into: &output, room: max(64 << 10, bytes.count * 4),
        isWhole: true)
      if pause == .inputEnded { throw .truncated }
    }
    if bytes[position...].allSatisfy({ $0 == 0 }) { return output.bytes.copied() }
  } while true
}
