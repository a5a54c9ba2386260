import Bytes
import TestSupport
import Testing

struct FingerprintTests {
  /// The bytes are loaded eight at once: neither what is around them nor the end of the buffer may
  /// count.
  @Test func `what is around a text has no influence, at every length`() {
    #expect(
      faults("length", in: 0...24) { length in
        let text = (0..<length).map { UInt8(0x61 + $0) }
        let alone = Fingerprint(text.span, in: 0..<length)
        for before in 0...9 {
          for after in 0...9 {
            for filler in [UInt8(0x00), 0x61, 0xFF] {
              let padded =
                [UInt8](repeating: filler, count: before) + text
                + [UInt8](repeating: filler, count: after)
              let inside = Fingerprint(padded.span, in: before..<(before + length))
              if inside != alone || inside.hash != alone.hash {
                return "differs with \(before) bytes \(filler) before and \(after) after"
              }
            }
          }
        }
        return nil
      } == [])
  }

  @Test func `up to sixteen bytes, every change of a byte or of the length shows`() {
    #expect(
      faults("length", in: 0...16) { length in
        let text = [UInt8](repeating: 0, count: length)
        let fingerprint = Fingerprint(text.span, in: 0..<length)
        if !fingerprint.isWhole { return "is not taken for whole" }
        for place in 0..<length {
          for byte in UInt8(1)...0xFF {
            var other = text
            other[place] = byte
            if Fingerprint(other.span, in: 0..<length) == fingerprint {
              return "byte \(byte) in place \(place) does not show"
            }
          }
        }
        let longer = text + [0]
        return Fingerprint(longer.span, in: 0..<(length + 1)) == fingerprint
          ? "a NUL more does not show" : nil
      } == [])
  }

  @Test func `beyond sixteen bytes a fingerprint says itself that the middle is not in it`() {
    let one = Array("abcdefgh1ijklmnop".utf8)
    let other = Array("abcdefgh2ijklmnop".utf8)
    #expect(Fingerprint(one.span, in: 0..<17) == Fingerprint(other.span, in: 0..<17))
    #expect(!Fingerprint(one.span, in: 0..<17).isWhole)
  }
}
