extension ByteBuffer {
  /// Appends the number's bytes, the lowest first.
  @inlinable @inline(__always)
  public mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
    let size = MemoryLayout<Number>.size
    reserve(size)
    // SAFETY: `reserve` left room for `size` bytes; the store may be unaligned.
    unsafe withRoom { unsafe $0.storeBytes(of: number.littleEndian, as: Number.self) }
    advance(size)
  }
}

extension Span where Element == UInt8 {
  /// The number whose bytes begin at `position`, the lowest first.
  @inlinable @inline(__always)
  public func number<Number: FixedWidthInteger & BitwiseCopyable>(
    at position: Int, as type: Number.Type = Number.self
  ) -> Number {
    precondition(position >= 0 && position + MemoryLayout<Number>.size <= count)
    // SAFETY: the bytes are within the span; the load may be unaligned.
    return Number(
      littleEndian: unsafe bytes.unsafeLoadUnaligned(
        fromUncheckedByteOffset: position, as: Number.self))
  }
}
