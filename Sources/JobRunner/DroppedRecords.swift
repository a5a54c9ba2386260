import Bytes

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
