/// A file's path: any bytes but NUL, as Linux has it.
///
/// Swift strings would repair names that are not UTF-8, and the file could then not be opened.
public struct Path: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public var bytes: [UInt8]

  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  public init(_ text: String) {
    self.bytes = Array(text.utf8)
  }

  public init(stringLiteral text: String) {
    self.init(text)
  }

  /// The path as text, invalid bytes replaced: for people, not for opening.
  public var description: String { bytes.span.text() }

  /// The path with `name` after it, one slash between.
  public func appending(_ name: [UInt8]) -> Path {
    if name.isEmpty { return self }
    if bytes.isEmpty { return Path(bytes: name) }
    return Path(bytes: bytes.last == ASCII.slash ? bytes + name : bytes + [ASCII.slash] + name)
  }

  /// The path with `name` after it, one slash between.
  public func appending(_ name: String) -> Path {
    appending(Array(name.utf8))
  }

  /// The path with `other` after it.
  public func appending(_ other: Path) -> Path {
    appending(other.bytes)
  }

  /// What follows the last slash.
  public var lastComponent: [UInt8] {
    guard let slash = bytes.lastIndex(of: ASCII.slash) else { return bytes }
    return Array(bytes[(slash + 1)...])
  }

  /// The path up to the last slash; `.` if there is none.
  public var parent: Path {
    guard let slash = bytes.lastIndex(of: ASCII.slash) else { return "." }
    return slash == 0 ? "/" : Path(bytes: Array(bytes[..<slash]))
  }

  /// Whether this is `folder` or a path below it, by the text of both.
  public func isAt(orBelow folder: Path) -> Bool {
    guard bytes.starts(with: folder.bytes) else { return false }
    return bytes.count == folder.bytes.count || folder.bytes.last == ASCII.slash
      || bytes[folder.bytes.count] == ASCII.slash
  }

  /// Whether one of the parts between slashes is `name`.
  public func hasPart(_ name: Path) -> Bool {
    bytes.split(separator: ASCII.slash).contains { $0.elementsEqual(name.bytes) }
  }

  /// The order of the bytes.
  public static func < (left: Path, right: Path) -> Bool {
    left.bytes.span.compare(to: right.bytes.span) < 0
  }
}
