import Bytes
import TestSupport
import Testing

/// Datasets are promised to be the same bytes every time: a member may depend on nothing but its
/// text and its level.
struct GzipDeflaterTests {
  @Test func `every text comes back from both inflaters at every level`() {
    #expect(
      faults("level", in: 1...9) { level in
        for seed in UInt64(0)..<6 {
          let text = GzipDeflaterTests.text(seed: seed)
          let stored = try gzipped(text, level: level)
          let expected = GzipEnding.ended(output: text, used: stored.count)
          for (name, ending) in [
            ("zlib", inflate(stored, cuts: [])),
            ("libdeflate", inflateWhole(stored, room: text.count)),
          ] where ending != expected {
            return "seed \(seed): \(name) does not give the text of one member back"
          }
        }
        return nil
      } == [])
  }

  @Test func `a deflater that is used again writes the bytes of a new one`() {
    #expect(
      faults("level", in: 1...9) { level in
        var deflater = try GzipDeflater(level: level)
        for seed in UInt64(0)..<6 {
          let text = GzipDeflaterTests.text(seed: seed)
          var output = ByteBuffer()
          deflater.appendMember(of: text.span, to: &output)
          if output.bytes.copied() != (try gzipped(text, level: level)) { return "seed \(seed)" }
        }
        return nil
      } == [])
  }

  @Test func `the header holds no time and no name`() throws {
    let header = try gzipped(Array("text".utf8)).prefix(8)
    #expect(header == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  // MARK: Files of several members

  private static let size = GzipDeflater.memberSize

  /// Sizes of texts around those of one member and of two.
  private static let sizes = [0, 1, size - 1, size, size + 1, 2 * size, 2 * size + 1]

  @Test func `a file has a member for each MiB of its text, at every level`() {
    let text = Self.long
    #expect(
      faults("level", in: 1...9) { level in
        // Where a member ends is the same at every level: most try only the longest text.
        for size in [1, 6, 9].contains(level) ? Self.sizes : Self.sizes.suffix(1) {
          let text = Array(text.prefix(size))
          let expected = try stride(from: 0, to: max(size, 1), by: Self.size).flatMap {
            try gzipped(Array(text[$0..<min($0 + Self.size, size)]), level: level)
          }
          let stored = try deflate(text, level)
          if stored != expected { return "\(size) bytes: other members" }
          if try gunzipped(stored) != text { return "\(size) bytes: another text in each member" }
          if inflateFile(stored, cuts: [stored.count / 3]) != .unfinished(output: text) {
            return "\(size) bytes: another text in the file"
          }
        }
        return nil
      } == [])
  }

  @Test func `a file is the same bytes however its text comes in pieces`() {
    let text = Self.long
    #expect(
      faults("seed", in: UInt64(0)..<21) { seed in
        let text = Array(text.prefix(Self.sizes[Int(seed) % Self.sizes.count]))
        var random = SeededGenerator(seed: seed)
        let most = random.pick([5_000, 300_000, Self.size, 3 * Self.size])
        var pieces: [Int] = []
        while pieces.reduce(0, +) < text.count { pieces.append(random.within(0...most)) }
        return try deflate(text, 1, pieces) == deflate(text, 1)
          ? nil : "pieces \(pieces): other bytes than at once"
      } == [])
  }

  /// Compresses the text of a file that comes in `pieces`, and keeps what has to come again.
  private func deflate(_ text: [UInt8], _ level: Int, _ pieces: [Int] = []) throws -> [UInt8] {
    var deflater = try GzipDeflater(level: level)
    var stored: [UInt8] = []
    var (start, end) = (0, 0)
    for piece in pieces {
      end = min(end + piece, text.count)
      start += deflater.deflate(text.span.extracting(start..<end), isLast: false) {
        stored += $0.copied()
      }
    }
    if start == text.count && !stored.isEmpty { return stored }
    let used = deflater.deflate(text.span.extracting(start...), isLast: true) {
      stored += $0.copied()
    }
    #expect(used == text.count - start)
    return stored
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

  /// A text of more than two members, with noise in it.
  private static let long = {
    var long: [UInt8] = []
    while long.count <= 2 * size { long += [3, 1, 4, 5].flatMap(text(seed:)) }
    return long
  }()
}
