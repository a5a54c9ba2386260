public import CloudTrail

/// What the digests say of all log files, and what became of the digests.
public struct DigestTotals: Sendable, Equatable {
  public internal(set) var counts = DigestCounts()
  /// Digests by what became of them, those that are missing aside.
  public private(set) var digests: [DigestVerdict: Int] = [:]

  /// Whether nothing was validated.
  public var isEmpty: Bool { counts.isEmpty && digests.isEmpty }

  mutating func add(_ digest: DigestVerdict) {
    if digest != .missing { digests[digest, default: 0] += 1 }
  }

  func count(_ digest: DigestVerdict) -> Int { digests[digest] ?? 0 }

  /// What becomes of digests that are not invalid, in the order in which it is shown.
  static let fine: [DigestVerdict] = [.valid, .linked, .unsigned, .newest]

  /// Digests that are invalid for another reason than that their public key is missing.
  var otherInvalidCount: Int { counts.digestsInvalid - count(.keyNotFound) }

  /// The counts by name, in the order in which they are shown: those of log files, then those of digests.
  public var byName: [(name: String, count: Int)] {
    counts.byName + [
      ("digestsVerified", count(.valid)), ("digestsLinked", count(.linked)),
      ("digestsUnsigned", count(.unsigned)), ("digestsNewest", count(.newest)),
      ("digestsKeyNotFound", count(.keyNotFound)),
    ]
  }
}
