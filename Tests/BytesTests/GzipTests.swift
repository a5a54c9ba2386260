import Bytes
import Testing

/// Members in memory are inflated by another library than those that come piece by piece: nobody
/// may notice.
struct GzipTests {
  private static let text = Array(
    (0..<400).map { #"{"eventID":"\#($0 &* 2_654_435_761)","eventName":"GetObject"}"# }
      .joined(separator: ",").utf8)

  /// What `inflateWhole` gives, nil if it declines, and where it stops.
  private func whole(_ stored: [UInt8], room: Int) throws -> (bytes: [UInt8], end: Int)? {
    var inflater = try GzipInflater()
    var output = ByteBuffer()
    var position = 0
    let isDone = inflater.inflateWhole(stored.span, at: &position, into: &output, room: room)
    guard isDone else {
      #expect(output.isEmpty && position == 0)
      return nil
    }
    return (output.bytes.copied(), position)
  }

  @Test func `a whole member is the same either way`() throws {
    let stored = try gzipped(Self.text)
    let result = try whole(stored, room: Self.text.count)
    #expect(result?.bytes == Self.text)
    #expect(result?.end == stored.count)
    #expect(try gunzipped(stored) == Self.text)
  }

  @Test func `what stands behind a member is left alone`() throws {
    let stored = try gzipped(Self.text)
    let result = try whole(stored + [1, 2, 3], room: Self.text.count + 10)
    #expect(result?.bytes == Self.text)
    #expect(result?.end == stored.count)
  }

  @Test func `an empty member is one too`() throws {
    let stored = try gzipped([])
    #expect(try whole(stored, room: 0)?.end == stored.count)
  }

  @Test func `a member that does not fit is left to zlib`() throws {
    #expect(try whole(try gzipped(Self.text), room: Self.text.count - 1) == nil)
  }

  @Test func `a truncated member is never taken`() throws {
    let stored = try gzipped(Self.text)
    for count in 0..<stored.count {
      #expect(try whole(Array(stored[..<count]), room: Self.text.count) == nil)
    }
  }

  @Test func `a flipped bit changes nothing, or is noticed by both`() throws {
    let stored = try gzipped(Self.text)
    for bit in 0..<(stored.count * 8) {
      var damaged = stored
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      let byZlib = try? gunzipped(damaged)
      // zlib alone looks at the CRC of a header; what has one is left to it.
      if let result = try whole(damaged, room: Self.text.count) {
        #expect(result.bytes == Self.text && byZlib == Self.text, "bit \(bit)")
      }
    }
  }
}
