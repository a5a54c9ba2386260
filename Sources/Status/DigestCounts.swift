import CloudTrail

/// What the digests say of some log files, and which digests there are not: of an account, a region and
/// a delivery day, or of all.
public struct DigestCounts: Sendable, Equatable {
  public private(set) var verified = 0
  /// With the hash in a digest that nothing vouches for.
  public private(set) var hashOK = 0
  public private(set) var mismatch = 0
  /// Listed by a digest, and not there.
  public private(set) var missing = 0
  /// Listed by no digest: as `DigestCoverage` distinguishes them.
  public private(set) var covered = 0
  public private(set) var pending = 0
  public private(set) var uncovered = 0
  /// Those that nobody names among them, of which there may be fewer.
  public private(set) var digestsMissing = 0
  /// Not to be relied on, for whatever reason.
  public private(set) var digestsInvalid = 0
  /// Of `digestsMissing`, those that nobody names.
  private(set) var digestsUnnamed = 0
  /// The first trails whose digests are missing or invalid.
  private(set) var trails: [String] = []
  /// Whether there are more.
  private(set) var hasMoreTrails = false
  /// Log files that a digest lists, read when nobody kept their hashes.
  public private(set) var unchecked = 0
  /// Log files that a digest lists, there or not.
  public var listed: Int { verified + hashOK + mismatch + missing }
  public var noDigest: Int { covered + pending + uncovered }
  /// Log files that were there.
  var present: Int { listed - missing + noDigest }

  /// Whether something is altered, missing or forged.
  public var isInvalid: Bool { mismatch + missing + digestsMissing + digestsInvalid > 0 }

  /// Whether a validation said anything of log files, or anything bad of digests.
  var isEmpty: Bool { present + unchecked == 0 && !isInvalid }

  private static let trailLimit = 3

  public init() {}

  mutating func add(_ log: LogVerdict, _ coverage: DigestCoverage?) {
    switch (log, coverage) {
    case (.verified, _): verified += 1
    case (.hashOK, _): hashOK += 1
    case (.mismatch, _): mismatch += 1
    case (.missing, _): missing += 1
    case (.noDigest, .covered?): covered += 1
    case (.noDigest, .pending?): pending += 1
    case (.noDigest, .uncovered?), (.noDigest, nil): uncovered += 1
    case (.notChecked, _): unchecked += 1
    }
  }

  /// Adds digests that are invalid, or missing.
  mutating func add(_ digest: DigestEvidence.InvalidDigest, count: Int) {
    if digest.verdict == .missing {
      digestsMissing += count
      if !digest.isNamed { digestsUnnamed += count }
    } else {
      digestsInvalid += count
    }
    guard let trail = digest.trail, !trails.contains(trail) else { return }
    if trails.count < DigestCounts.trailLimit { trails.append(trail) } else { hasMoreTrails = true }
  }

  /// The counts by name, in the order in which they are shown.
  public var byName: [(name: String, count: Int)] {
    [
      ("listed", listed), ("verified", verified), ("hashOK", hashOK), ("mismatch", mismatch),
      ("missing", missing), ("noDigest", noDigest), ("noDigestCovered", covered),
      ("noDigestPending", pending), ("digestsMissing", digestsMissing),
      ("digestsInvalid", digestsInvalid), ("unchecked", unchecked),
    ]
  }
}
