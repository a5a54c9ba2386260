import Bytes
import CloudTrail
import Segments

/// The file's bytes in: read, hashed, copied where they are no gzip data.
extension OneFile {
  /// Reads on until `stored` holds `count` bytes or the file ends; hashes what comes.
  mutating func readMore(
    _ stored: inout ByteBuffer, atLeast count: Int
  ) throws(FileError) {
    while !hasEnded, stored.count < max(count, ReadingTools.storedWindow) {
      let start = stored.count
      let room = ReadingTools.storedWindow - start
      if room <= 0 { return }
      let read = try source.read(room, into: &stored)
      outcome.storedByteCount += read
      // A file that has grown meanwhile is noticed when its status is compared in the end.
      hasEnded = read == 0 || outcome.storedByteCount == expectedByteCount
      hash.update(stored.bytes.extracting(start..<stored.count))
    }
  }

  /// Drops the bytes used up and reads more.
  mutating func refill(_ stored: inout ByteBuffer) throws(FileError) {
    stored.removeFirst(storedPosition)
    storedPosition = 0
    try readMore(&stored, atLeast: stored.count + 1)
  }

  /// How many bytes the next step may add to the batch: at least one, and at most one too many.
  func roomForStep(_ batch: RecordBatch) -> Int {
    let allowed = options.maxInflated - outcome.inflatedByteCount
    return min(batch.bytes.room, ReadingTools.inflatedStep, allowed + 1)
  }

  /// Copies a piece of a file that is no gzip data.
  mutating func copyPlain(
    _ tools: inout ReadingTools, _ batch: RecordBatch
  ) throws -> ReadStep.Contents? {
    if storedPosition == tools.stored.count {
      try refill(&tools.stored)
      if tools.stored.isEmpty {
        stage = .textEnd
        return nil
      }
    }
    if let full = makeRoomIfFull(batch) { return full }
    let piece = min(roomForStep(batch), tools.stored.count - storedPosition)
    let before = batch.bytes.count
    let end = storedPosition + piece
    batch.bytes.append(tools.stored.bytes.extracting(storedPosition..<end))
    storedPosition = end
    try takeIn(from: before, batch)
    return nil
  }
}
