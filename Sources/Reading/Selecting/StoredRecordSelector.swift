public import Bytes
public import CloudTrail
public import Segments

/// Says of records that were read in an earlier run whether a job would take them today.
///
/// Each worker has one.
public final class StoredRecordSelector {
  private let filter: FileFilter
  private let selector: RecordSelector?
  private var maker: EntryMaker
  private var fields = RecordFields()
  /// What their sources' paths say, by the numbers of the sources; nil for files that are not taken.
  private var facts: [UInt32: PathFacts?] = [:]

  public init(_ records: RecordFilter, _ files: FileFilter, cells: CellTable) {
    filter = files
    selector = RecordSelector(records, cells: cells)
    maker = EntryMaker(cells: cells)
  }

  /// Whether the selection takes a record, and the file it came from.
  ///
  /// Of a path only what it says itself is known: where that leaves anything open, the file is taken.
  /// So is a record without a usable time, which would be rejected.
  ///
  /// - Complexity: O(record).
  public func takes(
    _ record: Span<UInt8>, of family: Family, from path: Path, number source: UInt32
  ) -> Bool {
    guard let facts = takenFacts(path, source) else { return false }
    guard let selector else { return true }
    var scanner = JSONScanner(record)
    guard (try? fields.capture(&scanner, shape: nil)) != nil else { return true }
    if family == .aggregated { fields.adoptAggregatedNames(in: record) }
    let context = EntryMaker.Context(
      family: family, facts: facts, source: source)
    guard let entry = maker.entry(record, 0..<record.count, fields, index: 0, context) else {
      return true
    }
    return selector.reasonToLeaveOut(entry, record) == nil
  }

  /// Whether the selection takes a file, by what its path says.
  public func takes(fileAt path: Path, number source: UInt32) -> Bool {
    takenFacts(path, source) != nil
  }

  private func takenFacts(_ path: Path, _ source: UInt32) -> PathFacts? {
    if let known = facts[source] { return known }
    let found = PathFacts(ofFileAt: path)
    var filter = filter
    if found.organization == nil { filter.organizations = [] }
    let taken = filter.takes(found) ? found : nil
    facts[source] = .some(taken)
    return taken
  }
}
