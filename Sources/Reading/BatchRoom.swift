import Bytes
import Segments

/// The part of a batch that one file fills, and what of the file moves on to the next batch.
struct BatchRoom {
  /// Where the file's bytes begin in the batch.
  private(set) var start: Int
  private var firstEntry: Int
  private var firstRejected: Int
  /// What goes to the beginning of the next batch.
  private var moving: Moving?

  private struct Moving {
    var bytes: [UInt8]
    var entries: [Entry] = []
    var rejected: [RejectedEntry] = []
    /// How many of the bytes are scanned.
    var scannedByteCount = 0
  }

  /// The room after what the batch holds of other files.
  init(after batch: RecordBatch) {
    start = batch.bytes.count
    firstEntry = batch.entries.count
    firstRejected = batch.rejected.count
  }

  /// Leaves a batch that has to be handed on.
  ///
  /// If it holds other files this file moves on as a whole; if it is this file's alone, what is scanned
  /// stays in it.
  ///
  /// - Parameters:
  ///   - batch: The batch.
  ///   - position: Where the bytes begin that are not scanned.
  /// - Returns: What the batch holds now.
  mutating func leave(_ batch: RecordBatch, scannedTo position: Int) -> ReadStep.Contents {
    guard start > 0 else {
      moving = Moving(bytes: BatchRoom.takeBytes(of: batch, from: position))
      return .partOfFile
    }
    var moving = Moving(bytes: BatchRoom.takeBytes(of: batch, from: start))
    moving.entries = batch.entries[firstEntry...].map { moved($0) }
    moving.rejected = batch.rejected[firstRejected...].map {
      RejectedEntry(moved($0.entry), family: $0.family)
    }
    moving.scannedByteCount = position - start
    self.moving = moving
    batch.entries.removeSubrange(firstEntry...)
    batch.rejected.removeSubrange(firstRejected...)
    return .wholeFiles
  }

  private func moved(_ entry: Entry) -> Entry {
    var entry = entry
    entry.offset -= UInt32(start)
    return entry
  }

  private static func takeBytes(of batch: RecordBatch, from position: Int) -> [UInt8] {
    let rest = batch.withBytes { $0.extracting(position...).copied() }
    batch.bytes.truncate(to: position)
    return rest
  }

  /// Goes on in an empty batch, if the file has left one.
  ///
  /// - Returns: Where the bytes begin that are not scanned, if so.
  mutating func enter(_ batch: RecordBatch) -> Int? {
    guard let moving else { return nil }
    self.moving = nil
    self = BatchRoom(after: batch)
    batch.bytes.append(moving.bytes)
    batch.entries.append(contentsOf: moving.entries)
    batch.rejected.append(contentsOf: moving.rejected)
    return start + moving.scannedByteCount
  }

  /// Whether an empty batch has room for what moves on to it, and for more.
  func fits(_ batch: RecordBatch) -> Bool {
    moving.map { $0.bytes.count < batch.bytes.room } ?? true
  }

  /// Where the last record ends that was taken from this batch's part of the file.
  func lastEntryEnd(_ batch: RecordBatch) -> Int {
    var end = start
    if batch.entries.count > firstEntry, let last = batch.entries.last {
      end = last.range.upperBound
    }
    if batch.rejected.count > firstRejected, let last = batch.rejected.last {
      end = max(end, last.entry.range.upperBound)
    }
    return end
  }

  /// Takes out all that the batch holds of the file.
  func empty(_ batch: RecordBatch) {
    batch.entries.removeSubrange(firstEntry...)
    batch.rejected.removeSubrange(firstRejected...)
    batch.bytes.truncate(to: start)
  }
}
