public import Bytes

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

  /// The digests of a delivery that were read before, by path.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when the file is missing.
  public func known(in slot: DeliverySlot) throws -> KnownDigests {
    KnownDigests(try DigestFactsLines(slot, of: dataset))
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

  /// Reads the rest.
  func finish() throws { try lines.finish() }
}

/// The digests of a delivery that were read before, one at a time.
public final class KnownDigests {
  private let lines: DigestFactsLines?
  private var last: DigestFacts?
  private var isEnded = false

  fileprivate init(_ lines: DigestFactsLines?) {
    self.lines = lines
  }

  /// Whether a digest was read, and could be.
  ///
  /// - Parameter path: After that of the call before.
  /// - Returns: False for one that failed, too.
  /// - Throws: `DatasetError` for a file that is not as it was committed.
  public func holds(_ path: Path) throws -> Bool {
    while !isEnded, last.map({ $0.path < path }) ?? true {
      last = try lines?.next()
      isEnded = last == nil
    }
    return last?.path == path && last?.document != nil
  }

  /// Ends the comparison.
  ///
  /// - Throws: `DatasetError.changedFromOutside` for a file that is not as it was committed.
  public func finish() throws { try lines?.finish() }
}
