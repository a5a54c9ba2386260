import Bytes

/// Rows in memory, and their order.
struct RowTable: ~Copyable, Sendable {
  private struct Row {
    /// The first eight bytes: they mostly decide.
    var prefix: UInt64
    var start: Int
    var count: Int
  }

  private var bytes = ByteBuffer()
  private var rows: [Row] = []

  var isEmpty: Bool { rows.isEmpty }

  var count: Int { rows.count }

  /// Bytes that the rows and their order take.
  var byteCount: Int { bytes.count + rows.count * MemoryLayout<Row>.stride }

  mutating func append(_ row: Span<UInt8>) {
    rows.append(Row(prefix: RowTable.prefix(row), start: bytes.count, count: row.count))
    bytes.append(row)
  }

  /// The first bytes as a number that orders as they do; short rows count as if zeros followed, so that
  /// equal numbers say nothing.
  static func prefix(_ row: Span<UInt8>) -> UInt64 {
    if row.count >= 8 { return row.number(at: 0, as: UInt64.self).byteSwapped }
    var prefix: UInt64 = 0
    for place in row.indices { prefix |= UInt64(row[place]) << UInt64(56 - 8 * place) }
    return prefix
  }

  mutating func sort() {
    bytes.withBytes { bytes in
      rows.sort { left, right in
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        return bytes.extracting(left.start..<(left.start + left.count))
          .compare(to: bytes.extracting(right.start..<(right.start + right.count))) < 0
      }
    }
  }

  /// Lends the row at a place in the order.
  func withRow<Result>(
    _ place: Int, _ body: (Span<UInt8>) throws -> Result
  ) rethrows -> Result {
    let row = rows[place]
    return try bytes.withBytes { try body($0.extracting(row.start..<(row.start + row.count))) }
  }

  /// Passes the rows in their order.
  func passRows(to body: (Span<UInt8>) throws -> Void) throws {
    for place in rows.indices { try withRow(place, body) }
  }

  mutating func removeAll() {
    bytes.removeAll()
    rows.removeAll(keepingCapacity: true)
  }
}
