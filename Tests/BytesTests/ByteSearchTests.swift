import Bytes
import TestSupport
import Testing

/// Searches of eight bytes a step against loops of one: at every place of a word, at every length.
struct ByteSearchTests {
  @Test func `the first of a byte is found at every place, and no neighbour of it`() {
    #expect(
      faults("byte", in: UInt8.min...UInt8.max) { byte in
        // A borrow in the arithmetic could mark the byte above a match, or one that differs in a bit.
        for filler in [byte ^ 0x01, byte ^ 0x80, byte &+ 1, byte &- 1] {
          for length in [1, 7, 8, 9, 16, 19] {
            for place in 0..<length {
              var text = [UInt8](repeating: filler, count: length)
              text[place] = byte
              for start in 0...length {
                let expected = text[start...].firstIndex(of: byte) ?? length
                let found = ByteSearch.first(byte, in: text.span, from: start)
                if found != expected {
                  return "in \(text) from \(start) at \(found), expected \(expected)"
                }
              }
            }
          }
        }
        return nil
      } == [])
  }

  @Test func `a plain string ends at each byte that JSON does not take as it is, and at no other`()
  {
    #expect(
      faults("byte", in: UInt8.min...UInt8.max) { byte in
        let isEnd = byte == 0x22 || byte == 0x5C || byte < 0x20
        for length in 1...18 {
          for place in 0..<length {
            var text = [UInt8](repeating: 0x7E, count: length)
            text[place] = byte
            let found = ByteSearch.endOfPlainString(text.span, from: 0)
            let expected = isEnd ? place : length
            if found != expected {
              return "in place \(place) of \(length) it ends at \(found), expected \(expected)"
            }
          }
        }
        return nil
      } == [])
  }

  @Test func `byte strings are ordered as their arrays are`() {
    #expect(
      faults("seed", in: UInt64(0)..<3_000) { seed in
        var random = SeededGenerator(seed: seed)
        let bytes: [UInt8] = [0x00, 0x61, 0x7F, 0x80, 0xFF]
        let shared = (0..<random.within(0...17)).map { _ in random.pick(bytes) }
        let left = shared + (0..<random.within(0...9)).map { _ in random.pick(bytes) }
        let right = shared + (0..<random.within(0...9)).map { _ in random.pick(bytes) }
        let order = left.span.compare(to: right.span)
        let expected = left == right ? 0 : (left.lexicographicallyPrecedes(right) ? -1 : 1)
        if order.signum() != expected {
          return "\(left) and \(right) compare as \(order), expected \(expected)"
        }
        return left.span.isEqual(to: right.span) == (left == right) ? nil : "equal and not equal"
      } == [])
  }

  @Test func `a range equals a literal only if all of it does, and never past the end`() {
    let text = Array("xeventIDx".utf8)
    func equals(_ range: Range<Int>, _ literal: StaticString) -> Bool {
      text.span.equals(range, literal)
    }
    #expect(equals(1..<8, "eventID"))
    #expect(!equals(0..<7, "eventID"))
    #expect(!equals(1..<7, "eventID"))
    #expect(!equals(1..<9, "eventID"))
    #expect(!equals(3..<10, "entIDx?"))
    #expect(equals(4..<4, ""))
  }
}
