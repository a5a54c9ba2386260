import Bytes
public import CloudTrail

/// One chain of digests: what it covers and where it is broken.
public struct ChainReport: Sendable {
  /// How the oldest digest that is there begins.
  public enum Beginning: Sendable, Equatable {
    /// It is a starting digest: validation was switched on then.
    case start
    /// It names a digest that is not there: the mirror begins later than the chain.
    case outside(ObjectKey)
    /// It could not be read.
    case unknown
  }

  /// A time that no digest of the chain covers.
  public struct Gap: Sendable, Equatable {
    public enum Cause: String, Sendable {
      /// Digests are missing: the logs of this time cannot be checked.
      case missing
      /// The next digest is a starting one: logging or validation was off.
      case restart
      /// The digests are linked and yet leave time out.
      case unexplained
    }

    public var start: EventTime
    public var end: EventTime
    public var cause: Cause
    /// How many digests may be missing in it whose names nobody tells, by its length.
    public var unnamedMissingCount = 0
  }

  /// A digest that a later one names and that is not there.
  public struct MissingDigest: Sendable, Equatable {
    public var object: ObjectKey
    /// When the one that names it begins: when this one ends.
    public var end: EventTime
  }

  public var id: ChainID
  /// Files, readable or not.
  public var digestCount = 0
  public var emptyDigestCount = 0
  /// Digests that a later one names and that are not there.
  public var missing: [MissingDigest] = []
  public var start: EventTime?
  public var end: EventTime?
  public var beginning = Beginning.unknown
  /// In time; none for backfill, where every gap is normal.
  public var gaps: [Gap] = []
  /// Digests that begin before the one before them ends, as when AWS delivers again.
  public var overlapCount = 0
  /// Links to a digest in another bucket.
  public var bucketChangeCount = 0
  /// Digests that more than one digest names as the one before it.
  public var forkCount = 0

  /// How many more may be missing whose names nobody tells, by the hours that no digest covers.
  public var unnamedMissingCount: Int { gaps.reduce(0) { $0 + $1.unnamedMissingCount } }

  init(_ id: ChainID, _ members: [Int], in set: DigestSet) {
    self.id = id
    digestCount = members.count
    var older: Digest?
    for member in members {
      let node = set.nodes[member]
      if Set(node.claims.map { set.nodes[$0.successor].object }).count > 1 { forkCount += 1 }
      guard let digest = node.digest else { continue }
      // Copies of one digest count once.
      if older?.object == digest.object { continue }
      if digest.logs.isEmpty { emptyDigestCount += 1 }
      if let previous = digest.previous, previous.object.bucket != digest.object.bucket {
        bucketChangeCount += 1
      }
      add(digest, after: older, isLinked: !node.predecessors.isEmpty)
      older = digest
    }
  }

  private mutating func add(_ digest: Digest, after older: Digest?, isLinked: Bool) {
    start = min(start ?? digest.start, digest.start)
    defer { end = max(end ?? digest.end, digest.end) }
    guard let older, let covered = end else {
      beginning = digest.previous.map { isLinked ? .unknown : .outside($0.object) } ?? .start
      return
    }
    let isMissing = digest.previous != nil && !isLinked
    if isMissing, let named = digest.previous?.object,
      !missing.contains(where: { $0.object == named })
    {
      missing.append(MissingDigest(object: named, end: digest.start))
    }
    if id.isBackfill { return }
    if digest.start < covered { overlapCount += 1 }
    guard covered < digest.start else { return }
    let cause: Gap.Cause =
      isMissing ? .missing : digest.previous == nil ? .restart : .unexplained
    var gap = Gap(start: covered, end: digest.start, cause: cause)
    defer { gaps.append(gap) }
    // Digests come in equal steps, whether anything was delivered or not.
    let span = digest.end.seconds - digest.start.seconds
    if isMissing, span > 0, older.end <= digest.start {
      let steps = (digest.start.seconds - covered.seconds + span / 2) / span
      gap.unnamedMissingCount = max(0, Int(steps) - 1)
    }
  }
}
