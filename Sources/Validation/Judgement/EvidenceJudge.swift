public import Bytes
import CloudTrail
public import Dataset
import Segments

/// Something that a validation found.
public enum ValidationFinding: Sendable {
  case digest(DigestFinding)
  /// Digests that are missing and that nobody names.
  case unnamedMissing(ChainID, ChainReport.Gap, isCurrent: Bool)
  /// After the digests of the chain.
  case chain(ChainReport)
  case log(LogFinding)
  /// A signature that was not known to be CloudTrail's.
  case verified(VerifiedSignature)
  /// A folder that could not be listed, or a file that could not be looked at.
  case unreadableFolder(UnreadableFolder)
  /// A link that was not followed: it leads nowhere, to what is found without it, or in a circle.
  case skippedLink(Path)
}

/// A folder that could not be listed, or a file that could not be looked at.
public struct UnreadableFolder: Sendable {
  public var path: Path
  public var reason: String
}

/// Makes verdicts of facts: what became of each digest and each log file.
///
/// The verdicts are a function of all facts and the keys together; the order in which facts are added
/// changes nothing. Facts wait on disk where they do not fit the memory, so that it is bounded whatever
/// the number of digests, chains and files.
public struct EvidenceJudge {
  private let digests: DigestJudge
  private let chains: ChainJudge
  private let logs: LogJudge
  private let keys: PublicKeys?

  /// - Parameters:
  ///   - keys: Nil to check hashes and links only.
  ///   - range: The delivery times that are asked for.
  ///   - memory: Bytes for the facts that wait.
  ///   - scratch: Gives the name that a temporary file has for a moment.
  public init(
    keys: PublicKeys?, range: DeliveryRange = DeliveryRange(), memory: Int,
    scratch: @escaping @Sendable () throws -> Path
  ) {
    func sorter() -> RowSorter { RowSorter(memory: memory / 4, scratch: scratch) }
    self.keys = keys
    digests = DigestJudge(sorter())
    chains = ChainJudge(sorter(), listed: sorter(), hasKeys: keys != nil, range)
    logs = LogJudge(sorter(), range)
  }

  /// Adds what a digest says.
  ///
  /// - Parameters:
  ///   - facts: What it says.
  ///   - depth: How many of the last segments of its path are below the input.
  ///   - isCurrent: Whether the inputs of this validation have it.
  /// - Throws: `FileError` when the disk is full.
  public func add(_ facts: DigestFacts, depth: Int, isCurrent: Bool) throws {
    let place = try digests.add(facts, depth: depth, isCurrent: isCurrent)
    for log in facts.document?.logs ?? [] { try chains.add(log, listedAt: place) }
  }

  /// Adds a log file.
  public func add(_ file: LogFile) throws { try logs.add(file) }

  /// Judges everything.
  ///
  /// - Parameters:
  ///   - mapping: Spreads reading, hashing and checking of signatures over threads.
  ///   - progress: Hears how far it is, from any thread.
  ///   - take: Hears what is found: digests by chain and time, each chain after its digests, then log
  ///     files by name.
  /// - Returns: The times that digests cover.
  /// - Throws: What `take` throws; `FileError` when the disk is full; `Stopped`.
  public consuming func judge(
    mapping: some ParallelMapping, progress: @Sendable (ValidationStep) -> Void = { _ in },
    _ take: (ValidationFinding) throws -> Void
  ) throws -> CoveredTimes {
    var covered = CoveredTimes()
    let (chains, logs) = (chains, logs)
    try digests.judge(keys, mapping) { digest, outcome in
      for signature in outcome.verified { try take(.verified(signature)) }
      try chains.add(digest, outcome)
    }
    try chains.judge(logs, &covered, take)
    try logs.judge(covered, mapping, progress, take)
    return covered
  }
}
