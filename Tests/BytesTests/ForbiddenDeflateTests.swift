import Bytes
import TestSupport
import Testing

/// Data that RFC 1951 forbids, with the CRC of the text that a lenient reader makes of it.
///
/// libdeflate is such a reader: it takes some of these for sound, zlib takes none. So whoever chooses
/// between the two must choose by the file alone, or its fate depends on the memory.
struct ForbiddenDeflateTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var member: [UInt8]
    /// What the lenient reader makes of it.
    var text: [UInt8]

    var testDescription: String { name }
  }

  private static func aCount(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x61, count: count) }

  /// A length that is none, 286 or 287, in the fixed code: 258 bytes.
  private static func length(_ symbol: Int) -> Case {
    var writer = DeflateWriter()
    writer.beginFixedBlock()
    writer.putFixed(0x61)
    writer.putFixed(symbol)
    writer.put(code: 0, bits: 5)
    writer.putFixed(256)
    return Case(
      name: "length \(symbol)", member: writer.member(of: aCount(259)), text: aCount(259))
  }

  /// Three bytes at a distance that is none, 30 or 31, in the fixed code: 24,577 and more.
  private static func distance(_ symbol: Int) -> Case {
    var writer = DeflateWriter()
    writer.beginFixedBlock()
    for _ in 0..<24_577 { writer.putFixed(0x61) }
    writer.putFixed(257)
    writer.put(code: symbol, bits: 5)
    writer.put(0, bits: 13)
    writer.putFixed(256)
    return Case(
      name: "distance \(symbol)", member: writer.member(of: aCount(24_580)), text: aCount(24_580))
  }

  /// Codes of the literal a (10), the end (11), and a length of three (0).
  private static func dynamic(
    _ name: String, lengthCount: Int = 258, distances: [Int], distanceBit: Int = 0
  ) -> Case {
    var lengths = [Int](repeating: 0, count: lengthCount)
    (lengths[0x61], lengths[256], lengths[257]) = (2, 2, 1)
    var writer = DeflateWriter()
    writer.beginDynamicBlock(lengths: lengths, distances: distances)
    writer.put(code: 0b10, bits: 2)
    writer.put(code: 0, bits: 1)
    writer.put(distanceBit, bits: 1)
    writer.put(code: 0b11, bits: 2)
    return Case(name: name, member: writer.member(of: aCount(4)), text: aCount(4))
  }

  private static let cases = [
    length(286), length(287), distance(30), distance(31),
    dynamic("no distance has a code", distances: [0]),
    dynamic("a bit that is no code", distances: [1], distanceBit: 1),
    dynamic("287 lengths", lengthCount: 287, distances: [1]),
    dynamic("31 distances", distances: [1] + [Int](repeating: 0, count: 30)),
    dynamic("too many codes", distances: [1, 1, 1]),
    dynamic("a code too few", distances: [2, 2, 2]),
  ]

  @Test(arguments: cases)
  func `in pieces it is damage at any cut, whole it is that text or left to zlib`(
    forbidden: Case
  ) throws {
    let member = forbidden.member
    let expected = inflate(member, cuts: [], isWhole: true)
    guard case .failed(.corrupt, _) = expected else {
      Issue.record("\(expected)")
      return
    }
    for cut in [0, 1, 10, 11, member.count / 2, member.count - 9, member.count - 1] {
      #expect(inflate(member, cuts: [cut]) == expected, "cut at \(cut)")
    }
    if let whole = inflateWhole(member, room: forbidden.text.count) {
      #expect(whole == .ended(output: forbidden.text, used: member.count))
    }
  }

  @Test func `what is written bit by bit is gzip if it is allowed`() throws {
    let allowed = Self.dynamic("allowed", distances: [1])
    let expected = GzipEnding.ended(output: allowed.text, used: allowed.member.count)
    #expect(inflate(allowed.member, cuts: []) == expected)
    #expect(inflateWhole(allowed.member, room: 4) == expected)
  }
}
