public import Bytes

/// Records that were taken as they are and that strict JSON readers refuse.
public struct StrictReadersRefuse: Sendable, Equatable {
  /// One of the records: where it is from.
  public struct Example: Sendable, Equatable {
    /// As the record has it, escapes and all; empty if it has none.
    public var eventID: [UInt8]
    public var source: Path
    /// Its place in that file, from 0.
    public var index: Int

    public init(eventID: [UInt8], source: Path, index: Int) {
      self.eventID = eventID
      self.source = source
      self.index = index
    }
  }

  public private(set) var recordCount = 0
  public private(set) var loneSurrogateCount = 0
  public private(set) var invalidUTF8Count = 0
  /// The first that were read, by source and index.
  public private(set) var examples: [Example] = []

  /// How many examples a report gives.
  private static let exampleLimit = 3

  public init() {}

  /// Adds what one file holds.
  public mutating func add(
    recordCount: Int, loneSurrogateCount: Int, invalidUTF8Count: Int, examples: [Example]
  ) {
    guard recordCount > 0 else { return }
    self.recordCount += recordCount
    self.loneSurrogateCount += loneSurrogateCount
    self.invalidUTF8Count += invalidUTF8Count
    self.examples += examples
    self.examples.sort {
      $0.source == $1.source ? $0.index < $1.index : $0.source < $1.source
    }
    self.examples.removeLast(max(0, self.examples.count - StrictReadersRefuse.exampleLimit))
  }

  public static func += (left: inout StrictReadersRefuse, right: StrictReadersRefuse) {
    left.add(
      recordCount: right.recordCount, loneSurrogateCount: right.loneSurrogateCount,
      invalidUTF8Count: right.invalidUTF8Count, examples: right.examples)
  }
}
