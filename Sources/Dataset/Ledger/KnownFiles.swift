public import Bytes

/// The files of a delivery that were read before, by path, one at a time.
///
/// Mostly what the last run saw is enough, and the ledger stays closed.
public final class KnownFiles {
  private var seen: SeenReader?
  private var lines: LedgerLines?
  private let openLedger: () throws -> LedgerLines?
  /// The next file; nil after the last.
  private var file: SeenFile?
  /// The last entry that was read of the ledger.
  private var entry: LedgerEntry?

  init(_ seen: SeenReader?, openLedger: @escaping () throws -> LedgerLines?) throws {
    (self.seen, self.openLedger) = (seen, openLedger)
    if seen == nil { lines = try openLedger() }
    try advance()
  }

  /// What is known of a file.
  ///
  /// - Parameter path: After that of the call before.
  /// - Returns: Nil if nothing is.
  /// - Throws: `DatasetError` for a ledger that is not as it was committed.
  public func file(at path: Path) throws -> SeenFile? {
    while let file, file.path < path { try advance() }
    guard let file, file.path == path else { return nil }
    return file
  }

  /// What the ledger has of a file that is known.
  ///
  /// - Parameter path: That of the last file.
  /// - Returns: Its entry.
  /// - Throws: As `file`.
  public func entry(at path: Path) throws -> LedgerEntry? {
    if seen == nil { return entry?.path == path ? entry : nil }
    let lines = try self.lines ?? openLedger()
    self.lines = lines
    while entry.map({ $0.path < path }) ?? true {
      guard let next = try lines?.next() else { return nil }
      entry = next
    }
    return entry?.path == path ? entry : nil
  }

  /// Ends the comparison.
  ///
  /// - Throws: `DatasetError.changedFromOutside` when a ledger file that was opened is not as it was
  ///   committed.
  public func finish() throws { try lines?.finish() }

  private func advance() throws {
    if seen != nil {
      file = seen?.next()
    } else {
      entry = try lines?.next()
      file = entry.map { SeenFile($0) }
    }
  }
}
