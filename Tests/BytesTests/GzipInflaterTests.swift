import Bytes
import TestSupport
import Testing

/// Members in memory are inflated by another library than those that come piece by piece: nobody
/// may notice which it was, nor where the pieces were cut.
struct GzipInflaterTests {
  private static let text = Array(
    (0..<400).map { #"{"eventID":"\#($0 &* 2_654_435_761)","eventName":"GetObject"}"# }
      .joined(separator: ",").utf8)

  /// Small enough to be cut, shortened and damaged in every way.
  private static let short = Array(#"{"Records":[{"eventID":"1"},{"eventID":"2"}]}"#.utf8)

  // MARK: Sound members

  @Test func `a whole member is the same either way`() throws {
    let stored = try gzipped(Self.text)
    let expected = GzipEnding.ended(output: Self.text, used: stored.count)
    #expect(inflateWhole(stored, room: Self.text.count) == expected)
    #expect(inflate(stored, cuts: [], isWhole: true) == expected)
    let inflated = try gunzipped(stored)
    #expect(inflated == Self.text)
  }

  @Test func `a member is the same wherever it is cut, and however little comes out at once`()
    throws
  {
    let stored = try gzipped(Self.short)
    let expected = GzipEnding.ended(output: Self.short, used: stored.count)
    #expect(
      faults("cut at", in: 0...stored.count) { cut in
        for room in [1, 2, 7, 1000] {
          let found = inflate(stored, cuts: [cut], room: room)
          if found != expected { return "room \(room): \(found)" }
        }
        return nil
      } == [])
    #expect(inflate(stored, cuts: Array(0..<stored.count)) == expected)
  }

  @Test func `what follows a member is left alone`() throws {
    let stored = try gzipped(Self.text)
    let expected = GzipEnding.ended(output: Self.text, used: stored.count)
    for tail in [[0], [1, 2, 3], try gzipped(Self.short)] {
      #expect(inflateWhole(stored + tail, room: Self.text.count + 10) == expected)
      #expect(inflate(stored + tail, cuts: [], isWhole: true) == expected)
      #expect(inflate(stored + tail, cuts: [stored.count]) == expected)
    }
  }

  @Test func `members one after the other are inflated by one inflater`() throws {
    let stored = try gzipped(Self.short) + gzipped([]) + gzipped(Self.text) + [0, 0, 0]
    let inflated = try gunzipped(stored)
    #expect(inflated == Self.short + Self.text)
    #expect(throws: GzipError.notGzip) { try gunzipped(stored + [1]) }
  }

  @Test func `the members of a file are one text, wherever it is cut`() throws {
    let stored = try gzipped(Self.short) + gzipped([]) + gzipped(Self.short)
    let text = Self.short + Self.short
    #expect(
      faults("cut at", in: 0...stored.count) { cut in
        for room in [1, Self.short.count, 1000] {
          let found = inflateFile(stored, cuts: [cut], room: room)
          if found != .unfinished(output: text) { return "room \(room): \(found)" }
          let strayed = inflateFile(stored + [0x7B, 0x7D], cuts: [cut], room: room)
          if strayed != .failed(.notGzip, output: text) { return "room \(room): \(strayed)" }
        }
        return nil
      } == [])
  }

  @Test func `an empty member is one too`() throws {
    let stored = try gzipped([])
    let expected = GzipEnding.ended(output: [], used: stored.count)
    #expect(inflateWhole(stored, room: 0) == expected)
    #expect(inflate(stored, cuts: []) == expected)
  }

  @Test func `a member that does not fit is left to zlib`() throws {
    let stored = try gzipped(Self.text)
    for room in [0, 1, Self.text.count - 1] { #expect(inflateWhole(stored, room: room) == nil) }
  }

  // MARK: Damaged members

  @Test func `a truncated member is never taken, and gives what came before the cut`() throws {
    let stored = try gzipped(Self.short)
    #expect(
      faults("bytes", in: 0..<stored.count) { count in
        let part = Array(stored[..<count])
        if inflateWhole(part, room: Self.short.count) != nil { return "taken as a whole" }
        for cut in 0...count {
          for isWhole in [false, true] {
            let found = inflate(part, cuts: [cut], isWhole: isWhole)
            guard case .unfinished(let output) = found else { return "cut at \(cut): \(found)" }
            if !Self.short.starts(with: output) { return "cut at \(cut): other bytes came out" }
          }
        }
        return nil
      } == [])
  }

  @Test func `a flipped bit has the same end whole, at once and in pieces`() throws {
    let stored = try gzipped(Self.short)
    #expect(
      faults("bit", in: 0..<(stored.count * 8)) { bit in
        var damaged = stored
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        let expected = inflate(damaged, cuts: [], isWhole: true)
        if case .ended(let output, _) = expected, output != Self.short {
          return "other bytes are taken for sound"
        }
        for cut in 0...damaged.count {
          let found = inflate(damaged, cuts: [cut])
          if found != expected { return "cut at \(cut): \(found), at once \(expected)" }
        }
        // What has a CRC of its header is left to zlib, which looks at it.
        let whole = inflateWhole(damaged, room: Self.short.count)
        return whole == nil || whole == expected ? nil : "whole: \(String(describing: whole))"
      } == [])
  }

  @Test func `a header with a CRC of its own that is wrong is noticed`() throws {
    var stored = try gzipped(Self.short)
    stored[3] = 2
    stored.insert(contentsOf: [0, 0], at: 10)
    #expect(inflateWhole(stored, room: Self.short.count) == nil)
    for cut in 0...stored.count {
      guard case .failed(.corrupt, let output) = inflate(stored, cuts: [cut]) else {
        Issue.record("cut at \(cut)")
        continue
      }
      #expect(output.isEmpty)
    }
  }

  @Test func `two flipped bits in a larger member have the same end, too`() throws {
    let stored = try gzipped(Self.text)
    #expect(
      faults("seed", in: UInt64(0)..<300) { seed in
        var random = SeededGenerator(seed: seed)
        var damaged = stored
        for _ in 0..<2 {
          let bit = random.within(0...(stored.count * 8 - 1))
          damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        }
        let expected = inflate(damaged, cuts: [], isWhole: true)
        let cuts = [random.within(0...stored.count), random.within(0...stored.count)].sorted()
        let found = inflate(damaged, cuts: cuts, room: random.within(1...5000))
        if found != expected { return "cut at \(cuts): \(found), at once \(expected)" }
        let whole = inflateWhole(damaged, room: Self.text.count)
        return whole == nil || whole == expected ? nil : "whole: \(String(describing: whole))"
      } == [])
  }

  @Test(arguments: ["", "{", "{}", "{\"Records\":[]}", "\u{1F}", "\u{1F}\u{1F}", "PK\u{3}\u{4}"])
  func `other data is not taken for gzip`(text: String) throws {
    let bytes = Array(text.utf8)
    #expect(inflateWhole(bytes, room: 100) == nil)
    if bytes.count > 1 {
      #expect(inflate(bytes, cuts: []) == .failed(.notGzip, output: []))
    }
  }
}
