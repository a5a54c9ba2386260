import Bytes
import CloudTrail
import Writing

/// Lines between a head and an end that comes in pieces of one byte.
struct LineEncoder: RecordEncoder {
  var movesRecords: Bool
  /// The record that cannot be encoded.
  var failing: String?
  private var end: [UInt8] = []

  init(movesRecords: Bool, failing: String? = nil) {
    self.movesRecords = movesRecords
    self.failing = failing
  }

  mutating func begin(to output: inout ByteBuffer, scratch: Path) {
    output.append("head\n")
    end = Array("end\n".utf8.reversed())
  }

  mutating func append(
    _ record: Span<UInt8>, from origin: RecordOrigin?, to output: inout ByteBuffer
  ) throws {
    output.append(record)
    if let failing, record.text() == failing { throw FileError("encode", "x", code: 5) }
    output.append(0x0A)
  }

  mutating func finish(to output: inout ByteBuffer) -> Bool {
    if let byte = end.popLast() { output.append(byte) }
    return end.isEmpty
  }
}
