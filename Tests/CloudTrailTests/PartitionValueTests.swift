import Bytes
import CloudTrail
import TestSupport
import Testing

struct PartitionValueTests {
  private func encoded(_ text: [UInt8]) -> String { PartitionValue(text.span).encoded.span.text() }

  /// What Hive's `FileUtils.escapePathName` encodes.
  private static let encodedByHive = Set(
    Array(UInt8(0)...0x1F) + [0x7F] + Array(##""#%'*/:=?\{[]^"##.utf8))

  @Test func `each byte of ASCII is encoded as Hive does, with upper-case digits`() {
    #expect(
      faults("byte", in: UInt8(0)..<0x80) { byte in
        let hex = String(byte, radix: 16, uppercase: true)
        let expected =
          Self.encodedByHive.contains(byte)
          ? "%" + (byte < 16 ? "0" : "") + hex : String(decoding: [byte], as: UTF8.self)
        let found = encoded([0x61, byte, 0x62])
        return found == "a\(expected)b" ? nil : "is written as \(found), expected a\(expected)b"
      } == [])
  }

  @Test func `any bytes come back, and what is written is one segment of valid UTF-8`() {
    #expect(
      faults("seed", in: UInt64(0)..<2_000) { seed in
        var random = SeededGenerator(seed: seed)
        let pieces =
          ["a", "/", "..", "%", "%2F", "é", "\u{1F600}", "\u{0}", " "].map {
            Array($0.utf8)
          } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF0, 0x9F], [0x80]]
        let text = (1...random.within(1...12)).flatMap { _ in random.pick(pieces) }
        let value = PartitionValue(text.span)
        if value.decoded != text { return "\(text) comes back as \(value.decoded)" }
        if value.encoded.contains(0x2F) || value.encoded.contains(0) { return "leaves its segment" }
        return String(validating: value.encoded, as: UTF8.self) == nil ? "is not UTF-8" : nil
      } == [])
  }

  @Test func `texts that differ have values that differ`() {
    let texts = ["", "a", "A", "%61", "a%", "a%25", "é", "e\u{301}", ".", "..", " ", "a "]
    let values = Set(texts.map { PartitionValue($0.utf8.span) })
    #expect(values.count == texts.count)
  }

  @Test func `nothing, and what is too long for a file name, is Hive's missing value`() {
    #expect(PartitionValue([UInt8]().span) == .missing)
    #expect(encoded([]) == "__HIVE_DEFAULT_PARTITION__")
    let limit = PartitionValue.maximumByteCount
    #expect(encoded([UInt8](repeating: 0x61, count: limit)).utf8.count == limit)
    #expect(PartitionValue([UInt8](repeating: 0x61, count: limit + 1).span) == .missing)
    // Every byte of these becomes three.
    #expect(PartitionValue([UInt8](repeating: 0x2F, count: limit / 3).span) != .missing)
    #expect(PartitionValue([UInt8](repeating: 0x2F, count: limit / 3 + 1).span) == .missing)
  }

  @Test func `account ids stay text with all their digits`() {
    #expect(encoded(Array("012345678910".utf8)) == "012345678910")
    #expect(encoded(Array("eu-west-1".utf8)) == "eu-west-1")
  }

  @Test func `values are in the order of what is written`() {
    let values = ["~", "a", "%", "0", "é", "A", "a b", "a/b"].map { PartitionValue($0.utf8.span) }
    let texts = values.sorted().map { $0.encoded.span.text() }
    #expect(texts == ["%25", "0", "A", "a", "a b", "a%2Fb", "~", "é"])
  }
}
