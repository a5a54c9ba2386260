internal import Crypto

/// A SHA-256 value (FIPS 180-4): 32 bytes, compared and hashed cheaply.
public struct SHA256Digest: Hashable, Sendable {
  /// The 32 bytes as four big-endian words.
  public let words: (UInt64, UInt64, UInt64, UInt64)

  public init(words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = words
  }

  /// Reads 64 hexadecimal digits, or returns nil.
  public init?(hex: Span<UInt8>) {
    guard hex.count == 64, let first = SHA256Digest.word(hex, at: 0),
      let second = SHA256Digest.word(hex, at: 16), let third = SHA256Digest.word(hex, at: 32),
      let fourth = SHA256Digest.word(hex, at: 48)
    else { return nil }
    words = (first, second, third, fourth)
  }

  private static func word(_ hex: Span<UInt8>, at start: Int) -> UInt64? {
    var word: UInt64 = 0
    for place in start..<(start + 16) {
      guard let digit = hexValue(hex[place]) else { return nil }
      word = word << 4 | UInt64(digit)
    }
    return word
  }

  /// Reads 64 hexadecimal digits, or returns nil.
  public init?(hex: String) {
    self.init(hex: hex.utf8.span)
  }

  /// Hashes `bytes` at once.
  public init(of bytes: Span<UInt8>) {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    self = hasher.finish()
  }

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    var text = ByteBuffer(capacity: 64)
    appendHex(to: &text)
    return text.bytes.text()
  }

  /// Appends 64 lower-case hexadecimal digits.
  public func appendHex(to output: inout ByteBuffer) {
    for word in [words.0, words.1, words.2, words.3] {
      for shift in stride(from: 56, through: 0, by: -8) {
        JSONText.appendHex(UInt8(truncatingIfNeeded: word >> UInt64(shift)), to: &output)
      }
    }
  }

  public static func == (left: Self, right: Self) -> Bool {
    left.words == right.words
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
  }
}

/// Hashes bytes piece by piece.
public struct SHA256Hasher {
  private var hash = SHA256()

  public init() {}

  /// Takes in the next bytes.
  public mutating func update(_ bytes: Span<UInt8>) {
    // SAFETY: the hash reads the bytes during the call only.
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: $0) }
  }

  /// The hash of all bytes so far; the hasher can go on.
  public func finish() -> SHA256Digest {
    // SAFETY: a SHA-256 value is 32 bytes; the loads may be unaligned.
    unsafe hash.finalize().withUnsafeBytes { bytes in
      func word(_ index: Int) -> UInt64 {
        unsafe UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
      }
      return SHA256Digest(words: (word(0), word(1), word(2), word(3)))
    }
  }
}
