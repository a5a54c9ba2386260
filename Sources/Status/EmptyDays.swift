import Bytes
import CloudTrail
import JobFiles
import Validation

/// What is known of a day on which an account and region have no events.
public enum EmptyDay: String, Sendable, CaseIterable {
  /// Verified digests cover it from midnight to midnight, and no file that they list is absent.
  case quiet
  /// Digests cover it, and do not vouch for it: a signature was not checked, or files are absent or
  /// altered.
  case covered
  /// No digest covers it, and nobody can say more.
  case uncovered
  /// No digest covers it, and the days around it have events.
  case hole
}

/// The days without events of each row, each of one kind; those that the job does not select are none.
struct EmptyDays {
  private let selected: SelectedDays
  private let holes: [AccountRegion: [ClosedRange<Day>]]
  /// The days on which anything is known of any row, in order: a stray event years away adds one, and
  /// not all between.
  private let known: [Day]

  init(_ matrix: Matrix, _ findings: Findings) {
    selected = matrix.selected
    holes = Dictionary(grouping: findings.holes, by: \.accountRegion).mapValues { $0.map(\.days) }
    guard let shown = matrix.shownDays else {
      known = []
      return
    }
    var known: Set<Day> = []
    for row in matrix.rows {
      known.formUnion(row.days.lazy.map(\.day).filter(shown.contains))
    }
    for range in Set(matrix.rows.lazy.flatMap(\.covered.covered)).union(holes.values.joined())
    where range.overlaps(shown) {
      known.formUnion(range.clamped(to: shown))
    }
    self.known = known.filter(selected.contains).sorted()
  }

  /// The holes of a row, in order.
  func holes(of row: Matrix.Row) -> [ClosedRange<Day>] { holes[row.accountRegion] ?? [] }

  /// The days without events of a row of which more is known than that no digest covers them.
  func known(of row: Matrix.Row) -> [(day: Day, kind: EmptyDay)] {
    var days = holes(of: row).flatMap { range in range.map { (day: $0, kind: EmptyDay.hole) } }
    if row.covered.covered.isEmpty { return days }
    let active = Set(row.activeDays)
    let own = Set(own(of: row))
    for range in row.covered.covered {
      days += range.lazy.filter { !active.contains($0) && (isKnown($0) || own.contains($0)) }
        .map { ($0, row.kind(ofEmpty: $0)) }
    }
    return days
  }

  /// The days of a row itself that are known of no other: after the last events of all, say.
  private func own(of row: Matrix.Row) -> [Day] {
    row.days.lazy.filter { $0.recordCount == 0 }.map(\.day)
      .filter { selected.contains($0) && !isKnown($0) }
  }

  private func isKnown(_ day: Day) -> Bool {
    let place = known.partitioningIndex { $0 >= day }
    return place < known.count && known[place] == day
  }

  /// All days without events of a row, in order.
  ///
  /// - Complexity: O(days on which anything is known of any row).
  func days(of row: Matrix.Row) -> [(day: Day, kind: EmptyDay)] {
    let active = Set(row.activeDays)
    let kinds = Dictionary(uniqueKeysWithValues: known(of: row).map { ($0.day, $0.kind) })
    return (known + own(of: row)).sorted().lazy.filter { !active.contains($0) }
      .map { ($0, kinds[$0] ?? .uncovered) }
  }

  /// How many days of each kind some rows have.
  func counts(_ rows: [Matrix.Row]) -> [(kind: EmptyDay, count: Int)] {
    var counts: [EmptyDay: Int] = [:]
    for row in rows {
      let empty = known(of: row)
      for (_, kind) in empty { counts[kind, default: 0] += 1 }
      counts[.uncovered, default: 0] +=
        known.count + own(of: row).count - row.activeDays.count - empty.count
    }
    return EmptyDay.allCases.map { ($0, counts[$0] ?? 0) }
  }
}
