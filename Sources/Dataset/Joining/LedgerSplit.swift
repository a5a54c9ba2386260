public import Bytes
import CloudTrail
public import Segments

/// Shares a ledger out among the pieces of a dataset: each gets what is known of the files that its
/// records come from, and the rest what is known of all others.
///
/// Everything is sorted on disk where it is much: by file, to join the two, and then by piece.
public final class LedgerSplit {
  private let byFile: RowSorter
  private let byPiece: RowSorter
  private let pieceCount: Int
  private var row = ByteBuffer(capacity: 512)
  private var sorted: SortedRows?
  private var next: (piece: Int, slot: DeliverySlot, entry: LedgerEntry)?
  /// Files that no piece has records of.
  public private(set) var restCount = 0

  /// - Parameters:
  ///   - pieceCount: How many pieces there are; the rest has the next number.
  ///   - byFile: Sorts names and entries by file.
  ///   - byPiece: Sorts entries by piece.
  public init(pieceCount: Int, sorting byFile: RowSorter, _ byPiece: RowSorter) {
    (self.pieceCount, self.byFile, self.byPiece) = (pieceCount, byFile, byPiece)
  }

  /// Notes that a piece has records of a file.
  ///
  /// - Throws: `FileError` when the disk is full.
  public func add(_ file: Path, to piece: Int) throws {
    begin(file, isEntry: false)
    row.append(bigEndian: UInt32(piece))
    try row.withBytes { try byFile.append($0) }
  }

  /// Shares out the ledger of the dataset; to be called once, when all files are noted.
  ///
  /// - Throws: `DatasetError` when it is not as it was committed; `FileError`; `Stopped`.
  public func share(_ ledger: Ledger) throws {
    for slot in ledger.slots {
      guard let lines = try ledger.lines(slot) else { continue }
      while let entry = try lines.next() {
        begin(entry.path, isEntry: true)
        slot.appendOrder(to: &row)
        lines.withText { row.append($0) }
        try row.withBytes { try byFile.append($0) }
      }
      try lines.finish()
    }
    try join(try byFile.finish())
    sorted = try byPiece.finish()
    try advance()
  }

  private func begin(_ file: Path, isEntry: Bool) {
    row.removeAll()
    row.append(file.bytes)
    // No path holds a zero.
    row.append(0)
    row.append(isEntry ? 1 : 0)
  }

  private func join(_ rows: SortedRows) throws {
    var file: [UInt8] = []
    var pieces: Set<UInt32> = []
    while try rows.next() {
      try rows.withRow { bytes in
        let end = ByteSearch.first(0, in: bytes, from: 0)
        if !bytes.extracting(0..<end).isEqual(to: file.span) {
          file = bytes.extracting(0..<end).copied()
          pieces = []
        }
        var parts = RowReader(bytes, at: end + 1)
        if parts.byte() == 0 {
          pieces.insert(parts.number())
          return
        }
        if pieces.isEmpty { restCount += 1 }
        let slot = DeliverySlot(&parts)
        for piece in pieces.isEmpty ? [UInt32(pieceCount)] : pieces.sorted() {
          row.removeAll()
          row.append(bigEndian: piece)
          slot.appendOrder(to: &row)
          row.append(file)
          row.append(0)
          row.append(bytes.extracting(parts.position...))
          try row.withBytes { try byPiece.append($0) }
        }
      }
    }
  }

  private func advance() throws {
    guard let rows = sorted, try rows.next() else {
      next = nil
      return
    }
    next = try rows.decoded { bytes in
      var parts = RowReader(bytes)
      let piece = Int(parts.number(UInt32.self))
      let slot = DeliverySlot(&parts)
      parts.position = ByteSearch.first(0, in: bytes, from: parts.position) + 1
      return LedgerEntry(json: bytes.extracting(parts.position...)).map { (piece, slot, $0) }
    }
  }

  /// Whether a piece has entries that were not passed yet, and none before it has.
  public func hasEntries(of piece: Int) -> Bool { next?.piece == piece }

  /// Passes the entries of a piece by delivery and path; to be called for one piece after the other.
  ///
  /// - Throws: What `body` throws; `FileError`; `Stopped`.
  public func forEachEntry(
    of piece: Int, _ body: (DeliverySlot, LedgerEntry) throws -> Void
  ) throws {
    while let item = next, item.piece <= piece {
      if item.piece == piece { try body(item.slot, item.entry) }
      try advance()
    }
  }
}
