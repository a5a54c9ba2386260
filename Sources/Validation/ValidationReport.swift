public import Bytes

/// What a validation found.
public struct ValidationReport: Sendable {
  /// Whether there were keys to check signatures with.
  public let hasKeys: Bool
  public let chains: [ChainReport]
  /// Every digest file, and the missing ones, by chain and time.
  public let digests: [DigestFinding]
  /// Every log file, and the missing ones.
  public let logs: [LogFinding]
  /// Links that were not followed: they lead nowhere, to what is found without them, or in a circle.
  public let skippedLinks: [Path]
  public let unreadableFolders: [UnreadableFolder]

  init(digests set: DigestSet, logs: [LogFinding], hasKeys: Bool, found: FoundFiles) {
    self.hasKeys = hasKeys
    chains = set.chains.map { ChainReport($0.id, $0.nodes, in: set) }
    let missing = chains.flatMap { chain in
      chain.missing.map {
        DigestFinding(
          object: $0.object, path: nil, chain: chain.id, status: .missing, end: $0.end)
      }
    }
    digests = (set.findings + missing).sorted { left, right in
      left.chain != right.chain ? left.chain < right.chain : left.object < right.object
    }
    self.logs = logs
    skippedLinks = found.skippedLinks
    unreadableFolders = found.failures
  }

  /// Whether there was any digest to check with.
  public var hasDigests: Bool { !digests.isEmpty }

  /// Whether anything is altered, missing, forged or unreadable.
  ///
  /// A newest digest that nothing signs yet, a chain that begins outside the mirror, and logs that
  /// no digest lists are reported, but are not errors.
  public var isInvalid: Bool {
    digests.contains { $0.status.isInvalid } || logs.contains { $0.status.isInvalid }
      || !unreadableFolders.isEmpty
  }
}
