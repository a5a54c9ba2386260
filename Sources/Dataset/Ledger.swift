public import Bytes
import CloudTrail

/// The input files that were read, in one file a delivery: a night rewrites only its own.
public struct Ledger: Sendable {
  private let dataset: StoredDataset

  public init(_ dataset: StoredDataset) {
    self.dataset = dataset
  }

  /// The deliveries that files were read of.
  public var slots: [DeliverySlot] {
    dataset.manifest.files { file in
      if case .ofDelivery(.ledger, let slot) = file { slot } else { nil }
    }
  }

  /// The hash of a delivery's file; nil without one.
  public func hash(_ slot: DeliverySlot) -> SHA256Digest? {
    dataset.manifest.files[DatasetFile.ofDelivery(.ledger, slot).path]?.sha256
  }

  /// The entries of the files of a delivery, by path.
  ///
  /// - Throws: `DatasetError` when the file is not as it was committed.
  /// - Complexity: O(files of the delivery).
  public func entries(_ slot: DeliverySlot) throws -> [Path: LedgerEntry] {
    let file = DatasetFile.ofDelivery(.ledger, slot)
    guard let bytes = try dataset.contents(of: file), let hash = hash(slot) else { return [:] }
    var entries = try Ledger.list(bytes, path: dataset.layout[file])
    SeenTimes.add(to: &entries, slot, dataset.layout, ledger: hash)
    return Dictionary(entries.map { ($0.path, $0) }) { $1 }
  }

  /// Passes the entries of the files of a delivery, by path; without the times of files.
  ///
  /// Nothing that was passed is believed before this returns.
  ///
  /// - Throws: `DatasetError` when the file is not as it was committed; what `body` throws; `Stopped`.
  /// - Complexity: O(files of the delivery) in time; one entry in memory.
  public func forEach(in slot: DeliverySlot, _ body: (LedgerEntry) throws -> Void) throws {
    guard let lines = try TreeLines(.ofDelivery(.ledger, slot), of: dataset) else { return }
    while try lines.next() {
      guard let entry = lines.withLine({ LedgerEntry(json: $0) }) else { throw lines.damage }
      try body(entry)
    }
  }

  /// Reads what `text` gives.
  ///
  /// `path`: Where the file is, for errors.
  public static func entries(_ text: [UInt8], path: Path) throws -> [Path: LedgerEntry] {
    Dictionary(try list(text, path: path).map { ($0.path, $0) }) { $1 }
  }

  /// The entries in their order.
  private static func list(_ text: [UInt8], path: Path) throws -> [LedgerEntry] {
    var entries: [LedgerEntry] = []
    var lines = TextLines(text)
    while let line = lines.next() {
      try StopSignal.check()
      guard let entry = LedgerEntry(json: text.span.extracting(line.range)) else {
        throw DatasetError.damaged(path, "the line at byte \(line.range.lowerBound)")
      }
      entries.append(entry)
    }
    return entries
  }

  /// The text of a ledger file: one entry a line, by path.
  public static func text(_ entries: [Path: LedgerEntry]) -> [UInt8] {
    var output = ByteBuffer(capacity: entries.count * 256 + 64)
    for (_, entry) in entries.sorted(by: { $0.key < $1.key }) {
      output.append(entry.json())
      output.append(ASCII.lineFeed)
    }
    return output.bytes.copied()
  }
}
