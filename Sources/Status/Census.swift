public import Bytes
public import CloudTrail
public import Dataset
import Segments

/// Counts of names that records hold, from one pass over the store.
public struct Census: Sendable {
  /// What is known of an account's errors.
  public struct Errors: Sendable, Equatable {
    public var recordCount = 0
    public var errorCount = 0
    public var codes: [String: Int] = [:]

    public init(recordCount: Int = 0, errorCount: Int = 0, codes: [String: Int] = [:]) {
      self.recordCount = recordCount
      self.errorCount = errorCount
      self.codes = codes
    }
  }

  public var recordCount = 0
  /// By the service and the call: `s3 GetObject`.
  public var events: [String: Int] = [:]
  public var errors: [PartitionValue: Errors] = [:]
  /// Records of the store by the trail whose file they name.
  public var kept: [Path: Int] = [:]
  /// Cells that are not as they were committed: `trailmerge verify` says more.
  public var damagedCellCount = 0

  public init() {}

  /// Adds what was counted elsewhere.
  public mutating func add(_ other: Census) {
    recordCount += other.recordCount
    events.merge(other.events, uniquingKeysWith: +)
    kept.merge(other.kept, uniquingKeysWith: +)
    errors.merge(other.errors) { left, right in
      Errors(
        recordCount: left.recordCount + right.recordCount,
        errorCount: left.errorCount + right.errorCount,
        codes: left.codes.merging(right.codes, uniquingKeysWith: +))
    }
    damagedCellCount += other.damagedCellCount
  }

  /// The names with the highest counts, equal ones by name.
  public static func top(
    _ counts: [String: Int], _ limit: Int
  ) -> [(name: String, count: Int)] {
    counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .prefix(limit).map { ($0.key, $0.value) }
  }
}

/// Goes through the records of a dataset, a cell or a day at a time; each worker has its own.
///
/// Records are not parsed into objects: one walk over each finds the three fields that count.
public final class CensusTaker {
  private let dataset: StoredDataset
  private let lines: LineReader
  private var capture: FieldCapture
  private let eventName: FieldTree.Field
  private let eventSource: FieldTree.Field
  private let errorCode: FieldTree.Field
  private var names = NameCounter()
  private var codes = NameCounter()
  private var name = ByteBuffer(capacity: 256)

  public init(_ dataset: StoredDataset) throws {
    self.dataset = dataset
    lines = try LineReader()
    var tree = FieldTree()
    eventName = tree.insert(try FieldPath(parsing: "eventName"), isShown: true)
    eventSource = tree.insert(try FieldPath(parsing: "eventSource"), isShown: true)
    errorCode = tree.insert(try FieldPath(parsing: "errorCode"), isShown: true)
    capture = FieldCapture(tree)
  }

  /// Counts the records of a cell.
  public func count(_ cell: Cell) throws -> Census {
    var census = Census()
    var errors = Census.Errors()
    names.removeAll()
    codes.removeAll()
    do {
      for file in try dataset.storeFiles(of: cell) {
        try lines.open(file)
        while try lines.next() {
          errors.recordCount += 1
          if lines.withLine({ read($0) }) { errors.errorCount += 1 }
        }
      }
    } catch is DatasetError {
      census.damagedCellCount = 1
    }
    census.recordCount = errors.recordCount
    census.events = names.counts
    errors.codes = codes.counts
    census.errors[cell.account] = errors
    return census
  }

  /// Counts one record; says whether it is an error.
  private func read(_ record: Span<UInt8>) -> Bool {
    capture.read(record)
    name.removeAll()
    append(eventSource, of: record)
    dropServiceSuffix()
    if !name.isEmpty { name.append(ASCII.space) }
    append(eventName, of: record)
    name.withBytes { names.count($0) }
    guard !capture[errorCode].isEmpty else { return false }
    name.removeAll()
    append(errorCode, of: record)
    name.withBytes { codes.count($0) }
    return true
  }

  private func append(_ field: FieldTree.Field, of record: Span<UInt8>) {
    let value = capture[field]
    guard value.isString else { return }
    JSONText.appendDecoded(record.extracting(value.range), to: &name)
  }

  /// `s3.amazonaws.com` is `s3`.
  private func dropServiceSuffix() {
    let suffix: StaticString = ".amazonaws.com"
    let start = name.count - suffix.utf8CodeUnitCount
    let hasSuffix = start > 0 && name.withBytes { $0.equals(start..<$0.count, suffix) }
    if hasSuffix { name.truncate(to: start) }
  }

  /// Counts for each trail the records of a day that name one of its files.
  public func countKept(_ day: EventDay) throws -> Census {
    var census = Census()
    do {
      guard let index = try DayIndex(day, of: dataset) else { return census }
      let paths = try index.paths()
      var counts = Array(repeating: 0, count: paths.count)
      let rowCount = index.cells.values.reduce(0) { $0 + $1.count }
      try index.forEachRow(in: 0..<rowCount) { row in
        let source = Int(row.place.source)
        if source < counts.count { counts[source] += 1 }
      }
      for (path, count) in zip(paths, counts) where count > 0 {
        census.kept[Deliveries.trail(of: path), default: 0] += count
      }
    } catch is DatasetError {
      census.damagedCellCount = 1
    }
    return census
  }
}
