public import CloudTrail
import Segments

/// The start of a job's selection, raised since its dataset was made: what is before leaves.
public struct Retention: Sendable {
  /// The first second that stays, since 1970.
  public let start: Int64

  public init(from start: Int64) {
    self.start = start
  }

  /// The first day of which something may stay.
  public var firstDay: Day { EventTime(seconds: start).day }

  /// Whether a record of this time leaves.
  public func drops(_ time: EventTime) -> Bool { time.seconds < start }
}

/// What of a cell stays: a segment without its first records.
struct RestOfSegment: Segment {
  private let all: any Segment
  private let skippedCount: Int

  /// The records of `all` that do not leave; nil if all do.
  ///
  /// - Complexity: O(records that leave): reads them.
  init?(of all: any Segment, _ retention: Retention) throws {
    let cursor = try all.cursor()
    var count = 0
    while retention.drops(cursor.entry.time) {
      count += 1
      guard try cursor.advance() else { return nil }
    }
    (self.all, skippedCount) = (all, count)
  }

  var recordCount: Int { all.recordCount - skippedCount }

  var isWritten: Bool { all.isWritten }

  func cursor() throws -> any RecordCursor {
    let cursor = try all.cursor()
    for _ in 0..<skippedCount { _ = try cursor.advance() }
    return cursor
  }
}
