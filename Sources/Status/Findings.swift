public import CloudTrail

/// What is missing from a matrix: holes, and accounts that fell silent.
public struct Findings: Sendable {
  /// Days with nothing, between two days with events of the same account and region.
  public struct Hole: Sendable, Equatable {
    public var accountRegion: AccountRegion
    public var days: ClosedRange<Day>

    public var family: Family { accountRegion.family }
    public var account: PartitionValue { accountRegion.account }
    public var region: PartitionValue { accountRegion.region }

    public var dayCount: Int { days.count }
  }

  /// An account, or one of its regions, that had events day by day and has none any more.
  public struct Silence: Sendable, Equatable {
    public var account: PartitionValue
    /// Nil for the whole account.
    public var region: PartitionValue?
    /// The last day with events.
    public var lastDay: Day
    /// The days without, up to the newest day of the dataset.
    public var dayCount: Int
  }

  /// By family, account, region and day.
  public private(set) var holes: [Hole] = []
  public private(set) var silences: [Silence] = []
  /// Rows that have events on less than half of their days: nothing can be said of their gaps.
  public private(set) var irregularRowCount = 0
  /// The newest day that counts for silence.
  public private(set) var newestDay: Day?

  /// Looks for what is missing.
  ///
  /// A row counts as regular when it has events on at least half of the days from its first to its
  /// last. Only in such rows is a day without events a hole, and only they fall silent: when two
  /// days or more are missing up to the newest one, since the newest may not be whole.
  ///
  /// - Parameters:
  ///   - matrix: What the dataset has.
  ///   - today: Later days are clocks gone wrong and do not count.
  public init(_ matrix: Matrix, today: Day?) {
    for row in matrix.rows {
      let days = row.activeDays
      guard Findings.isRegular(days) else {
        irregularRowCount += days.isEmpty ? 0 : 1
        continue
      }
      for (before, after) in zip(days, days.dropFirst()) where before.distance(to: after) > 1 {
        holes.append(
          Hole(
            accountRegion: row.accountRegion,
            days: before.advanced(by: 1)...after.advanced(by: -1)))
      }
    }
    let events = matrix.rows.filter { $0.family == .events }
    let limit = today ?? .distantFuture
    newestDay = events.compactMap { $0.activeDays.last { $0 <= limit } }.max()
    if let newestDay { findSilences(events, newestDay) }
  }

  private mutating func findSilences(_ rows: [Matrix.Row], _ newestDay: Day) {
    for (account, rows) in Dictionary(grouping: rows, by: \.account).sorted(by: { $0.key < $1.key })
    {
      let days = Set(rows.flatMap(\.activeDays)).sorted()
      if let silence = Findings.silence(account, nil, days, newestDay) {
        silences.append(silence)
        continue
      }
      silences += rows.compactMap {
        Findings.silence(account, $0.region, $0.activeDays, newestDay)
      }
    }
  }

  private static func silence(
    _ account: PartitionValue, _ region: PartitionValue?, _ days: [Day], _ newestDay: Day
  ) -> Silence? {
    guard let last = days.last, last.distance(to: newestDay) >= 2, days.count > 1, isRegular(days)
    else {
      return nil
    }
    return Silence(
      account: account, region: region, lastDay: last, dayCount: last.distance(to: newestDay))
  }

  private static func isRegular(_ days: [Day]) -> Bool {
    guard let first = days.first, let last = days.last else { return false }
    return days.count * 2 >= first.distance(to: last) + 1
  }
}
