/// A row of a temporary file is not what was written there.
public struct DamagedRow: Error, CustomStringConvertible {
  public init() {}

  public var description: String {
    "a temporary file does not hold what was written to it: use another disk (tempDir), and check this one"
  }
}

extension SortedRows {
  /// What the row says; nil must mean that it is damaged, for then nothing after it can be relied on.
  ///
  /// - Throws: `DamagedRow`.
  public func decoded<Value>(_ decode: (Span<UInt8>) -> Value?) throws -> Value {
    guard let value = withRow(decode) else { throw DamagedRow() }
    return value
  }
}
