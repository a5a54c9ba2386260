import Bytes
import CloudTrail
public import Segments

/// Joins the ledgers of several datasets: all that is known of one file comes together.
///
/// Entries are sorted on disk where they are many, however many datasets there are.
public final class LedgerJoin {
  /// What one dataset knows of a file.
  public struct Known: Sendable {
    /// The number of the dataset.
    public var number: Int
    public var entry: LedgerEntry
  }

  private let rows: RowSorter
  private var row = ByteBuffer(capacity: 512)

  /// `rows`: Sorts the entries.
  public init(sorting rows: RowSorter) {
    self.rows = rows
  }

  /// Adds what a dataset knows of the files of a delivery.
  ///
  /// `number`: The dataset's.
  ///
  /// - Throws: `DatasetError` when its ledger is not as it was committed; `FileError`.
  public func add(_ slot: DeliverySlot, of dataset: StoredDataset, number: Int) throws {
    guard let lines = try Ledger(dataset).lines(slot) else { return }
    while let entry = try lines.next() {
      row.removeAll()
      slot.appendOrder(to: &row)
      // No path holds a zero, so that rows are in the order of paths.
      row.append(entry.path.bytes)
      row.append(0)
      row.append(bigEndian: UInt32(number))
      lines.withText { row.append($0) }
      try row.withBytes { try rows.append($0) }
    }
    try lines.finish()
  }

  /// Passes what is known of each file, by delivery and path; the datasets in the order of their
  /// numbers.
  ///
  /// Ends the adding.
  ///
  /// - Throws: What `body` throws; `FileError`; `Stopped`.
  public func forEachFile(_ body: (DeliverySlot, [Known]) throws -> Void) throws {
    let rows = try rows.finish()
    var (slot, known): (DeliverySlot?, [Known]) = (nil, [])
    while try rows.next() {
      let (nextSlot, item) = try rows.decoded { bytes -> (DeliverySlot, Known)? in
        var row = RowReader(bytes)
        let slot = DeliverySlot(&row)
        row.position = ByteSearch.first(0, in: bytes, from: row.position) + 1
        let number = Int(row.number(UInt32.self))
        let entry = LedgerEntry(json: bytes.extracting(row.position...))
        return entry.map { (slot, Known(number: number, entry: $0)) }
      }
      if let slot, slot != nextSlot || known[0].entry.path != item.entry.path {
        try body(slot, known)
        known = []
      }
      slot = nextSlot
      known.append(item)
    }
    if let slot { try body(slot, known) }
  }
}

extension LedgerEntry {
  /// Which of two entries about one file says more: what was taken of it counts before that it failed.
  ///
  /// The order is total, so that it does not matter in which order entries are compared.
  public func saysMore(than other: LedgerEntry) -> Bool {
    if outcome.rank != other.outcome.rank { return outcome.rank < other.outcome.rank }
    var line = ByteBuffer()
    var otherLine = ByteBuffer()
    append(to: &line)
    other.append(to: &otherLine)
    return line.bytes.compare(to: otherLine.bytes) < 0
  }
}

extension LedgerEntry.Outcome {
  /// Outcomes in the order of how much they say.
  fileprivate var rank: Int {
    switch self {
    case .read: 0
    case .trailingData: 1
    case .salvaged: 2
    case .noRecord: 3
    case .otherFileType: 4
    case .failed: 5
    }
  }
}
