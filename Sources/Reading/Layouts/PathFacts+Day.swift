public import CloudTrail

extension PathFacts {
  /// The day the file was delivered: not the day of its events.
  public var delivery: Day? { deliveryDay.map(Day.init(daysSince1970:)) }
}
