import Bytes

/// What the first bytes of a file's text are, after inflating.
enum TextStart {
  /// JSON, an export of CloudWatch Logs, or nothing but white space so far: worth looking into.
  case log
  /// Something else that is known by its first bytes.
  case foreign(ForeignContent)
  /// Nothing that a log begins with.
  case unknown

  /// How many bytes are looked at: the magic number of a tar archive ends at byte 262.
  static let byteCount = 512

  /// Looks at the first `byteCount` bytes of a text, or all of a shorter one, without the byte order
  /// mark of UTF-8.
  init(_ bytes: Span<UInt8>) {
    var scanner = JSONScanner(bytes)
    scanner.skipWhitespace()
    let first = scanner.position
    if first == bytes.count || LogExport.begins(scanner) {
      self = .log
      return
    }
    let isJSON = bytes[first] == UInt8(ascii: "{") || bytes[first] == UInt8(ascii: "[")
    // In UTF-16 without a mark a zero byte follows.
    if isJSON && (first + 1 == bytes.count || bytes[first + 1] != 0) {
      self = .log
    } else {
      self = ForeignContent.all.first { $0.begins(bytes) }.map { .foreign($0) } ?? .unknown
    }
  }
}
