import Bytes
import CloudTrail
import Segments

/// Which records are left out of cells that are written again: their places in the order of each cell.
///
/// They are in a temporary file, so that nothing is in memory for each.
final class DroppedPlaces: Sendable {
  private let file: OpenFile
  /// Where the places of each cell are, in bytes.
  private let ranges: [Cell: Range<Int>]

  fileprivate static let placeSize = MemoryLayout<UInt64>.size

  /// A place in a cell as a row that can be sorted.
  struct Row {
    var cell: UInt32
    var place: Int

    func append(to row: inout ByteBuffer) {
      row.append(bigEndian: cell)
      row.append(bigEndian: UInt64(place))
    }
  }

  /// - Parameters:
  ///   - rows: As `Row` makes them.
  ///   - cells: The cells by the numbers that the rows have.
  ///   - path: A name that a temporary file has for a moment.
  /// - Throws: `FileError` when the disk is full; `Stopped`.
  init(_ rows: SortedRows, cells: [Cell], at path: Path) throws {
    file = try OpenFile.nameless(path)
    var ranges: [Cell: Range<Int>] = [:]
    var output = ByteBuffer(capacity: PlaceReader.windowSize)
    var written = 0
    while try rows.next() {
      let cell = rows.withRow { row in
        var parts = RowReader(row)
        let cell = cells[Int(parts.number(UInt32.self))]
        output.append(bigEndian: parts.number(UInt64.self))
        return cell
      }
      let end = written + output.count
      let start = ranges[cell]?.lowerBound ?? end - DroppedPlaces.placeSize
      ranges[cell] = start..<end
      if output.count >= PlaceReader.windowSize {
        try file.write(output.bytes, at: written)
        written += output.count
        output.removeAll()
      }
    }
    try file.write(output.bytes, at: written)
    self.ranges = ranges
  }

  /// The cells that are to be written again, in their order.
  var cells: [Cell] { ranges.keys.sorted() }

  /// The places in a cell.
  func places(of cell: Cell) -> PlaceReader { PlaceReader(self, ranges[cell] ?? 0..<0) }

  fileprivate func read(_ range: Range<Int>, into buffer: inout ByteBuffer) throws {
    guard try file.read(range.count, at: range.lowerBound, into: &buffer) == range.count else {
      throw FileError.cutOff(file.path)
    }
  }
}

/// Goes through the places of one cell along with its records.
final class PlaceReader {
  private let file: DroppedPlaces
  /// What was not read yet.
  private var rest: Range<Int>
  private var window = ByteBuffer()
  private var position = 0
  /// The place of the record that comes next.
  private var place = 0

  fileprivate static let windowSize = 8 << 10

  fileprivate init(_ file: DroppedPlaces, _ range: Range<Int>) {
    (self.file, rest) = (file, range)
  }

  /// Whether the next of the cell's records is left out; asked once for each, in their order.
  func takeNext() throws -> Bool {
    defer { place += 1 }
    if position == window.count {
      if rest.isEmpty { return false }
      let end = min(rest.lowerBound + PlaceReader.windowSize, rest.upperBound)
      window.removeAll()
      position = 0
      try file.read(rest.lowerBound..<end, into: &window)
      rest = end..<rest.upperBound
    }
    let next = window.withBytes { $0.number(at: position, as: UInt64.self).byteSwapped }
    guard next == UInt64(place) else { return false }
    position += DroppedPlaces.placeSize
    return true
  }
}
