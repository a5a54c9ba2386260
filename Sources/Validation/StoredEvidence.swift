import Bytes
import CloudTrail
public import Dataset

extension EvidenceJudge {
  /// Adds what a dataset knows of a digest.
  public func add(_ digest: DigestFacts, isCurrent: Bool) throws {
    try add(digest, depth: digest.path.depth, isCurrent: isCurrent)
  }

  /// Adds the log files that a dataset has read.
  ///
  /// - Throws: `DatasetError` for a ledger that is not as it was committed; `FileError`; `Stopped`.
  public func addLogs(of dataset: StoredDataset) throws {
    let ledger = Ledger(dataset)
    for slot in ledger.slots {
      try ledger.forEach(in: slot) { try add($0, isNew: false) }
    }
  }

  /// Adds a file that was read, if it is a log.
  ///
  /// Of one path the new entry counts.
  public func add(_ entry: LedgerEntry, isNew: Bool) throws {
    guard TrailService.claimed(by: entry.path)?.family != nil else { return }
    let content: LogContent
    switch (entry.outcome, entry.contentHash) {
    case (.failed, _), (.salvaged, _): content = .failed(entry.reason ?? "it cannot be read")
    case (let outcome, let hash?):
      content = .known(FileContent(hash: hash, hasTrailingData: outcome == .trailingData))
    case (_, nil): content = .notKept
    }
    try add(
      LogFile(
        path: entry.path, depth: entry.path.depth, content: content, isCurrent: isNew,
        isNoLog: entry.isNoLog))
  }
}

extension Path {
  /// How many segments are below the input of a path that begins with the name of one.
  var depth: Int { bytes.split(separator: ASCII.slash).count - 1 }
}

extension StoredDataset {
  /// The public keys that a dataset knows, and more; nil for none.
  ///
  /// - Throws: `DatasetError` for a file that is not as it was committed.
  public func publicKeys(adding more: PublicKeys? = nil) throws -> PublicKeys? {
    guard let bytes = try contents(of: .publicKeys) else { return more }
    let path = layout[.publicKeys]
    guard var keys = try? PublicKeys(json: bytes, path: path) else {
      throw DatasetError.damaged(path, "the list of keys")
    }
    if let more { keys.add(more) }
    return keys
  }
}

extension ValidationFinding {
  /// Whether the inputs of this validation have brought it.
  public var isCurrent: Bool {
    switch self {
    case .digest(let digest): digest.isCurrent
    case .unnamedMissing(_, _, let isCurrent): isCurrent
    case .chain(let chain): chain.isCurrent
    case .log(let log): log.isCurrent
    case .verified, .unreadableFolder, .skippedLink: true
    }
  }
}
