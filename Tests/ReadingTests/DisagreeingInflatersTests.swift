import Bytes
import Reading
import TestSupport
import Testing

/// Gzip data that one of the two inflaters takes and the other does not: which one is asked must not
/// decide what becomes of a file.
struct DisagreeingInflatersTests {
  /// A member with one block of fixed codes (RFC 1951, 3.2.6): the text, then 258 more of its last byte
  /// by the length code 286, which the RFC gives no meaning.
  private func member(_ text: [UInt8]) throws -> [UInt8] {
    var bits = Bits()
    bits.append(1, count: 1)
    bits.append(1, count: 2)
    for byte in text { bits.appendCode(0x30 + Int(byte), count: 8) }
    bits.appendCode(0xC0 + 286 - 280, count: 8)
    bits.appendCode(0, count: 5)
    bits.appendCode(0, count: 7)
    // Header, check sum and length are those of the text in sound data.
    let sound = try gzipped(text + [UInt8](repeating: text.last ?? 0, count: 258))
    return sound.prefix(10) + bits.bytes + sound.suffix(8)
  }

  private struct Bits {
    private(set) var bytes: [UInt8] = []
    private var count = 0

    /// Appends a number, its lowest bit first.
    mutating func append(_ number: Int, count bitCount: Int) {
      for bit in 0..<bitCount {
        if count % 8 == 0 { bytes.append(0) }
        bytes[count / 8] |= UInt8(number >> bit & 1) << UInt8(count % 8)
        count += 1
      }
    }

    /// Appends a Huffman code, its highest bit first.
    mutating func appendCode(_ code: Int, count bitCount: Int) {
      for bit in (0..<bitCount).reversed() { append(code >> bit & 1, count: 1) }
    }
  }

  private func text() -> [UInt8] {
    let records = (0..<40).map { record("\($0)") }
    return Array(("[" + records.joined(separator: ",") + "]  ").utf8)
  }

  @Test func `the two do disagree`() throws {
    let bytes = try member(text())
    var inflater = try GzipInflater()
    var output = ByteBuffer()
    var position = 0
    let isWhole = inflater.inflateWhole(bytes.span, at: &position, into: &output, room: 10_000)
    #expect(isWhole && position == bytes.count && output.count == text().count + 258)
    #expect(throws: GzipError.self) { try gunzipped(bytes) }
  }

  @Test(arguments: [64, 300, 2_000, 6_000, 1 << 20])
  func `a file is read whatever the batch`(batchSize: Int) throws {
    let sound = try gzipped(Array(record("last").utf8))
    for bytes in [try member(text()), try member(text()) + sound, sound + (try member(text()))] {
      let tree = try ReadTree([TreeFile(path: "x.gz", bytes: bytes)], batchSize: batchSize)
      // Of several members the last one says how large each may be to be inflated at once.
      let expected = try ReadTree([TreeFile(path: "x.gz", bytes: bytes)], batchSize: 4 << 20)
      #expect(tree.records == expected.records)
      #expect(tree.outcome?.error == expected.outcome?.error)
      #expect(tree.outcome?.inflatedByteCount == expected.outcome?.inflatedByteCount)
    }
    let alone = try ReadTree(
      [TreeFile(path: "x.gz", bytes: try member(text()))], batchSize: batchSize)
    #expect(alone.records.count == 40)
  }
}
