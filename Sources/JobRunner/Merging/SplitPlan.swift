import Bytes
import CloudTrail
import Dataset
import JobFiles
import Segments
import Writing

/// Where a dataset is cut: between the periods of its outputs, so that no partition is in two pieces.
struct SplitPlan {
  /// The days of each period, with their records, in order.
  private var periods: [(first: Day, last: Day, recordCount: Int)] = []

  /// - Throws: `DatasetError` for a list of a day that is not as it was committed.
  init(_ operand: MergeOperand, _ outputs: [OutputSpecification]) throws {
    var last: String?
    for day in operand.days {
      let period = SplitPlan.period(of: day, outputs)
      let count = try operand.dataset.list(Period(day)).totals.recordCount
      if last == period, !periods.isEmpty {
        periods[periods.count - 1].last = day
        periods[periods.count - 1].recordCount += count
      } else {
        periods.append((day, day, count))
      }
      last = period
    }
  }

  /// The longest period that a partition with events of a day has, among all outputs.
  private static func period(of day: Day, _ outputs: [OutputSpecification]) -> String {
    let text = day.description
    return outputs.map { output in
      let keys = output.partitionBy
      if keys.contains(.dt) { return text }
      if keys.contains(.month) { return String(text.prefix(7)) }
      return keys.contains(.year) ? String(text.prefix(4)) : ""
    }.min { $0.utf8.count < $1.utf8.count } ?? text
  }

  /// Neighbouring periods, in at most `count` pieces of about as many records each.
  func selections(_ count: Int) -> [CellSelection] {
    let total = periods.reduce(0) { $0 + $1.recordCount }
    var selections: [CellSelection] = []
    var taken = 0
    for period in periods {
      // By the middle of the period, so that pieces are about equal.
      let middle = (2 * taken + period.recordCount).multipliedFullWidth(by: count)
      let wanted = (2 * max(total, 1)).dividingFullWidth(middle).quotient
      if wanted < selections.count, var open = selections.popLast() {
        open.end = period.last.next
        selections.append(open)
      } else {
        selections.append(CellSelection(first: period.first, end: period.last.next))
      }
      taken += period.recordCount
    }
    return selections
  }
}

extension Day {
  fileprivate var next: Day { Day(daysSince1970: daysSince1970 + 1) }
}

extension CellSelection: CustomStringConvertible {
  /// What a job selects, as far as a dataset can be cut by it.
  ///
  /// - Throws: `RunError.usage` for times within a day.
  init(_ select: Selection) throws {
    func day(_ bound: TimeBound?) throws -> Day? {
      guard let bound else { return nil }
      guard bound.secondsSince1970 % 86_400 == 0 else {
        throw RunError.usage("\(bound.text): a dataset is cut by whole days")
      }
      return EventTime(seconds: bound.secondsSince1970).day
    }
    self.init(
      accounts: select.accounts, first: try day(select.from), end: try day(select.to))
  }

  /// Reads what `description` gives for days alone; nil for every other text.
  init?(days text: String) {
    self.init()
    let words = text.split(separator: " ")
    for (word, day) in zip(words, words.dropFirst()) {
      if word == "from" { first = Day(day) }
      if word == "to" { end = Day(day) }
    }
    guard description == text else { return nil }
  }

  var description: String {
    var parts: [String] = []
    if !accounts.isEmpty { parts.append("account " + accounts.sorted().joined(separator: ", ")) }
    if let first { parts.append("from \(first)") }
    if let end { parts.append("to \(end)") }
    return parts.isEmpty ? "all" : parts.joined(separator: " ")
  }
}

extension MergeOperand {
  /// The event days with records, of all families.
  var eventDays: [EventDay] { manifest.eventDays }

  /// Whether there is anything that belongs to no event day, beside the ledger.
  var hasFilesWithoutTime: Bool {
    !slots(of: .rejected).isEmpty || !slots(of: .digests).isEmpty
      || manifest.files[DatasetFile.publicKeys.path] != nil
  }

  /// Passes the files that the records of some cells of a day come from.
  ///
  /// - Throws: `DatasetError` for an index that is not as it was committed; what `body` throws.
  /// - Complexity: O(records of the day) where not all of its cells are taken.
  func forEachSource(
    of day: EventDay, _ selection: CellSelection, _ body: (Path) throws -> Void
  ) throws {
    guard let index = try DayIndex(day, of: dataset) else { return }
    let cells = index.cells.filter { selection.takes($0.key) }
    if cells.isEmpty { return }
    let paths = try index.paths()
    if cells.count == index.cells.count { return try paths.forEach(body) }
    var used: Set<UInt32> = []
    for range in cells.values {
      try index.forEachRow(in: range) { used.insert($0.place.source) }
    }
    for number in used.sorted() {
      guard Int(number) < paths.count else {
        throw DatasetError.damaged(dataset.layout[.index(day)], "a row names no file")
      }
      try body(paths[Int(number)])
    }
  }
}
