import Bytes
import CloudTrail
import Segments

/// Applies a `RecordFilter` to one record after the other.
///
/// Each worker has one. All fields that any rule asks for are found in one walk over the record, and
/// accounts and regions are compared once a cell.
final class RecordSelector {
  private let filter: RecordFilter
  private let cells: CellTable
  private let include: [FieldRule]
  private let exclude: [FieldRule]
  private var capture: FieldCapture
  private var scratch = ByteBuffer()
  /// Why the records of a cell are left out, by its number; nil inside: they are not.
  private var verdicts: [UInt32: FilterReason?] = [:]

  /// Makes a selector; nil when the filter has nothing to test.
  init?(_ filter: RecordFilter, cells: CellTable) {
    guard filter.hasTests else { return nil }
    var tree = FieldTree()
    self.filter = filter
    self.cells = cells
    include = filter.include.map { FieldRule($0, in: &tree) }
    exclude = filter.exclude.map { FieldRule($0, in: &tree) }
    capture = FieldCapture(tree)
  }

  /// Why a record is left out; nil if it is taken.
  ///
  /// `record` is validated JSON without white space between its tokens.
  ///
  /// - Complexity: O(record) with rules, else O(1).
  func reasonToLeaveOut(_ entry: Entry, _ record: Span<UInt8>) -> FilterReason? {
    if let from = filter.from, entry.time.seconds < from { return .time }
    if let to = filter.to, entry.time.seconds >= to { return .time }
    if let reason = reasonToLeaveOut(cell: entry.cell) { return reason }
    if include.isEmpty && exclude.isEmpty { return nil }
    capture.read(record)
    if !include.isEmpty, !include.contains(where: { matches($0, record) }) { return .noInclude }
    return exclude.firstIndex { matches($0, record) }.map { .exclude($0) }
  }

  private func reasonToLeaveOut(cell number: UInt32) -> FilterReason? {
    if filter.accounts.isEmpty && filter.regions.isEmpty { return nil }
    if let known = verdicts[number] { return known }
    let cell = cells.cell(number)
    var reason: FilterReason?
    if !filter.accounts.isEmpty, !filter.accounts.anyMatches(cell.account.decoded.span) {
      reason = .account
    } else if !filter.regions.isEmpty, !filter.regions.anyMatches(cell.region.decoded.span) {
      reason = .region
    }
    verdicts[number] = .some(reason)
    return reason
  }

  private func matches(_ rule: FieldRule, _ record: Span<UInt8>) -> Bool {
    rule.conditions.allSatisfy { $0.matches(record, capture, &scratch) }
  }
}
