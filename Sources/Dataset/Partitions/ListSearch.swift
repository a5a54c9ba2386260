import Bytes
import CloudTrail

/// Finds single lines of a period's list on disk, so that a large one is not read for each.
///
/// The lines are in order: cells, then partitions.
struct ListSearch {
  /// What a line says.
  enum Line {
    case cell(Cell, CellSummary)
    case partition(Path, [OutputPart])
  }

  private let path: Path
  private let byteCount: Int

  /// `byteCount`: of the file, which was found to be as it was committed.
  init(_ path: Path, byteCount: Int) {
    (self.path, self.byteCount) = (path, byteCount)
  }

  /// - Complexity: O(log bytes) reads.
  func summary(of cell: Cell) throws -> CellSummary? {
    let line = try find { line in
      guard case .cell(let other, _) = line else { return false }
      return other < cell
    }
    guard case .cell(cell, let summary) = line else { return nil }
    return summary
  }

  /// - Complexity: O(log bytes) reads.
  func parts(in folder: Path) throws -> [OutputPart]? {
    let line = try find { line in
      guard case .partition(let other, _) = line else { return true }
      return other < folder
    }
    guard case .partition(folder, let parts) = line else { return nil }
    return parts
  }

  /// The first line that is not before what is looked for; nil if all are.
  private func find(where isBefore: (Line) -> Bool) throws -> Line? {
    let file = try OpenFile(path)
    var found: Line?
    // The line that is looked for, if it is not `found`, begins in here; a line begins at `low`.
    var (low, high) = (0, byteCount)
    while low < high {
      let middle = (low + high) / 2
      let start = middle == low ? low : try rest(of: file, from: middle - 1).end
      guard start < high else {
        high = middle
        continue
      }
      let (bytes, end) = try rest(of: file, from: start)
      guard let line = PartitionList.line(bytes.span) else {
        throw DatasetError.damaged(path, "the line at byte \(start)")
      }
      if isBefore(line) {
        low = end
      } else {
        found = line
        high = middle
      }
    }
    return found
  }

  /// The bytes up to the end of a line, and where the next one begins.
  private func rest(
    of file: borrowing OpenFile, from start: Int
  ) throws -> (bytes: [UInt8], end: Int) {
    var buffer = ByteBuffer(capacity: ListSearch.pieceSize)
    while true {
      let searched = buffer.count
      let count = try file.read(ListSearch.pieceSize, at: start + searched, into: &buffer)
      let end = buffer.withBytes { ByteSearch.first(ASCII.lineFeed, in: $0, from: searched) }
      if end < buffer.count || count < ListSearch.pieceSize {
        let bytes = buffer.withBytes { $0.extracting(0..<end).copied() }
        return (bytes, start + end + 1)
      }
    }
  }

  /// Longer than nearly all lines.
  private static let pieceSize = 1 << 10
}
