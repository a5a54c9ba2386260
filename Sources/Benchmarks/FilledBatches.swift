import CloudTrail
import Reading
import Segments

/// The input's records in batches, as workers hand them on: for the stages after reading.
final class FilledBatches {
  let sources: SourceTable
  let cells = CellTable()
  private(set) var batches: [RecordBatch] = []
  /// The entries of each batch as they were read, for they are sorted in place.
  private let unsorted: [[Entry]]

  init(_ input: StageInput) throws {
    sources = input.sources
    var reader = try FileReader(options: ReadingOptions(), cells: cells)
    batches = [FilledBatches.empty()]
    for (file, group) in input.files {
      while case .full = try reader.read(
        file, of: group, into: batches[batches.count - 1])
      {
        batches.append(FilledBatches.empty())
      }
    }
    unsorted = batches.map(\.entries)
  }

  private static func empty() -> RecordBatch { RecordBatch(capacity: 8 << 20) }

  var recordCount: Int { unsorted.reduce(0) { $0 + $1.count } }

  /// Puts the entries back as they were read.
  func unsort() {
    for (batch, entries) in zip(batches, unsorted) { batch.entries = entries }
  }

  /// Sorts all batches.
  ///
  /// - Returns: The segments of each cell, in the order of the cells' numbers.
  func sorted() -> [(cell: UInt32, segments: [any Segment])] {
    var segments: [UInt32: [any Segment]] = [:]
    for batch in batches {
      for range in batch.sortAndDropCopies().cells {
        segments[range.cell, default: []].append(MemorySegment(batch, range.entries))
      }
    }
    return segments.map { ($0.key, $0.value) }.sorted { $0.cell < $1.cell }
  }
}
