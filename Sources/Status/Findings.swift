public import CloudTrail
import Validation

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

  /// Days without events of a row that has events on too few of the days around them, or before them.
  public struct Unjudged: Sendable, Equatable {
    public var accountRegion: AccountRegion
    /// The first and the last of them.
    public var days: ClosedRange<Day>
    public var dayCount: Int
  }

  /// By family, account, region and day.
  public private(set) var holes: [Hole] = []
  public private(set) var silences: [Silence] = []
  /// Rows with days of which nobody can say whether they are holes.
  public private(set) var unjudged: [Unjudged] = []
  /// The newest day that counts for silence.
  public private(set) var newestDay: Day?

  /// Looks for what is missing.
  ///
  /// A day without events is judged by its neighbours: it is a hole if at least half of the days around
  /// it, and at least three, have events or are covered by digests, so that a stray event years away
  /// changes nothing. A day that digests cover is none: they say what was delivered. Nor is one whose
  /// digests are missing, which are named themselves, nor one on which the row is silent every week.
  /// Silence is judged in the same way by the days before it.
  ///
  /// - Parameters:
  ///   - matrix: What the dataset has.
  ///   - today: Later days are clocks gone wrong and do not count.
  public init(_ matrix: Matrix, today: Day?) {
    let gaps = matrix.rows.map { judge($0) }
    let events = matrix.rows.filter { $0.family == .events }
    let limit = today ?? .distantFuture
    newestDay = events.compactMap { $0.activeDays.last { $0 <= limit } }.max()
    if let newestDay { findSilences(events, newestDay) }
    let silent = Set(silences.filter { $0.region == nil }.map(\.account))
    for (row, gaps) in zip(matrix.rows, gaps) {
      let end = silent.contains(row.account) ? [] : unjudgedEnd(of: row)
      note(unjudged: gaps + end, row)
    }
  }

  /// Finds the holes of a row.
  ///
  /// - Returns: The days that cannot be judged.
  private mutating func judge(_ row: Matrix.Row) -> [ClosedRange<Day>] {
    let days = row.knownDays
    var unjudged: [ClosedRange<Day>] = []
    let gaps = Neighbourhood(days, active: Set(row.activeDays))
    // The first of a day covers the end of the day before.
    let named = Set(
      row.invalidDays.filter { ($0.digests?.digestsMissing ?? 0) > 0 }
        .flatMap { [$0.day.advanced(by: -1), $0.day] })
    for (before, after) in zip(days, days.dropFirst()) where before.distance(to: after) > 1 {
      let gap = before.advanced(by: 1)...after.advanced(by: -1)
      guard gaps.isRegular(around: gap) else {
        unjudged.append(gap)
        continue
      }
      holes += gaps.unusual(in: gap, besides: named)
        .map { Hole(accountRegion: row.accountRegion, days: $0) }
    }
    return unjudged
  }

  /// The days after the last events of a row of which nobody can say whether it fell silent.
  private func unjudgedEnd(of row: Matrix.Row) -> [ClosedRange<Day>] {
    let days = row.activeDays
    guard let newestDay, row.family == .events, let last = days.last,
      last.distance(to: newestDay) >= 2, !Findings.wasRegular(days),
      !Findings.isCovered(row, after: last, newestDay)
    else { return [] }
    return [last.advanced(by: 1)...newestDay]
  }

  private mutating func note(unjudged: [ClosedRange<Day>], _ row: Matrix.Row) {
    guard let first = unjudged.first, let last = unjudged.last else { return }
    self.unjudged.append(
      Unjudged(
        accountRegion: row.accountRegion, days: first.lowerBound...last.upperBound,
        dayCount: unjudged.reduce(0) { $0 + $1.count }))
  }

  private mutating func findSilences(_ rows: [Matrix.Row], _ newestDay: Day) {
    for (account, rows) in Dictionary(grouping: rows, by: \.account).sorted(by: { $0.key < $1.key })
    {
      let days = Set(rows.flatMap(\.activeDays)).sorted()
      if let silence = Findings.silence(account, nil, days, newestDay) {
        if !rows.allSatisfy({ Findings.isCovered($0, after: silence.lastDay, newestDay) }) {
          silences.append(silence)
        }
        continue
      }
      silences += rows.compactMap { row in
        let silence = Findings.silence(account, row.region, row.activeDays, newestDay)
        return silence.flatMap {
          Findings.isCovered(row, after: $0.lastDay, newestDay) ? nil : $0
        }
      }
    }
  }

  private static func silence(
    _ account: PartitionValue, _ region: PartitionValue?, _ days: [Day], _ newestDay: Day
  ) -> Silence? {
    guard let last = days.last, last.distance(to: newestDay) >= 2, wasRegular(days) else {
      return nil
    }
    return Silence(
      account: account, region: region, lastDay: last, dayCount: last.distance(to: newestDay))
  }

  /// Whether digests cover the days since the last one with events; the newest may not be over.
  private static func isCovered(_ row: Matrix.Row, after last: Day, _ newest: Day) -> Bool {
    (1..<max(2, last.distance(to: newest))).allSatisfy {
      row.covered.isCovered(last.advanced(by: $0))
    }
  }

  /// Whether the last days with events follow one another as on most days.
  private static func wasRegular(_ days: [Day]) -> Bool {
    guard let last = days.last else { return false }
    let recent = days.filter { $0.distance(to: last) < Neighbourhood.size * 2 }
    guard recent.count >= Neighbourhood.least, let first = recent.first else { return false }
    return recent.count * 2 >= first.distance(to: last) + 1
  }
}
