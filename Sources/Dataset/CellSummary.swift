public import CloudTrail

/// What is known of a cell without opening its files.
public struct CellSummary: Sendable, Equatable {
  public var recordCount: Int
  public var firstTime: EventTime
  public var lastTime: EventTime

  public init(recordCount: Int, firstTime: EventTime, lastTime: EventTime) {
    self.recordCount = recordCount
    self.firstTime = firstTime
    self.lastTime = lastTime
  }
}
