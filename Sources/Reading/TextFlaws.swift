import Bytes

/// Records that are JSON by RFC 8259 but that strict readers refuse: they are taken as they are, and
/// counted.
///
/// One such record keeps DuckDB, jq and others from reading its whole file.
public struct TextFlaws: Sendable, Equatable {
  /// One of the records.
  public struct Example: Sendable, Equatable {
    /// Its place in its file, from 0.
    public var index: Int
    /// Its eventID as the record has it, escapes and all; empty if it has none.
    public var eventID: [UInt8]
  }

  /// Records with any flaw.
  public private(set) var recordCount = 0
  /// Records with an escape of half a surrogate pair, which is no character.
  public private(set) var loneSurrogateCount = 0
  /// Records with bytes that are not UTF-8.
  public private(set) var invalidUTF8Count = 0
  /// The first of them.
  public private(set) var examples: [Example] = []

  /// How many examples a file gives.
  public static let exampleLimit = 3

  public init() {}

  /// Looks at a record, and counts it if it has a flaw.
  ///
  /// - Complexity: O(`record.count`).
  mutating func note(_ record: Span<UInt8>, index: Int, eventID: Span<UInt8>) {
    let hasLoneSurrogate = JSONText.hasLoneSurrogate(record)
    let isInvalid = !UTF8Text.isValid(record)
    guard hasLoneSurrogate || isInvalid else { return }
    recordCount += 1
    if hasLoneSurrogate { loneSurrogateCount += 1 }
    if isInvalid { invalidUTF8Count += 1 }
    if examples.count < TextFlaws.exampleLimit {
      examples.append(Example(index: index, eventID: eventID.copied()))
    }
  }
}
