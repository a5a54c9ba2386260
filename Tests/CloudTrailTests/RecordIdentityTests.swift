import Bytes
import CloudTrail
import TestSupport
import Testing

struct RecordIdentityTests {
  /// A lower-case UUID of version 4, as CloudTrail writes them.
  private static func uuid(_ random: inout SeededGenerator) -> [UInt8] {
    let digits = Array("0123456789abcdef".utf8)
    return Array("xxxxxxxx-xxxx-4xxx-9xxx-xxxxxxxxxxxx".utf8).map { byte in
      byte == UInt8(ascii: "x") ? random.pick(digits) : byte
    }
  }

  @Test func `UUIDs are equal and in order as their texts are`() {
    #expect(
      faults("seed", in: UInt64(0)..<3_000) { seed in
        var random = SeededGenerator(seed: seed)
        let left = Self.uuid(&random)
        var right = Self.uuid(&random)
        // Mostly alike up to some digit, so that each digit decides once.
        let shared = random.within(0...36)
        right.replaceSubrange(..<shared, with: left[..<shared])
        guard let one = RecordIdentity(uuid: left.span),
          let other = RecordIdentity(uuid: right.span)
        else { return "not taken for UUIDs" }
        let isLess = left.lexicographicallyPrecedes(right)
        return (one == other) == (left == right) && (one < other) == isLess
          ? nil : "\(left.span.text()) and \(right.span.text()) have another order"
      } == [])
  }

  @Test func `only lower-case digits and dashes in their places make a UUID`() {
    let uuid = Array("01234567-89ab-4def-9012-3456789abcde".utf8)
    // The version and the variant may restrict the digits further.
    let places = uuid.indices.filter { $0 != 14 && $0 != 19 }
    #expect(
      faults("place", in: places) { place in
        for byte in UInt8.min...UInt8.max {
          var changed = uuid
          changed[place] = byte
          let isDash = [8, 13, 18, 23].contains(place)
          let isAllowed =
            isDash ? byte == 0x2D : (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
          if (RecordIdentity(uuid: changed.span) != nil) != isAllowed {
            return "byte \(byte) is \(isAllowed ? "refused" : "allowed")"
          }
        }
        return nil
      } == [])
  }

  @Test(arguments: [
    "", "01234567-89ab-4def-9012-3456789abcd", "01234567-89ab-4def-9012-3456789abcdef",
    "0123456789ab4def90123456789abcde", "{01234567-89ab-4def-9012-3456789abc}",
    "01234567-89AB-4DEF-9012-3456789ABCDE", " 1234567-89ab-4def-9012-3456789abcde",
    "012345678-9ab-4def-9012-3456789abcde",
  ])
  func `other texts are no UUIDs`(text: String) {
    #expect(RecordIdentity(uuid: text.utf8.span) == nil)
  }

  @Test func `texts and contents have identities of their own, and the same each time`() {
    var seen: [RecordIdentity: String] = [:]
    #expect(
      faults("text", in: 0..<2_000) { number in
        for kind in [RecordIdentity.Kind.otherText, .content] {
          let text = String(number)
          let identity = RecordIdentity(hashing: text.utf8.span, kind: kind)
          if identity != RecordIdentity(hashing: text.utf8.span, kind: kind) {
            return "\(kind) has another identity the second time"
          }
          if let other = seen.updateValue("\(kind) \(text)", forKey: identity) {
            return "\(kind) has the identity of \(other)"
          }
        }
        return nil
      } == [])
  }
}
