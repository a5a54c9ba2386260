/// Rows that are sorted as bytes: numbers big-endian, texts so that none begins another.
extension ByteBuffer {
  /// Appends the number's bytes, the highest first: those of unsigned numbers order as they do.
  public mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
    append(littleEndian: number.byteSwapped)
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
public struct RowReader: ~Escapable {
  private let bytes: Span<UInt8>
  /// Where the next part begins.
  public var position = 0

  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
  }

  /// Reads a big-endian number.
  public mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) -> Number {
    defer { position += MemoryLayout<Number>.size }
    return bytes.number(at: position, as: Number.self).byteSwapped
  }

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
