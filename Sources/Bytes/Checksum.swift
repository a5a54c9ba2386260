internal import CDeflate

/// A CRC-32, as gzip has it: tells damage, not malice.
public struct Checksum: Equatable, Sendable {
  public let value: UInt32

  public init(value: UInt32) {
    self.value = value
  }

  /// The checksum of `bytes`.
  public init(of bytes: Span<UInt8>) {
    value = unsafe bytes.withUnsafeBytes { raw in
      // SAFETY: libdeflate reads `raw.count` bytes, during the call only.
      unsafe UInt32(libdeflate_crc32(0, raw.baseAddress, raw.count))
    }
  }
}
