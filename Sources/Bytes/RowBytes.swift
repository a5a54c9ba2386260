/// Rows that are sorted as bytes: numbers big-endian, texts so that none begins another.
extension ByteBuffer {
  /// Appends the number's bytes, the highest first: those of unsigned numbers order as they do.
  public mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
    append(littleEndian: number.byteSwapped)
  }

  /// Appends a number in as few bytes as it needs: seven bits in each, the lowest first.
  @inline(__always)
  public mutating func append(varint number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }

  /// Appends bytes after their count.
  public mutating func append(counted bytes: [UInt8]) {
    append(varint: bytes.count)
    append(bytes)
  }

  /// Appends the 32 bytes of a hash.
  public mutating func append(_ hash: SHA256Digest) {
    let words = hash.words
    for word in [words.0, words.1, words.2, words.3] { append(littleEndian: word) }
  }

  /// Appends a text and its end, so that it orders before all texts that it begins.
  ///
  /// Two zeros are the end; a zero of the text is followed by a one.
  public mutating func append(rowText text: Span<UInt8>) {
    for place in text.indices {
      append(text[place])
      if text[place] == 0 { append(1) }
    }
    append(0)
    append(0)
  }
}

/// Reads the parts of a row one after the other, as they were appended.
///
/// Counted parts of a row that ends early are short or zero: who reads what is not of this process
/// checks it as a whole.
public struct RowReader: ~Escapable {
  private let bytes: Span<UInt8>
  /// Where the next part begins.
  public var position: Int

  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>, at position: Int = 0) {
    self.bytes = bytes
    self.position = position
  }

  public var isAtEnd: Bool { position >= bytes.count }

  /// Reads a big-endian number.
  public mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) -> Number {
    defer { position += MemoryLayout<Number>.size }
    return bytes.number(at: position, as: Number.self).byteSwapped
  }

  public mutating func byte() -> UInt8 {
    guard position < bytes.count else { return 0 }
    defer { position += 1 }
    return bytes[position]
  }

  /// Reads a number that `append(varint:)` wrote.
  public mutating func varint() -> Int {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.count, shift < 64 {
      let byte = byte()
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    return Int(Int64(bitPattern: number))
  }

  /// Reads a number that `append(littleEndian:)` wrote.
  public mutating func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) -> Number {
    guard bytes.count - position >= MemoryLayout<Number>.size else {
      position = bytes.count
      return 0
    }
    defer { position += MemoryLayout<Number>.size }
    return bytes.number(at: position, as: Number.self)
  }

  /// Reads a hash that was appended.
  public mutating func sha256() -> SHA256Digest {
    SHA256Digest(words: (littleEndian(), littleEndian(), littleEndian(), littleEndian()))
  }

  /// Reads the next bytes; as many as there are, if fewer.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    let end = position + max(0, min(count, bytes.count - position))
    defer { position = end }
    return bytes.extracting(position..<end).copied()
  }

  /// Reads bytes that `append(counted:)` wrote.
  public mutating func countedBytes() -> [UInt8] { bytes(varint()) }

  /// Reads a text, to which `append(rowText:)` gave an end.
  public mutating func text() -> [UInt8] {
    var text: [UInt8] = []
    while true {
      let byte = bytes[position]
      position += 1
      if byte == 0 {
        position += 1
        if bytes[position - 1] == 0 { return text }
      }
      text.append(byte)
    }
  }

  /// Goes on after a text.
  public mutating func skipText() {
    while true {
      if bytes[position] == 0 {
        position += 2
        if bytes[position - 1] == 0 { return }
      } else {
        position += 1
      }
    }
  }

  /// Reads what is left.
  public mutating func rest() -> [UInt8] {
    defer { position = bytes.count }
    return bytes.extracting(position..<bytes.count).copied()
  }
}
