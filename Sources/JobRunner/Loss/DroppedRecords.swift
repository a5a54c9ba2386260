import Bytes
import Dataset
import Segments

/// Stored records that a rebuild would leave out although the job selects them: no input file holds
/// them any more, or none that can be read.
struct DroppedRecords: Sendable {
  /// How many came from each file, by the file's number.
  private(set) var countBySource: [UInt32: Int] = [:]
  /// Stored records that cannot be compared, since the dataset's own files are damaged.
  var unreadableCount = 0

  var count: Int { countBySource.values.reduce(0, +) }

  var isEmpty: Bool { countBySource.isEmpty && unreadableCount == 0 }

  /// Adds a record from the file with a number.
  mutating func add(from source: UInt32) { countBySource[source, default: 0] += 1 }

  static func += (left: inout DroppedRecords, right: DroppedRecords) {
    left.countBySource.merge(right.countBySource, uniquingKeysWith: +)
    left.unreadableCount += right.unreadableCount
  }
}

/// The same by file, as the report has it.
struct DroppedFiles {
  private(set) var files: [RunReport.DroppedFile] = []
  private(set) var recordCount = 0
  /// Whether the commit may go on.
  private(set) var isAllowed = true
  private(set) var notes: [String] = []

  /// Nothing is dropped.
  init() {}

  /// Nobody can tell, since the dataset's manifest or its lists are damaged.
  ///
  /// `allowsLoss`: Whether the user lets the records go.
  init(unreadable allowsLoss: Bool) {
    isAllowed = allowsLoss
    notes = [
      "the dataset's own files are damaged, so nobody knows whether the inputs still hold "
        + "all of its records: \(DroppedFiles.advice(allowsLoss: allowsLoss))"
    ]
  }

  /// What leaves since the start of the selection was raised.
  ///
  /// - Throws: `DatasetError` when what is to be counted is not as it was committed.
  init(leaving baseline: Baseline) throws {
    guard let retention = baseline.retention else { return }
    let leaving = try LeavingRecords(retention, of: baseline.stored)
    recordCount = leaving.recordCount
    if recordCount > 0 { notes = [leaving.description] }
  }

  private static func advice(allowsLoss: Bool) -> String {
    allowsLoss
      ? "--allow-loss lets them go"
      : "nothing was committed; bring the files back, or let the records go with --allow-loss"
  }

  /// `allowsLoss`: Whether the user lets the records go.
  init(_ dropped: DroppedRecords, _ sources: SourceTable, allowsLoss: Bool) throws {
    isAllowed = dropped.isEmpty || allowsLoss
    recordCount = dropped.count
    var counts: [Path: Int] = [:]
    for (source, count) in dropped.countBySource {
      counts[try sources.path(source), default: 0] += count
    }
    files = counts.map { RunReport.DroppedFile(source: $0.key, recordCount: $0.value) }
      .sorted { $0.source < $1.source }
    let advice = DroppedFiles.advice(allowsLoss: allowsLoss)
    if dropped.unreadableCount > 0 {
      notes.append(
        "\(counted(dropped.unreadableCount, "stored record")) cannot be read, so nobody knows "
          + "whether the inputs still hold them: \(advice)")
    }
    if dropped.count > 0 {
      notes.append(
        "\(counted(dropped.count, "stored record")) of \(counted(files.count, "file")) would be "
          + "dropped, since no input holds them any more: \(advice)")
    }
  }
}
