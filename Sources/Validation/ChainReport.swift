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

  public var id: ChainID
  /// Digests, readable or not; copies count once.
  public var digestCount = 0
  public var emptyDigestCount = 0
  /// Digests that a later one names and that are not there.
  public var missingCount = 0
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
  /// How it falls short of the times that were asked for, in words.
  public var shortfalls: [String] = []
  /// Whether any of its digests is in the inputs of this validation.
  public var isCurrent = false

  /// How many more may be missing whose names nobody tells, by the hours that no digest covers.
  public var unnamedMissingCount: Int { gaps.reduce(0) { $0 + $1.unnamedMissingCount } }

  init(_ id: ChainID) {
    self.id = id
  }
}

/// A digest as far as the shape of its chain depends on it.
struct ChainLink {
  var object: ObjectKey
  var start: EventTime
  var end: EventTime
  var previous: ObjectKey?
  /// Whether the digest that it names is there.
  var isLinked: Bool
  var isEmpty: Bool
}

/// Puts a chain's report together, a digest after the other in time.
struct ChainShape {
  private(set) var report: ChainReport
  private var older: ChainLink?
  private var lastMissing: ObjectKey?
  /// The digest before, and the end of all before, those that are proven false too.
  private var seen: (object: ObjectKey, end: EventTime)?

  init(_ id: ChainID) {
    report = ChainReport(id)
  }

  /// What a digest shows of the chain before it.
  struct Step {
    /// A digest that it names and that is not there.
    var missing: ObjectKey?
    /// When its time begins; nil if others before it may be missing.
    var missingStart: EventTime?
    /// Digests that nobody names, and are missing.
    var gap: ChainReport.Gap?
  }

  mutating func note(isFork: Bool, isCurrent: Bool) {
    report.digestCount += 1
    if isFork { report.forkCount += 1 }
    if isCurrent { report.isCurrent = true }
  }

  /// Whether a digest starts the chain again and yet leaves no pause after the one before.
  func startsWithoutPause(_ digest: ChainLink) -> Bool {
    guard let seen, !report.id.isBackfill else { return false }
    return digest.previous == nil && seen.object != digest.object && digest.start <= seen.end
  }

  /// Notes the times of a digest, proven false or not.
  mutating func see(_ digest: ChainLink) {
    seen = (digest.object, max(seen?.end ?? digest.end, digest.end))
  }

  /// Adds a digest that is not proven false.
  mutating func add(_ digest: ChainLink) -> Step {
    // Another text under the name of the one before covers nothing more.
    if older?.object == digest.object { return Step() }
    if digest.isEmpty { report.emptyDigestCount += 1 }
    if let previous = digest.previous, previous.bucket != digest.object.bucket {
      report.bucketChangeCount += 1
    }
    defer { older = digest }
    report.start = min(report.start ?? digest.start, digest.start)
    defer { report.end = max(report.end ?? digest.end, digest.end) }
    guard let older, let covered = report.end else {
      report.beginning =
        digest.previous.map { digest.isLinked ? .unknown : .outside($0) } ?? .start
      return Step()
    }
    var step = Step()
    let isMissing = digest.previous != nil && !digest.isLinked
    if isMissing, let named = digest.previous, named != lastMissing {
      step.missing = named
      lastMissing = named
      report.missingCount += 1
    }
    if report.id.isBackfill { return step }
    if digest.start < covered { report.overlapCount += 1 }
    guard covered < digest.start else { return step }
    let cause: ChainReport.Gap.Cause =
      isMissing ? .missing : digest.previous == nil ? .restart : .unexplained
    var gap = ChainReport.Gap(start: covered, end: digest.start, cause: cause)
    // Digests come in equal steps, whether anything was delivered or not.
    let span = digest.end.seconds - digest.start.seconds
    if isMissing, span > 0, older.end <= digest.start {
      let steps = (digest.start.seconds - covered.seconds + span / 2) / span
      gap.unnamedMissingCount = max(0, Int(steps) - 1)
      if gap.unnamedMissingCount > 0 { step.gap = gap } else { step.missingStart = covered }
    }
    report.gaps.append(gap)
    return step
  }
}

extension ChainShape {
  /// Compares the chain with the times that were asked for.
  mutating func compare(with range: DeliveryRange, isStartVouched: Bool) -> ObjectKey? {
    guard !report.id.isBackfill, let start = report.start, let end = report.end else { return nil }
    if let to = range.to, end.seconds < to - DeliveryRange.leeway {
      report.shortfalls.append(
        "ends at \(end.text), before \(EventTime(seconds: to).text)")
    }
    guard let from = range.from, start.seconds > from + DeliveryRange.leeway else { return nil }
    switch report.beginning {
    case .outside(let object):
      report.missingCount += 1
      return object
    case .start where isStartVouched: return nil
    case .start, .unknown:
      report.shortfalls.append(
        "begins at \(start.text), after \(EventTime(seconds: from).text)")
      return nil
    }
  }

  mutating func note(_ change: (inout ChainReport) -> Void) { change(&report) }
}

/// The delivery times that a validation is asked for.
public struct DeliveryRange: Sendable {
  /// In seconds since 1970, inclusive.
  public var from: Int64?
  /// In seconds since 1970, exclusive.
  public var to: Int64?

  /// Digests are about an hour long, and begin when the trail did.
  static let leeway: Int64 = 3600

  public init(from: Int64? = nil, to: Int64? = nil) {
    (self.from, self.to) = (from, to)
  }

  /// Whether a stretch of time is in it in part.
  func overlaps(_ start: Int64, _ end: Int64) -> Bool {
    (from.map { end > $0 } ?? true) && (to.map { start < $0 } ?? true)
  }
}
