import Bytes
import TestSupport
import Testing

/// Datasets are promised to be the same bytes every time: a member may depend on nothing but its
/// text and its level.
struct GzipDeflaterTests {
  @Test func `every text comes back at every level`() {
    #expect(
      faults("level", in: 1...9) { level in
        for seed in UInt64(0)..<6 {
          let text = GzipDeflaterTests.text(seed: seed)
          let stored = try gzipped(text, level: level)
          if try gunzipped(stored) != text { return "seed \(seed) does not come back" }
          let whole = inflateWhole(stored, room: text.count)
          if whole != .ended(output: text, used: stored.count) {
            return "seed \(seed) is not one whole member"
          }
        }
        return nil
      } == [])
  }

  @Test func `a member is the same bytes however its text comes in pieces`() {
    #expect(
      faults("seed", in: UInt64(0)..<24) { seed in
        let text = GzipDeflaterTests.text(seed: seed)
        let level = Int(seed % 9) + 1
        var random = SeededGenerator(seed: seed)
        var deflater = try GzipDeflater(level: level)
        var output = ByteBuffer()
        var start = 0
        while start < text.count {
          let end = min(start + random.within(0...random.pick([1, 100, 70_000])), text.count)
          try deflater.deflate(text.span.extracting(start..<end), isLast: false, into: &output)
          start = end
        }
        try deflater.deflate(text.span.extracting(start...), isLast: true, into: &output)
        return output.bytes.copied() == (try gzipped(text, level: level))
          ? nil : "level \(level): other bytes than at once"
      } == [])
  }

  @Test func `a deflater that is used again writes the bytes of a new one`() throws {
    var deflater = try GzipDeflater(level: 6)
    for seed in UInt64(0)..<6 {
      let text = Self.text(seed: seed)
      var output = ByteBuffer()
      deflater.reset()
      try deflater.deflate(text.span, isLast: true, into: &output)
      let fresh = try gzipped(text)
      #expect(output.bytes.copied() == fresh, "seed \(seed)")
    }
  }

  @Test func `the header holds no time and no name`() throws {
    let header = try gzipped(Array("text".utf8)).prefix(8)
    #expect(header == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  /// Nothing, noise, one byte over and over, and text with repetitions near and far.
  private static func text(seed: UInt64) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    switch seed % 6 {
    case 0: return []
    case 1: return (0..<200_000).map { _ in UInt8(random.within(0...255)) }
    case 2: return [UInt8](repeating: 0x20, count: 300_000)
    default:
      var text: [UInt8] = []
      while text.count < 120_000 {
        text += Array(#"{"eventID":"\#(random.within(0...9999))","eventName":"GetObject"},"#.utf8)
        if random.oneIn(50) { text += text.prefix(random.within(0...40_000)) }
      }
      return text
    }
  }
}
