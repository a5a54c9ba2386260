/// An object that a list names.
public struct ListedKey: Sendable, Equatable {
  /// Nil if the list does not say.
  public var bucket: [UInt8]?
  public var key: [UInt8]
  /// Nil if the list does not say.
  public var byteCount: Int?

  public init(bucket: [UInt8]? = nil, key: [UInt8], byteCount: Int? = nil) {
    (self.bucket, self.key, self.byteCount) = (bucket, key, byteCount)
  }

  /// Whether it is the mark of a folder, such as consoles make, and no file.
  public var isFolder: Bool { key.last == UInt8(ascii: "/") }
}

/// What a line or a document of a list says.
public enum KeyListItem: Sendable, Equatable {
  case key(ListedKey)
  /// It is known, and names no object that is there: a test message, an object that was deleted.
  case noKey
  /// It cannot be understood, or is not what is needed: why.
  case problem(String)
}
