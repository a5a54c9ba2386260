import Bytes

/// What is known of digests, in one file of lines a delivery: a night rewrites only its own.
public struct DigestFactsFiles: Sendable {
  private let dataset: StoredDataset

  init(_ dataset: StoredDataset) {
    self.dataset = dataset
  }

  /// The file of a delivery.
  static func file(_ slot: DeliverySlot) -> DatasetFile { .ofDelivery(.digests, slot) }

  /// The deliveries of which there are digests.
  public var slots: [DeliverySlot] {
    dataset.manifest.files { file in
      if case .ofDelivery(.digests, let slot) = file { slot } else { nil }
    }
  }

  /// Passes what is known of the digests of a delivery, by path.
  ///
  /// Nothing that was passed is believed before this returns.
  ///
  /// - Throws: `DatasetError` when the file is not as it was committed, or a line cannot be
  ///   understood, or is not in its place; what `body` throws; `Stopped`.
  /// - Complexity: O(bytes) in time; one digest in memory.
  public func forEach(in slot: DeliverySlot, _ body: (DigestFacts) throws -> Void) throws {
    guard let lines = try DigestFactsLines(slot, of: dataset) else { return }
    while let facts = try lines.next() { try body(facts) }
  }
}

extension StoredDataset {
  /// What is known of digests.
  public var digests: DigestFactsFiles { DigestFactsFiles(self) }
}

/// The lines of one file, in their order.
final class DigestFactsLines {
  private let lines: TreeLines
  private var last: Path?

  /// Nil if the dataset has none of the delivery.
  init?(_ slot: DeliverySlot, of dataset: StoredDataset) throws {
    guard let lines = try TreeLines(DigestFactsFiles.file(slot), of: dataset) else { return nil }
    self.lines = lines
  }

  /// The next one; nil after the last, when the file is known to be the one committed.
  func next() throws -> DigestFacts? {
    guard try lines.next() else { return nil }
    guard let facts = lines.withLine({ DigestFacts(json: $0) }),
      last.map({ $0 < facts.path }) ?? true
    else { throw lines.damage }
    last = facts.path
    return facts
  }
}
