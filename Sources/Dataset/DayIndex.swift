public import Bytes
public import CloudTrail

/// One record of a cell as the index knows it: 24 bytes on disk.
public struct IndexRow: Sendable {
  public var identity: RecordIdentity
  /// The number of the file it came from, in the table of whoever holds the row.
  public var place: SourcePlace

  public static let size = 24

  public init(identity: RecordIdentity, place: SourcePlace) {
    self.identity = identity
    self.place = place
  }

  /// Appends the row: identity 16, file 4, index 4, little-endian.
  @inline(__always)
  public func append(to output: inout ByteBuffer) {
    output.append(littleEndian: identity.high)
    output.append(littleEndian: identity.low)
    output.append(littleEndian: place.source)
    output.append(littleEndian: place.index)
  }

  /// Reads the row at `position`.
  @inline(__always)
  public init(_ bytes: Span<UInt8>, at position: Int) {
    identity = RecordIdentity(
      high: bytes.number(at: position), low: bytes.number(at: position + 8))
    place = SourcePlace(
      source: bytes.number(at: position + 16), index: bytes.number(at: position + 20))
  }
}

/// Which events a family's event day holds, and which file each came from, in the order of the
/// stored records.
///
/// One file a day: `TMINDEX1`, the length of the header (8), the header, then the rows of every
/// cell. The header is JSON: the cells with their record counts, and the paths that rows name by
/// number, in byte order.
public final class DayIndex: Sendable {
  static let magic = Array("TMINDEX1".utf8)

  private let file: OpenFile
  /// Every cell's first row, counted from the first row of the file, and its number of rows.
  public let cells: [Cell: Range<Int>]
  /// The paths that rows name by number.
  public let paths: [Path]
  private let rowsStart: Int

  /// Opens the index of a day.
  ///
  /// - Throws: `DatasetError.damaged` when it is not one.
  public init(_ path: Path) throws {
    file = try OpenFile(path)
    var start = ByteBuffer(capacity: 16)
    _ = try file.read(16, at: 0, into: &start)
    guard start.count == 16, start.bytes.extracting(0..<8).isEqual(to: DayIndex.magic.span) else {
      throw DatasetError.damaged(path, "not an index")
    }
    let length: UInt64 = start.bytes.number(at: 8)
    var json = ByteBuffer(capacity: Int(length))
    _ = try file.read(Int(length), at: 16, into: &json)
    guard let header = try? JSONObject(json.bytes) else {
      throw DatasetError.damaged(path, "its header")
    }
    var cells: [Cell: Range<Int>] = [:]
    var next = 0
    for line in header.array("cells") ?? [] {
      guard let object = try? JSONObject(line.span), let cell = DayIndex.cell(object),
        let count = object.integer("records")
      else { throw DatasetError.damaged(path, "a cell") }
      cells[cell] = next..<(next + count)
      next += count
    }
    self.cells = cells
    paths = (header.array("paths") ?? []).map { json in
      Path(bytes: JSONText.decodedFileName(json.span.extracting(1..<(json.count - 1))))
    }
    rowsStart = 16 + Int(length)
  }

  /// Appends rows to `buffer` as they lie on disk.
  ///
  /// `rows`: counted from the first row of the file.
  public func read(_ rows: Range<Int>, into buffer: inout ByteBuffer) throws(FileError) {
    let read = try file.read(
      rows.count * IndexRow.size, at: rowsStart + rows.lowerBound * IndexRow.size, into: &buffer)
    guard read == rows.count * IndexRow.size else {
      throw FileError.cutOff(file.path)
    }
  }

  /// Passes all rows of `range` to `body`, a few thousand in memory at a time.
  public func forEachRow(
    in range: Range<Int>, _ body: (IndexRow) throws -> Void
  ) throws {
    var buffer = ByteBuffer(capacity: 4096 * IndexRow.size)
    var next = range.lowerBound
    while next < range.upperBound {
      let end = min(next + 4096, range.upperBound)
      buffer.removeAll()
      try read(next..<end, into: &buffer)
      for row in 0..<(end - next) {
        try body(IndexRow(buffer.bytes, at: row * IndexRow.size))
      }
      next = end
    }
  }

  private static func cell(_ object: JSONObject) -> Cell? {
    guard let family = object.string("family").flatMap({ Family(rawValue: $0) }),
      let account = object.bytes("account"), let region = object.bytes("region"),
      let day = object.integer("day")
    else { return nil }
    return Cell(
      family: family, account: PartitionValue(alreadyEncoded: account),
      region: PartitionValue(alreadyEncoded: region), day: Int32(day))
  }

  /// Appends what stands before the rows.
  public static func appendHeader(
    cells: [(cell: Cell, recordCount: Int)], paths: [Path], to output: inout ByteBuffer
  ) {
    var header = ByteBuffer(capacity: paths.count * 128 + cells.count * 128 + 64)
    header.append("{\"cells\":[")
    for (index, item) in cells.enumerated() {
      if index > 0 { header.append(0x2C) }
      var object = JSONObjectWriter()
      object.add("family", item.cell.family.rawValue)
      object.add("account", bytes: item.cell.account.encoded)
      object.add("region", bytes: item.cell.region.encoded)
      object.add("day", Int(item.cell.day))
      object.add("records", item.recordCount)
      header.append(object.finish())
    }
    header.append("],\"paths\":[")
    for (index, path) in paths.enumerated() {
      if index > 0 { header.append(0x2C) }
      JSONText.appendQuoted(path.bytes.span, to: &header)
    }
    header.append("]}")
    output.append(magic)
    output.append(littleEndian: UInt64(header.count))
    output.append(header.bytes)
  }
}
