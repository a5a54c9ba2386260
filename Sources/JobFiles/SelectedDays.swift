import Bytes
public import CloudTrail

/// The days of which a job's selection takes events: of others nothing is judged or shown.
public struct SelectedDays: Sendable, Equatable {
  /// The first event time that is taken; nil if no earlier one is left out.
  private var start: EventTime?
  /// The last day of which events are taken; nil if no later one is left out.
  public private(set) var last: Day?

  /// The first of them; nil if no earlier one is left out.
  public var first: Day? { start?.day }

  /// All days.
  public init() {}

  /// The days of a job.
  public init(_ job: JobFingerprint) {
    start = job.start.map { EventTime(seconds: $0) }
    last = job.end.map { EventTime(seconds: $0 - 1).day }
  }

  /// Whether events of this day may be in the dataset.
  public func contains(_ day: Day) -> Bool {
    containsDelivery(on: day) && last.map { day <= $0 } ?? true
  }

  /// Whether files that were delivered on this day may hold such events: on later days too, since events
  /// are delivered late.
  public func containsDelivery(on day: Day) -> Bool { first.map { $0 <= day } ?? true }

  /// Whether any of some events, of which this is the time of the last, may be taken.
  public func mayContainEvents(upTo last: EventTime) -> Bool { start.map { $0 <= last } ?? true }
}
