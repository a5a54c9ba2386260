import Bytes
import CloudTrail

/// What is usual around a day of a row.
struct Neighbourhood {
  /// Of these something is known, in order.
  private let days: [Day]
  private let known: Set<Day>
  private let active: Set<Day>

  /// How many days around a gap are looked at, at least.
  static let size = 7

  /// How many of them have to be known: two events make no habit.
  static let least = 3

  init(_ days: [Day], active: Set<Day>) {
    (self.days, self.active) = (days, active)
    known = Set(days)
  }

  /// Whether at least half of the days around a gap are known, those of the gap counted, and no fewer than
  /// make a habit.
  ///
  /// A longer gap is compared with more days: with twice its length on both sides.
  func isRegular(around gap: ClosedRange<Day>) -> Bool {
    guard let first = days.first, let last = days.last else { return false }
    let reach = max(Neighbourhood.size, 2 * gap.count)
    let start = max(first, gap.lowerBound.advanced(by: -reach))
    let end = min(last, gap.upperBound.advanced(by: reach))
    let low = days.partitioningIndex { $0 >= start }
    let high = days.partitioningIndex { $0 > end }
    let count = high - low
    return count >= Neighbourhood.least && count * 2 >= start.distance(to: end) + 1
  }

  /// The days of a gap on which the row is not silent every week, without those that are named already.
  func unusual(in gap: ClosedRange<Day>, besides named: Set<Day>) -> [ClosedRange<Day>] {
    var ranges: [ClosedRange<Day>] = []
    for day in gap where !named.contains(day) && !isSilentEveryWeek(day, in: gap) {
      if let last = ranges.last, last.upperBound.distance(to: day) == 1 {
        ranges[ranges.count - 1] = last.lowerBound...day
      } else {
        ranges.append(day...day)
      }
    }
    return ranges
  }

  /// Whether the row has no events on this day of the week, for two weeks at least, and on most other
  /// days has some.
  private func isSilentEveryWeek(_ day: Day, in gap: ClosedRange<Day>) -> Bool {
    guard let first = days.first, let last = days.last else { return false }
    func around(_ distances: some Sequence<Int>) -> [Day] {
      distances.map { day.advanced(by: $0) }
        .filter { (first...last).contains($0) && !gap.contains($0) }
    }
    let others = around([-14, -7, 7, 14])
    guard others.count >= 2, !others.contains(where: active.contains) else { return false }
    let neighbours = around(-14...14)
    return neighbours.count(where: active.contains) * 2 >= neighbours.count
  }
}
