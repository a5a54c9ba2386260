extension ByteBuffer {
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

  /// Appends the number's bytes, the highest first: they order as the numbers do.
  public mutating func append<Number: FixedWidthInteger & UnsignedInteger>(bigEndian number: Number)
  {
    append(littleEndian: number.byteSwapped)
  }

  /// Appends bytes after their count.
  public mutating func append(counted bytes: [UInt8]) {
    append(varint: bytes.count)
    append(bytes)
  }
}

/// Takes rows apart that were put together from numbers and counted bytes.
///
/// A row that ends early gives zeros: rows are what this process has written, or are checked as a whole.
public struct RowReader: ~Copyable, ~Escapable {
  private let row: Span<UInt8>
  /// The next byte.
  public private(set) var position: Int

  @_lifetime(copy row)
  public init(_ row: Span<UInt8>, at position: Int = 0) {
    self.row = row
    self.position = position
  }

  public var isAtEnd: Bool { position >= row.count }

  public mutating func byte() -> UInt8 {
    guard position < row.count else { return 0 }
    defer { position += 1 }
    return row[position]
  }

  /// A number that `append(varint:)` wrote.
  public mutating func varint() -> Int {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while position < row.count, shift < 64 {
      let byte = row[position]
      position += 1
      number |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    return Int(Int64(bitPattern: number))
  }

  /// A number that `append(bigEndian:)` wrote.
  public mutating func bigEndian<Number: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) -> Number {
    littleEndian(Number.self).byteSwapped
  }

  /// A number that `append(littleEndian:)` wrote.
  public mutating func littleEndian<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self
  ) -> Number {
    guard row.count - position >= MemoryLayout<Number>.size else {
      position = row.count
      return 0
    }
    defer { position += MemoryLayout<Number>.size }
    return row.number(at: position, as: Number.self)
  }

  /// The next bytes; as many as there are, if fewer.
  public mutating func bytes(_ count: Int) -> [UInt8] {
    let end = position + max(0, min(count, row.count - position))
    defer { position = end }
    return row.extracting(position..<end).copied()
  }

  /// Bytes that `append(counted:)` wrote.
  public mutating func countedBytes() -> [UInt8] { bytes(varint()) }

  /// All that is left.
  public mutating func rest() -> [UInt8] { bytes(row.count - position) }
}

/// Writes texts that begin as the one before: of each only what is new.
public struct PrefixWriter: Sendable {
  private var last: [UInt8] = []

  public init() {}

  /// Forgets the last text, so that reading can begin with the next.
  public mutating func restart() { last.removeAll(keepingCapacity: true) }

  public mutating func append(_ text: [UInt8], to output: inout ByteBuffer) {
    let shared = PrefixWriter.sharedCount(last.span, text.span)
    output.append(varint: shared)
    output.append(varint: text.count - shared)
    output.append(text.span.extracting(shared..<text.count))
    last = text
  }

  private static func sharedCount(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
    let limit = min(left.count, right.count)
    var count = 0
    while count + 8 <= limit,
      left.number(at: count, as: UInt64.self) == right.number(at: count, as: UInt64.self)
    {
      count += 8
    }
    while count < limit, left[count] == right[count] { count += 1 }
    return count
  }
}

/// Reads what a `PrefixWriter` wrote.
public struct PrefixReader: Sendable {
  /// The last text that was read.
  public private(set) var text: [UInt8] = []

  public init() {}

  public mutating func next(_ row: inout RowReader) {
    let shared = row.varint()
    let count = row.varint()
    text.removeLast(max(0, text.count - max(0, shared)))
    text += row.bytes(count)
  }
}
