public import CloudTrail

/// What is known of a cell without opening its files.
public struct CellSummary: Sendable, Equatable {
  public var recordCount: Int
  public var firstTime: EventTime
  public var lastTime: EventTime
  /// The records of the cell that strict readers refuse.
  public var textFlaws: TextFlawCounts

  public init(
    recordCount: Int, firstTime: EventTime, lastTime: EventTime,
    textFlaws: TextFlawCounts = TextFlawCounts()
  ) {
    self.recordCount = recordCount
    self.firstTime = firstTime
    self.lastTime = lastTime
    self.textFlaws = textFlaws
  }
}
