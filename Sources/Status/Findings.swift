public import CloudTrail

/// What is missing from a matrix: holes, and accounts that fell silent.
public struct Findings: Sendable {
  /// Days with nothing, between two days with events of the same account and region.
  public struct Hole: Sendable, Equatable {
    public var family: Family
    public var account: PartitionValue
    public var region: PartitionValue
    /// Days since 1970.
    public var days: ClosedRange<Int32>

    public var dayCount: Int { days.count }
  }

  /// An account, or one of its regions, that had events day by day and has none any more.
  public struct Silence: Sendable, Equatable {
    public var account: PartitionValue
    /// Nil for the whole account.
    public var region: PartitionValue?
    /// The last day with events.
    public var lastDay: Int32
    /// The days without, up to the newest day of the dataset.
    public var dayCount: Int
  }

  /// By family, account, region and day.
  public private(set) var holes: [Hole] = []
  public private(set) var silences: [Silence] = []
  /// Rows that have events on less than half of their days: nothing can be told of their gaps.
  public private(set) var irregularRowCount = 0
  /// The newest day that counts for silence.
  public private(set) var newestDay: Int32?

  /// Looks for what is missing.
  ///
  /// A row counts as regular when it has events on at least half of the days from its first to its
  /// last. Only in such rows is a day without events a hole, and only they fall silent: when two
  /// days or more are missing up to the newest one, since the newest may not be whole.
  ///
  /// - Parameters:
  ///   - matrix: What the dataset has.
  ///   - today: Days since 1970; later days are clocks gone wrong and do not count.
  public init(_ matrix: Matrix, today: Int32?) {
    for row in matrix.rows {
      let days = row.activeDays
      guard Findings.isRegular(days) else {
        irregularRowCount += days.isEmpty ? 0 : 1
        continue
      }
      for (before, after) in zip(days, days.dropFirst()) where after - before > 1 {
        holes.append(
          Hole(
            family: row.family, account: row.account, region: row.region,
            days: (before + 1)...(after - 1)))
      }
    }
    let events = matrix.rows.filter { $0.family == .events }
    let limit = today ?? .max
    newestDay = events.compactMap { $0.activeDays.last { $0 <= limit } }.max()
    if let newestDay { findSilences(events, newestDay) }
  }

  private mutating func findSilences(_ rows: [Matrix.Row], _ newestDay: Int32) {
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
    _ account: PartitionValue, _ region: PartitionValue?, _ days: [Int32], _ newestDay: Int32
  ) -> Silence? {
    guard let last = days.last, newestDay - last >= 2, days.count > 1, isRegular(days) else {
      return nil
    }
    return Silence(
      account: account, region: region, lastDay: last, dayCount: Int(newestDay - last))
  }

  private static func isRegular(_ days: [Int32]) -> Bool {
    guard let first = days.first, let last = days.last else { return false }
    return days.count * 2 >= Int(last) - Int(first) + 1
  }
}
