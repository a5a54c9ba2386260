import Bytes

/// Writes rows one after the other, each after its length.
final class RowRunWriter {
  private let file: NamelessFile
  private let start: Int
  private var position: Int
  private var output = ByteBuffer(capacity: RowRunWriter.pieceSize + (4 << 10))

  /// How much waits before it is written.
  private static let pieceSize = 64 << 10

  init(_ file: NamelessFile, at position: Int) {
    (self.file, self.position, start) = (file, position, position)
  }

  func append(_ row: Span<UInt8>) throws(FileError) {
    output.append(littleEndian: UInt32(row.count))
    output.append(row)
    if output.count >= RowRunWriter.pieceSize { try flush() }
  }

  /// Ends the run; returns where it is.
  func finish() throws(FileError) -> Range<Int> {
    try flush()
    return start..<position
  }

  private func flush() throws(FileError) {
    let offset = position
    try output.withBytes { (bytes) throws(FileError) in try file.file.write(bytes, at: offset) }
    position += output.count
    output.removeAll()
  }
}
