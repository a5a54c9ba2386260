import Bytes
public import CloudTrail
public import Dataset
public import JobFiles
public import Validation

/// What a dataset has of each account, region and day.
public struct Matrix: Sendable {
  /// One day of a row.
  public struct DaySummary: Sendable, Equatable {
    public var day: Day
    /// Log files delivered on this day; events of the day before may be in them.
    public var fileCount = 0
    /// Events of this day.
    public var recordCount = 0
    public var firstTime: EventTime?
    public var lastTime: EventTime?
    /// What the digests say of the files delivered on this day; nil if nobody asked.
    public var digests: DigestCounts?

    public init(day: Day) {
      self.day = day
    }
  }

  /// A stretch of time in which nothing happened, as far as is known.
  public struct Gap: Sendable, Equatable {
    public var from: EventTime
    public var to: EventTime

    public var seconds: Int64 { to.seconds - from.seconds }
  }

  /// One account and region of a family.
  public struct Row: Sendable {
    public var accountRegion: AccountRegion
    /// The days with files or records, in order.
    public var days: [DaySummary] = []
    /// The longest time between two files or, where no file names its place, two days' events.
    public var longestGap: Gap?
    /// The days that digests cover, with what they say of them.
    public var covered = CoveredDays()

    public var family: Family { accountRegion.family }
    public var account: PartitionValue { accountRegion.account }
    public var region: PartitionValue { accountRegion.region }
    public var fileCount: Int { days.reduce(0) { $0 + $1.fileCount } }
    public var recordCount: Int { days.reduce(0) { $0 + $1.recordCount } }
    public var firstTime: EventTime? { days.compactMap(\.firstTime).min() }
    public var lastTime: EventTime? { days.compactMap(\.lastTime).max() }
    /// The days with events, in order.
    public var activeDays: [Day] { days.filter { $0.recordCount > 0 }.map(\.day) }
    /// The delivery days on which the digests and what is there disagree, in order.
    public var invalidDays: [DaySummary] { days.filter { $0.digests?.isInvalid == true } }
    /// The days with events and those between the first and the last that digests cover: of these
    /// something is known.
    var knownDays: [Day] {
      let active = activeDays
      guard let first = active.first, let last = active.last else { return [] }
      var days = Set(active)
      for range in covered.covered {
        let (low, high) = (max(first, range.lowerBound), min(last, range.upperBound))
        if low <= high { days.formUnion(low...high) }
      }
      return days.sorted()
    }

    /// What is known of a day without events that is no hole.
    func kind(ofEmpty day: Day) -> EmptyDay {
      guard covered.isCovered(day) else { return .uncovered }
      return covered.isVouched(day) && !mayBeAbsent(on: day) ? .quiet : .covered
    }

    /// Whether files are absent or altered that may hold events of a day: those that were delivered on
    /// it, or on the next.
    private func mayBeAbsent(on day: Day) -> Bool {
      let start = days.partitioningIndex { $0.day >= day }
      return days[start...].prefix { day.distance(to: $0.day) <= 1 }
        .contains { $0.digests?.isInvalid == true }
    }
  }

  /// By family, account and region.
  public private(set) var rows: [Row] = []

  /// The first and the last day with events; nil for an empty dataset.
  public var days: ClosedRange<Day>? {
    let all = rows.flatMap(\.days).filter { $0.recordCount > 0 }.map(\.day)
    guard let first = all.min(), let last = all.max() else { return nil }
    return first...last
  }

  /// The days a picture spans: those with events, and those around them on which the digests and
  /// what is there disagree; without events, those with files.
  ///
  /// Not all such days, since a digest may name any.
  var shownDays: ClosedRange<Day>? {
    let invalid = rows.flatMap(\.invalidDays).map(\.day)
    guard let days else {
      let all = rows.flatMap(\.days).map(\.day)
      return all.min().flatMap { first in all.max().map { first...$0 } }
    }
    let around = days.lowerBound.advanced(by: -31)...days.upperBound.advanced(by: 31)
    let near = invalid.filter(around.contains) + [days.lowerBound, days.upperBound]
    return (near.min() ?? days.lowerBound)...(near.max() ?? days.upperBound)
  }

  public var accountCount: Int { Set(rows.map(\.account)).count }
  public var regionCount: Int { Set(rows.map(\.region)).count }

  /// The days of which events are taken.
  let selected: SelectedDays

  /// - Parameters:
  ///   - cells: All of the dataset.
  ///   - delivered: What files the selected days have.
  ///   - validated: What digests say of them.
  ///   - selected: The days of which events are taken.
  /// - Complexity: O(cells + days with files), with a sort of each row.
  public init(
    _ cells: [Cell: CellSummary], _ delivered: Deliveries, _ validated: DigestEvidence,
    of selected: SelectedDays
  ) {
    self.selected = selected
    var days: [AccountRegion: [Day: DaySummary]] = [:]
    for (cell, summary) in cells {
      var day = DaySummary(day: cell.day)
      day.recordCount = summary.recordCount
      day.firstTime = summary.firstTime
      day.lastTime = summary.lastTime
      days[cell.accountRegion, default: [:]][cell.day] = day
    }
    for (place, count) in delivered.files {
      days[place.accountRegion, default: [:]][place.day, default: DaySummary(day: place.day)]
        .fileCount = count
    }
    for (place, counts) in validated.days {
      days[place.accountRegion, default: [:]][place.day, default: DaySummary(day: place.day)]
        .digests = counts
    }
    rows = days.map { accountRegion, days in
      var row = Row(accountRegion: accountRegion)
      row.days = days.values.sorted { $0.day < $1.day }
      let extents = delivered.extents[accountRegion]
      row.longestGap = Matrix.longestGap(extents ?? Matrix.extents(row.days))
      return row
    }
    rows.sort { $0.accountRegion < $1.accountRegion }
    cover(by: validated.covered, delivered)
  }

  private mutating func cover(by digests: CoveredTimes, _ delivered: Deliveries) {
    guard let shown = shownDays else { return }
    for (index, row) in rows.enumerated() {
      guard let first = row.days.first?.day, let last = row.days.last?.day else { continue }
      let range = min(first, shown.lowerBound)...max(last, shown.upperBound)
      rows[index].covered = digests.days(
        row.account, row.region, range, delivered: delivered.trailDays[row.accountRegion] ?? [:])
    }
  }

  private static func extents(_ days: [DaySummary]) -> [ClosedRange<EventTime>] {
    days.compactMap { day in
      guard let first = day.firstTime, let last = day.lastTime else { return nil }
      return first...last
    }
  }

  /// The longest stretch between the first and the last that none of the extents covers.
  private static func longestGap(_ extents: [ClosedRange<EventTime>]) -> Gap? {
    var longest: Gap?
    var covered: EventTime?
    for extent in extents.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let covered, extent.lowerBound > covered {
        let gap = Gap(from: covered, to: extent.lowerBound)
        if gap.seconds > longest?.seconds ?? 0 { longest = gap }
      }
      covered = max(covered ?? extent.upperBound, extent.upperBound)
    }
    return longest
  }
}
