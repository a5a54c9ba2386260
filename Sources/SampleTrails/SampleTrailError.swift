/// Options that no tree can be made from.
public struct SampleTrailError: Error, CustomStringConvertible, Equatable {
  /// One sentence for the user.
  public let description: String
}

extension SampleTrailOptions {
  /// Checks the options against one another.
  /// - Returns: midnight of the first day.
  /// - Throws: `SampleTrailError` for the first option that cannot be.
  func validated() throws(SampleTrailError) -> UTCTime {
    func demand(_ holds: Bool, _ message: String) throws(SampleTrailError) {
      if !holds { throw SampleTrailError(description: message) }
    }
    try demand(events >= 0, "events must not be negative")
    try demand((1...100_000).contains(accounts), "accounts must be 1 to 100000")
    let regionLimit = Self.regionNames.count
    try demand((1...regionLimit).contains(regions), "regions must be 1 to \(regionLimit)")
    try demand((1...36_500).contains(days), "days must be 1 to 36500")
    try demand((0...1).contains(duplicateShare), "the share of duplicates must be 0 to 1")
    try demand((0...0.5).contains(lateShare), "the share of late events must be 0 to 0.5")
    try demand(
      (0...events).contains(conflicts), "conflicts must be between 0 and the number of events")
    try demand(damagedFiles >= 0, "damaged files must not be negative")
    try demand(eventsPerFile >= 1, "events per file must be at least 1")
    guard let start = UTCTime(day: firstDay) else {
      throw SampleTrailError(description: "'\(firstDay)' is not a date such as 2026-11-01")
    }
    return start
  }
}
