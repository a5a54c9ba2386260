import Bytes

/// The value of an account or region as it is in a folder name, `key=value`.
///
/// Encoded as Hive does, so that no text from a record can leave the dataset folder: a value is one
/// path segment after `key=`, and `/` is always encoded.
public struct PartitionValue: Hashable, Comparable, Sendable {
  /// The encoded bytes: always valid UTF-8 of at most 200 bytes.
  public let encoded: [UInt8]

  /// What Hive writes for a value that is missing.
  public static let missing = PartitionValue(
    alreadyEncoded: Array("__HIVE_DEFAULT_PARTITION__".utf8))

  /// The longest encoded value: a file name holds 255 bytes, and `account=` comes before it.
  public static let maximumByteCount = 200

  /// Takes a value that was encoded before.
  public init(alreadyEncoded encoded: [UInt8]) {
    self.encoded = encoded
  }

  /// Encodes decoded text; `missing` when it is empty or too long.
  ///
  /// The set is that of Hive's `FileUtils.escapePathName`, plus bytes that are not UTF-8, which
  /// most readers of folder names refuse.
  public init(_ text: Span<UInt8>) {
    var output = ByteBuffer(capacity: text.count + 16)
    var position = 0
    while position < text.count {
      let length = UTF8Text.validLength(text, at: position)
      if length == 0 || (length == 1 && PartitionValue.isEncoded(text[position])) {
        output.append(ASCII.percent)
        PartitionValue.appendUpperHex(text[position], to: &output)
        position += 1
      } else {
        output.append(text.extracting(position..<(position + length)))
        position += length
      }
    }
    let isUsable = !output.isEmpty && output.count <= PartitionValue.maximumByteCount
    encoded = isUsable ? output.bytes.copied() : PartitionValue.missing.encoded
  }

  /// The text before it was encoded; the name of the missing partition stays.
  public var decoded: [UInt8] {
    var text: [UInt8] = []
    var position = 0
    while position < encoded.count {
      if encoded[position] == ASCII.percent, position + 2 < encoded.count,
        let high = hexValue(encoded[position + 1]), let low = hexValue(encoded[position + 2])
      {
        text.append(high << 4 | low)
        position += 3
      } else {
        text.append(encoded[position])
        position += 1
      }
    }
    return text
  }

  public static func < (left: Self, right: Self) -> Bool {
    left.encoded.span.compare(to: right.encoded.span) < 0
  }

  private static func isEncoded(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "\0"..<" ", "\u{7F}": true
    case "\"", "#", "%", "'", "*", "/", ":", "=", "?", "[", "\\", "]", "^", "{": true
    default: false
    }
  }

  private static func appendUpperHex(_ byte: UInt8, to output: inout ByteBuffer) {
    for digit in [byte >> 4, byte & 15] {
      output.append(digit < 10 ? ASCII.zero + digit : UInt8(ascii: "A") + digit - 10)
    }
  }
}
