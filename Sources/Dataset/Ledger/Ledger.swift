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

  /// Whether nothing was read yet.
  public var isEmpty: Bool { slots.isEmpty }

  /// The hash of a delivery's file; nil without one.
  func hash(_ slot: DeliverySlot) -> SHA256Digest? {
    dataset.manifest.files[DatasetFile.ofDelivery(.ledger, slot).path]?.sha256
  }

  /// The entries of the files of a delivery, one at a time; nil if there are none.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is missing.
  public func lines(_ slot: DeliverySlot) throws -> LedgerLines? {
    try TreeLines(.ofDelivery(.ledger, slot), of: dataset).map { LedgerLines($0) }
  }

  /// The files of a delivery as far as a run must know them, one at a time, by path.
  ///
  /// - Throws: As `lines`.
  public func knownFiles(_ slot: DeliverySlot) throws -> KnownFiles {
    try KnownFiles(
      hash(slot).flatMap { SeenReader(slot, dataset.layout, ledger: $0) },
      openLedger: { try lines(slot) })
  }

  /// The entries of the files of a delivery, by path.
  ///
  /// - Throws: `DatasetError` when the file is not as it was committed.
  /// - Complexity: O(files of the delivery) in memory.
  public func entries(_ slot: DeliverySlot) throws -> [Path: LedgerEntry] {
    var entries: [Path: LedgerEntry] = [:]
    try forEach(in: slot) { entries[$0.path] = $0 }
    return entries
  }

  /// Passes the entries of the files of a delivery, by path; without the times of files.
  ///
  /// Nothing that was passed is believed before this returns.
  ///
  /// - Throws: `DatasetError` when the file is not as it was committed; what `body` throws; `Stopped`.
  /// - Complexity: O(files of the delivery) in time; one entry in memory.
  public func forEach(in slot: DeliverySlot, _ body: (LedgerEntry) throws -> Void) throws {
    guard let lines = try lines(slot) else { return }
    while let entry = try lines.next() { try body(entry) }
  }

  /// Reads what `text` gives.
  ///
  /// `path`: Where the file is, for errors.
  public static func entries(_ text: [UInt8], path: Path) throws -> [Path: LedgerEntry] {
    var entries: [Path: LedgerEntry] = [:]
    var lines = TextLines(text)
    while let line = lines.next() {
      try StopSignal.check()
      guard let entry = LedgerEntry(json: text.span.extracting(line.range)) else {
        throw DatasetError.damaged(path, "the line at byte \(line.range.lowerBound)")
      }
      entries[entry.path] = entry
    }
    return entries
  }

  /// The text of a ledger file: one entry a line, by path.
  public static func text(_ entries: [Path: LedgerEntry]) -> [UInt8] {
    var output = ByteBuffer(capacity: entries.count * 256 + 64)
    for (_, entry) in entries.sorted(by: { $0.key < $1.key }) {
      entry.append(to: &output)
      output.append(ASCII.lineFeed)
    }
    return output.bytes.copied()
  }
}

/// The entries of one ledger file, by path, one in memory at a time.
public final class LedgerLines {
  private let lines: TreeLines

  init(_ lines: TreeLines) {
    self.lines = lines
  }

  /// The next entry.
  ///
  /// - Returns: Nil after the last.
  /// - Throws: `DatasetError.damaged` for a line that cannot be understood; after the last
  ///   `changedFromOutside` when the file is not as it was committed.
  public func next() throws -> LedgerEntry? {
    guard try lines.next() else { return nil }
    guard let entry = lines.withLine({ LedgerEntry(json: $0) }) else { throw lines.damage }
    return entry
  }

  /// Lends the text of the last entry, without its end.
  func withText<Result>(_ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
    try lines.withLine(body)
  }

  /// Reads the rest.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is not as it was committed: nothing that
  ///   it said may then be believed.
  public func finish() throws { try lines.finish() }
}
