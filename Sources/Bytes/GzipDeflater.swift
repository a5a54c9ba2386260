import CZlib

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

/// All members of gzip data, inflated; zeros after them are ignored.
///
/// - Throws: On damage, and `notGzip` for anything else after a member.
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
