import Bytes
import CloudTrail
import Segments

/// A row for a `RowSorter`: what decides the order, and then fields.
///
/// The order is that of the group's bytes, then of a kind. Two numbers at the end say where the group
/// ends and where the fields begin.
struct RowBuilder: ~Copyable {
  private var row = ByteBuffer(capacity: 512)
  private let groupEnd: Int

  init(group: [UInt8], kind: UInt8) {
    row.append(group)
    row.append(0)
    row.append(kind)
    groupEnd = group.count
  }

  mutating func add(_ bytes: [UInt8]) {
    row.append(littleEndian: UInt32(bytes.count))
    row.append(bytes)
  }

  /// Nil is not the same as nothing.
  mutating func add(_ bytes: [UInt8]?) {
    add(bytes != nil)
    if let bytes { add(bytes) }
  }

  mutating func add(_ text: String) { add(Array(text.utf8)) }

  mutating func add(_ text: String?) { add(text.map { Array($0.utf8) }) }

  mutating func add(_ flag: Bool) { row.append(flag ? 1 : 0) }

  mutating func add(_ number: UInt8) { row.append(number) }

  mutating func add(_ number: Int64) { row.append(littleEndian: number) }

  mutating func add(_ hash: SHA256Digest) { row.append(hash) }

  mutating func add(_ object: ObjectKey) {
    add(object.bucket)
    add(object.key)
  }

  consuming func finish(into sorter: RowSorter) throws {
    row.append(littleEndian: UInt32(groupEnd))
    try sorter.append(row.bytes)
  }
}

/// A row as `RowBuilder` made it; fields are taken in the order in which they were added.
struct PackedRow {
  private let row: [UInt8]
  private let groupEnd: Int
  private var position: Int

  init(_ row: Span<UInt8>) {
    self.row = row.copied()
    groupEnd = Int(row.number(at: row.count - 4, as: UInt32.self))
    position = groupEnd + 2
  }

  var group: ArraySlice<UInt8> { row[..<groupEnd] }
  var kind: UInt8 { row[groupEnd + 1] }

  private mutating func read<Field>(_ field: (inout RowReader) -> Field) -> Field {
    var reader = RowReader(row.span, at: position)
    defer { position = reader.position }
    return field(&reader)
  }

  mutating func bytes() -> [UInt8] { read { $0.bytes(Int($0.littleEndian(UInt32.self))) } }

  mutating func optionalBytes() -> [UInt8]? { flag() ? bytes() : nil }

  mutating func text() -> String { bytes().span.text() }

  mutating func optionalText() -> String? { optionalBytes().map { $0.span.text() } }

  mutating func flag() -> Bool { byte() == 1 }

  mutating func byte() -> UInt8 { read { $0.byte() } }

  mutating func number() -> Int64 { read { $0.littleEndian() } }

  mutating func hash() -> SHA256Digest { read { $0.sha256() } }

  mutating func object() -> ObjectKey { ObjectKey(bucket: bytes(), key: bytes()) }
}

/// Goes through sorted rows a group at a time.
final class RowGroups {
  private let rows: SortedRows
  private var next: PackedRow?

  init(_ rows: SortedRows) throws {
    self.rows = rows
    try step()
  }

  private func step() throws {
    next = try rows.next() ? rows.withRow { PackedRow($0) } : nil
  }

  /// The group that comes next; nil after the last.
  var group: ArraySlice<UInt8>? { next?.group }

  /// The rows of the next group; none after the last.
  ///
  /// - Complexity: O(rows of the group) in memory.
  func take() throws -> [PackedRow] {
    var taken: [PackedRow] = []
    while let row = next, taken.first.map({ $0.group == row.group }) ?? true {
      taken.append(row)
      try step()
    }
    return taken
  }

  /// The next row of a group, if there is one left.
  func takeRow(of group: ArraySlice<UInt8>) throws -> PackedRow? {
    guard let row = next, row.group == group else { return nil }
    try step()
    return row
  }

  /// The next row of a group and kind, if there is one left.
  func takeRow(of group: ArraySlice<UInt8>, kind: UInt8) throws -> PackedRow? {
    next?.kind == kind ? try takeRow(of: group) : nil
  }

  /// Leaves out what comes before a group.
  func skip(before group: ArraySlice<UInt8>) throws {
    while let row = next, row.group.span.compare(to: group.span) < 0 { try step() }
  }
}
