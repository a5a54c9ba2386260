public import Bytes
public import CloudTrail
public import Segments

/// Which events a family's event day holds, and which file each came from, in the order of the
/// stored records.
///
/// One file a day, kept closed between reads, so that any number of days can be at hand:
/// `TMINDEX1`, the length of the cells (8), the length of the paths (8), both little-endian; the
/// cells with their record counts as JSON; the paths that rows name by number as JSON, in byte
/// order; then the rows of every cell.
public struct DayIndex: Sendable {
  static let magic = Array("TMINDEX1".utf8)
  private static let startSize = 24

  public let path: Path
  /// Every cell's first row, counted from the first row of the file, and its number of rows.
  public let cells: [Cell: Range<Int>]
  private let pathsRange: Range<Int>

  /// Opens the index of an event day; nil if the dataset has none.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when it is not as it was committed.
  /// - Complexity: O(records of the day): the file is checked first.
  public init?(_ day: EventDay, of dataset: StoredDataset) throws {
    guard try dataset.check(.index(day)) else { return nil }
    try self.init(dataset.layout[.index(day)])
  }

  /// Reads which cells the index of a day has.
  ///
  /// - Throws: `DatasetError.damaged` when it is not one.
  public init(_ path: Path) throws {
    self.path = path
    try path.checkIsOurFile()
    let file = try OpenFile(path)
    var start = ByteBuffer(capacity: DayIndex.startSize)
    _ = try file.read(DayIndex.startSize, at: 0, into: &start)
    guard start.count == DayIndex.startSize,
      start.bytes.extracting(0..<8).isEqual(to: DayIndex.magic.span)
    else { throw DatasetError.damaged(path, "not an index") }
    // Lengths that lead past the end of the file are damage, and might not even add up.
    let rest = UInt64(try file.status().byteCount - DayIndex.startSize)
    let cellsLength = start.bytes.number(at: 8, as: UInt64.self)
    let pathsLength = start.bytes.number(at: 16, as: UInt64.self)
    guard cellsLength <= rest, pathsLength <= rest - cellsLength else {
      throw DatasetError.damaged(path, "lengths beyond its end")
    }
    let cellsEnd = DayIndex.startSize + Int(cellsLength)
    pathsRange = cellsEnd..<(cellsEnd + Int(pathsLength))
    cells = try DayIndex.cells(file, DayIndex.startSize..<cellsEnd)
  }

  private static func cells(
    _ file: borrowing OpenFile, _ range: Range<Int>
  ) throws -> [Cell: Range<Int>] {
    var cells: [Cell: Range<Int>] = [:]
    var next = 0
    let limit = try file.status().byteCount / IndexRow.size
    guard let lines = try part(file, range)?.array("cells") else {
      throw DatasetError.damaged(file.path, "its cells")
    }
    for line in lines {
      guard let object = try? JSONObject(line.span), let cell = cell(object),
        let count = object.integer("records"), (0...limit - next).contains(count)
      else { throw DatasetError.damaged(file.path, "a cell") }
      cells[cell] = next..<(next + count)
      next += count
    }
    return cells
  }

  /// One of the parts that are JSON; nil if it is not.
  private static func part(
    _ file: borrowing OpenFile, _ range: Range<Int>
  ) throws -> JSONObject? {
    var json = ByteBuffer(capacity: range.count)
    _ = try file.read(range.count, at: range.lowerBound, into: &json)
    return try? JSONObject(json.bytes)
  }

  /// The paths that rows name by number.
  ///
  /// - Complexity: O(paths): reads them from the disk.
  public func paths() throws -> [Path] {
    guard let paths = try DayIndex.part(try OpenFile(path), pathsRange)?.strings("paths") else {
      throw DatasetError.damaged(path, "its paths")
    }
    return paths.map { Path(bytes: $0) }
  }

  /// Appends rows to `buffer` as they are on disk.
  ///
  /// `rows`: counted from the first row of the file.
  public func read(_ rows: Range<Int>, into buffer: inout ByteBuffer) throws(FileError) {
    try read(rows, from: try OpenFile(path), into: &buffer)
  }

  private func read(
    _ rows: Range<Int>, from file: borrowing OpenFile, into buffer: inout ByteBuffer
  ) throws(FileError) {
    let offset = pathsRange.upperBound + rows.lowerBound * IndexRow.size
    let read = try file.read(rows.count * IndexRow.size, at: offset, into: &buffer)
    guard read == rows.count * IndexRow.size else { throw FileError.cutOff(path) }
  }

  /// Passes all rows of `range` as they are on disk, a few thousand in memory at a time.
  ///
  /// - Throws: `FileError`, `Stopped`, and what `body` throws.
  public func forEachPiece(
    in range: Range<Int>, _ body: (Span<UInt8>) throws -> Void
  ) throws {
    let file = try OpenFile(path)
    var buffer = ByteBuffer(capacity: min(range.count, IndexRow.countAtOnce) * IndexRow.size)
    var next = range.lowerBound
    while next < range.upperBound {
      try StopSignal.check()
      let end = min(next + IndexRow.countAtOnce, range.upperBound)
      buffer.removeAll()
      try read(next..<end, from: file, into: &buffer)
      try body(buffer.bytes)
      next = end
    }
  }

  /// Passes all rows of `range`, a few thousand in memory at a time.
  ///
  /// - Throws: As `forEachPiece`.
  public func forEachRow(in range: Range<Int>, _ body: (IndexRow) throws -> Void) throws {
    try forEachPiece(in: range) { try IndexRow.forEach(in: $0, body) }
  }

  private static func cell(_ object: JSONObject) -> Cell? {
    guard let family = object.string("family").flatMap({ Family(rawValue: $0) }),
      let account = object.bytes("account"), let region = object.bytes("region"),
      let day = object.integer("day").flatMap({ Int32(exactly: $0) })
    else { return nil }
    return Cell(
      family: family, account: PartitionValue(alreadyEncoded: account),
      region: PartitionValue(alreadyEncoded: region), day: Day(daysSince1970: day))
  }

  /// Appends what comes before the rows.
  public static func appendHeader(
    cells: [(cell: Cell, recordCount: Int)], paths: [Path], to output: inout ByteBuffer
  ) {
    var cellsJSON = ByteBuffer(capacity: cells.count * 128 + 64)
    cellsJSON.append("{\"cells\":[")
    for (index, item) in cells.enumerated() {
      if index > 0 { cellsJSON.append(ASCII.comma) }
      var object = JSONObjectWriter()
      object.add("family", item.cell.family.rawValue)
      object.add("account", bytes: item.cell.account.encoded)
      object.add("region", bytes: item.cell.region.encoded)
      object.add("day", Int(item.cell.day.daysSince1970))
      object.add("records", item.recordCount)
      cellsJSON.append(object.finish())
    }
    cellsJSON.append("]}")
    var pathsJSON = ByteBuffer(capacity: paths.count * 128 + 64)
    pathsJSON.append("{\"paths\":[")
    for (index, path) in paths.enumerated() {
      if index > 0 { pathsJSON.append(ASCII.comma) }
      JSONText.appendQuoted(path.bytes.span, to: &pathsJSON)
    }
    pathsJSON.append("]}")
    output.append(magic)
    output.append(littleEndian: UInt64(cellsJSON.count))
    output.append(littleEndian: UInt64(pathsJSON.count))
    output.append(cellsJSON.bytes)
    output.append(pathsJSON.bytes)
  }
}
