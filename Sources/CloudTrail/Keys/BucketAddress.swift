import Bytes

/// A place in a bucket that a folder mirrors: `s3://bucket/prefix`.
public struct BucketAddress: Hashable, Sendable {
  public let bucket: [UInt8]
  /// The parts of the prefix between its slashes; empty ones are left out.
  public let prefix: [[UInt8]]
  /// What the keys begin with that are fetched from here: the prefix as it is written, with a slash at
  /// its end.
  public let start: [UInt8]

  /// Reads an address.
  ///
  /// With a slash at its end or without one it is the same; more slashes are empty folders.
  ///
  /// - Returns: Nil for what is none, and for one that no mirror has: with `.` or `..`, a backslash, or
  ///   control characters.
  public init?(_ text: String) {
    guard let mark = text.firstRange(of: "://"), mark.lowerBound != text.startIndex,
      text[..<mark.lowerBound].utf8.allSatisfy(BucketAddress.isOfScheme)
    else { return nil }
    let rest = Array(text[mark.upperBound...].utf8)
    guard ObjectKey.problem(rest) == nil else { return nil }
    let parts = rest.split(separator: ASCII.slash, omittingEmptySubsequences: false)
    guard let bucket = parts.first, !bucket.isEmpty else { return nil }
    self.bucket = Array(bucket)
    prefix = parts.dropFirst().filter { !$0.isEmpty }.map { Array($0) }
    let written = rest.dropFirst(bucket.count + 1)
    start =
      written.isEmpty || written.last == ASCII.slash ? Array(written) : written + [ASCII.slash]
  }

  private static func isOfScheme(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), ASCII.digits, ASCII.plus, ASCII.hyphen, ASCII.dot:
      true
    default: false
    }
  }

  /// Whether this is `other` or a place below it.
  public func isAt(orBelow other: BucketAddress) -> Bool {
    bucket == other.bucket && prefix.starts(with: other.prefix)
  }

  /// What follows the prefix in a key.
  ///
  /// Parts of keys are compared as a whole; empty ones do not count.
  ///
  /// - Returns: Nil for a key that is not below it.
  public func path(of key: [UInt8]) -> ArraySlice<UInt8>? {
    var rest = key[...]
    for part in prefix {
      rest = rest.drop { $0 == ASCII.slash }
      guard rest.starts(with: part), rest.dropFirst(part.count).first == ASCII.slash else {
        return nil
      }
      rest = rest.dropFirst(part.count + 1)
    }
    return prefix.isEmpty ? rest : rest.drop { $0 == ASCII.slash }
  }
}

extension ObjectKey {
  /// Why a key is one that no trail writes and no mirror may have; nil for any other.
  ///
  /// Who may write to a bucket chooses keys. They become paths, lines of lists and text on terminals.
  ///
  /// - Parameter key: The key, or the end of one.
  /// - Returns: What it has, for a sentence.
  public static func problem(_ key: [UInt8]) -> String? {
    if key.isEmpty { return "is empty" }
    if key[0] == ASCII.slash { return "begins with a slash" }
    if key.contains(ASCII.backslash) { return "has a backslash" }
    if hasControl(key) { return "has control characters" }
    for part in key.split(separator: ASCII.slash) {
      if part.count > nameLimit { return "has a name of more than \(nameLimit) bytes" }
      if part.elementsEqual(".".utf8) || part.elementsEqual("..".utf8) {
        return "has . or .. as a folder"
      }
    }
    return UTF8Text.isValid(key.span) ? nil : "is not UTF-8"
  }

  /// The longest name of a file or folder, in bytes.
  private static let nameLimit = 255

  private static func hasControl(_ key: [UInt8]) -> Bool {
    var isLead = false
    for byte in key {
      if byte < ASCII.space || byte == ASCII.delete { return true }
      // U+0080 to U+009F.
      if isLead, (0x80...0x9F).contains(byte) { return true }
      isLead = byte == 0xC2
    }
    return false
  }
}
