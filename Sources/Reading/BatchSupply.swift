public import Segments

/// Where a worker's reader gets its batches from and hands them on to.
///
/// Called once a batch, never once a record.
public protocol BatchSupply: AnyObject {
  /// Takes a batch of whole files and gives an empty one.
  func exchange(_ batch: RecordBatch) throws -> RecordBatch

  /// Takes a batch with the beginning of a file whose fate is still open, and gives an empty one.
  func exchangePart(_ batch: RecordBatch) throws -> RecordBatch

  /// Takes the open parts for good: their file is whole.
  func keepParts()

  /// Forgets the open parts: their file failed.
  func dropParts()
}
