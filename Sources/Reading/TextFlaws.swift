import Bytes
public import CloudTrail

/// The records of a file that strict readers refuse.
public struct TextFlaws: Sendable, Equatable {
  /// One of the records.
  public struct Example: Sendable, Equatable {
    /// Its place in its file, from 0.
    public var index: Int
    /// Its eventID as the record has it, escapes and all; empty if it has none.
    public var eventID: [UInt8]
  }

  public private(set) var counts = TextFlawCounts()
  /// The first of them.
  public private(set) var examples: [Example] = []

  /// How many examples a file gives.
  public static let exampleLimit = 3

  public init() {}

  /// Looks at a record, and counts it if it has a flaw.
  ///
  /// - Complexity: O(`record.count`).
  mutating func note(_ record: Span<UInt8>, index: Int, eventID: Span<UInt8>) {
    guard counts.note(record), examples.count < TextFlaws.exampleLimit else { return }
    examples.append(Example(index: index, eventID: eventID.copied()))
  }
}
