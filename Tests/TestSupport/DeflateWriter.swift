/// Writes deflate data bit by bit (RFC 1951), so that it can be such as no compressor writes.
public struct DeflateWriter {
  private var bits: [Bool] = []

  public init() {}

  /// Appends a number, its lowest bit first.
  public mutating func put(_ number: Int, bits count: Int) {
    for bit in 0..<count { bits.append(number >> bit & 1 == 1) }
  }

  /// Appends a Huffman code, its highest bit first.
  public mutating func put(code: Int, bits count: Int) {
    for bit in (0..<count).reversed() { bits.append(code >> bit & 1 == 1) }
  }

  /// Begins the last block, with the fixed codes (3.2.6).
  public mutating func beginFixedBlock() {
    put(1, bits: 1)
    put(1, bits: 2)
  }

  /// Appends a literal or a length in the fixed code.
  public mutating func putFixed(_ symbol: Int) {
    switch symbol {
    case 0..<144: put(code: 0x30 + symbol, bits: 8)
    case 144..<256: put(code: 0x190 + symbol - 144, bits: 9)
    case 256..<280: put(code: symbol - 256, bits: 7)
    default: put(code: 0xC0 + symbol - 280, bits: 8)
    }
  }

  /// Begins the last block, with codes of these lengths (3.2.7).
  ///
  /// - Parameters:
  ///   - lengths: Of the literals and lengths, at least 257.
  ///   - distances: Of the distances, at least one.
  public mutating func beginDynamicBlock(lengths: [Int], distances: [Int]) {
    put(1, bits: 1)
    put(2, bits: 2)
    put(lengths.count - 257, bits: 5)
    put(distances.count - 1, bits: 5)
    // The lengths 0 to 15 have a code of four bits each, which is the length itself.
    put(15, bits: 4)
    for symbol in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15] {
      put(symbol > 15 ? 0 : 4, bits: 3)
    }
    for length in lengths + distances { put(code: length, bits: 4) }
  }

  /// The gzip member that this data makes with the CRC and the length of `text`.
  public func member(of text: [UInt8]) -> [UInt8] {
    var data: [UInt8] = []
    for start in stride(from: 0, to: bits.count, by: 8) {
      let byte = bits[start..<min(start + 8, bits.count)].enumerated()
        .reduce(0 as UInt8) { $0 | ($1.element ? 1 << UInt8($1.offset) : 0) }
      data.append(byte)
    }
    let trailer = [DeflateWriter.crc(of: text), UInt32(text.count)].flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
    }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3] + data + trailer
  }

  /// The CRC-32 of RFC 1952.
  private static func crc(of text: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in text {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
