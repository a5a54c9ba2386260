public import Bytes

/// One gzip member holding `bytes`.
public func gzipped(_ bytes: [UInt8], level: Int = 6) throws(GzipError) -> [UInt8] {
  var output = ByteBuffer()
  var deflater = try GzipDeflater(level: level)
  deflater.appendMember(of: bytes.span, to: &output)
  return output.bytes.copied()
}

/// All members of gzip data, inflated; zeros after them are ignored.
///
/// - Throws: On damage, and `notGzip` for anything else after a member.
public func gunzipped(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
  var output = ByteBuffer(capacity: bytes.count * 8 + 64)
  var inflater = try GzipInflater(stopsAfterMember: true)
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
