import Bytes
import CloudTrail
import Segments

/// What a worker keeps from one file to the next: its buffers and its inflater.
struct ReadingTools: ~Copyable {
  /// What has been read of the file and not yet been used.
  var stored = ByteBuffer(capacity: ReadingTools.storedWindow)
  var inflater: GzipInflater
  var maker: EntryMaker

  /// How much of a stored file is in memory at once.
  static let storedWindow = 1 << 20

  /// How much is inflated before it is scanned: it stays in the processor's cache, and a file of
  /// very many tiny records is noticed before its entries fill the memory.
  static let inflatedStep = 256 << 10

  init(cells: CellTable) throws(GzipError) {
    inflater = try GzipInflater(stopsAfterMember: true)
    maker = EntryMaker(cells: cells)
  }
}

// A span of one property of the tools counts as an access to all of them, so that the inflater takes
// the buffer itself.
extension GzipInflater {
  mutating func inflateWhole(
    _ stored: borrowing ByteBuffer, at position: inout Int, into text: inout ByteBuffer, room: Int
  ) -> Bool {
    inflateWhole(stored.bytes, at: &position, into: &text, room: room)
  }

  mutating func inflate(
    _ stored: borrowing ByteBuffer, at position: inout Int, into text: inout ByteBuffer,
    room: Int, isWhole: Bool
  ) throws(GzipError) -> Pause {
    try inflate(stored.bytes, at: &position, into: &text, room: room, isWhole: isWhole)
  }
}
