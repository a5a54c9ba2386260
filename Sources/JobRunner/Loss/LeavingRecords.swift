import Bytes
import CloudTrail
import Dataset
import Segments
import Writing

/// The stored records that leave since the start of the selection was raised.
struct LeavingRecords: CustomStringConvertible {
  /// Texts among the conflicts, too.
  private(set) var recordCount = 0
  private var dayCount = 0
  private let retention: Retention

  /// Counts them.
  ///
  /// - Throws: `DatasetError` when what is to be counted is not as it was committed.
  /// - Complexity: O(cells of the days that leave), and O(bytes) of the records that leave of the first
  ///   day that stays, and of the conflicts.
  init(_ retention: Retention, of dataset: StoredDataset) throws {
    self.retention = retention
    for day in dataset.days where day < retention.firstDay {
      recordCount += try dataset.list(Period(day)).cells.values.reduce(0) { $0 + $1.recordCount }
      dayCount += 1
    }
    let sources = SourceTable()
    let cells = WrittenCells(dataset, sources, dropping: retention)
    for (cell, summary) in try dataset.list(Period(retention.firstDay)).cells
    where retention.drops(summary.firstTime) {
      recordCount += try summary.recordCount - (cells.stored(cell)?.recordCount ?? 0)
    }
    var conflicts = try ConflictCut(from: retention.start)
    recordCount += try conflicts.count(in: dataset)
  }

  /// `12 stored records before 2026-11-01T00:00:00Z leave, with 3 whole days, …`.
  var description: String {
    "\(counted(recordCount, "stored record")) before \(EventTime(seconds: retention.start).text) "
      + "leave, with \(counted(dayCount, "whole day")): the selection starts there now"
  }
}
