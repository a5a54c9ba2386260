import Bytes
public import CloudTrail

/// The delivery times for which the digests of each account and region are there.
///
/// Backfill digests do not count: they list what came late, from any time. Nor do digests that are
/// proven false.
///
/// Memory: one span for each stretch of time without a gap.
public struct CoveredTimes: Sendable {
  /// Digests say for one folder of log files what was delivered to it.
  private struct Place: Hashable {
    var account: PartitionValue
    var region: PartitionValue
  }

  private struct Span {
    var start: Int64
    var end: Int64
    /// Whether a signature of every digest in it was verified.
    var isVouched: Bool
  }

  /// The digests of one trail.
  private struct Covered {
    var organization: String?
    var trail: String
    /// In the order in which digests came: mostly in time.
    var spans: [Span] = []
    var newest = Int64.min

    /// From the first digest to the last.
    var days: ClosedRange<Day> {
      let oldest = spans.map(\.start).min() ?? newest
      return EventTime(seconds: oldest).day...EventTime(seconds: newest).day
    }
  }

  private var places: [Place: [Covered]] = [:]

  /// A file may have its name some minutes before it is delivered, and is then in the digest
  /// after the one of its name's time.
  private static let leeway: Int64 = 15 * 60
  /// A digest is about an hour, and is delivered within an hour of its end.
  private static let digestDelay: Int64 = 2 * 3600

  public init() {}

  /// The longest digest that covers anything: CloudTrail makes one an hour, and one that claims a year
  /// says nothing of it.
  private static let longestDigest: Int64 = 86_400

  /// Adds the times of a digest.
  mutating func add(_ object: ObjectKey, _ start: EventTime, _ end: EventTime, isVouched: Bool) {
    guard start < end, end.seconds - start.seconds <= Self.longestDigest else { return }
    let key = TrailKey(Path(bytes: object.key))
    guard let account = key.account, let region = key.region else { return }
    let place = Place(account: account, region: region)
    let trail = ChainID(key: object.key).trail
    var covered = places[place] ?? []
    let index =
      covered.firstIndex { $0.organization == key.organization && $0.trail == trail }
      ?? {
        covered.append(Covered(organization: key.organization, trail: trail))
        return covered.count - 1
      }()
    covered[index].newest = max(covered[index].newest, end.seconds)
    let last = covered[index].spans.count - 1
    if last >= 0, covered[index].spans[last].isVouched == isVouched,
      (covered[index].spans[last].start...covered[index].spans[last].end).contains(start.seconds)
    {
      covered[index].spans[last].end = max(covered[index].spans[last].end, end.seconds)
    } else {
      covered[index].spans.append(
        Span(start: start.seconds, end: end.seconds, isVouched: isVouched))
    }
    places[place] = covered
  }

  /// What the digests that are there say of the time at which a log file was delivered.
  ///
  /// - Complexity: O(length of the path + spans of its account and region).
  func coverage(of path: Path) -> DigestCoverage {
    if places.isEmpty { return .uncovered }
    let key = TrailKey(path)
    guard let account = key.account, let region = key.region,
      let delivered = key.deliveryTime?.seconds
    else { return .uncovered }
    // Above the root nothing tells whether a trail is an organization's.
    let isWhole = TrailRoot.trail(of: path) != nil
    let some = (places[Place(account: account, region: region)] ?? [])
      .filter { !isWhole || $0.organization == key.organization }
    let first = delivered.lowerBound
    if let newest = some.map(\.newest).max(),
      (newest - CoveredTimes.leeway..<newest + CoveredTimes.digestDelay).contains(first)
    {
      return .pending
    }
    let isCovered = some.contains { covered in
      covered.spans.contains { delivered.lowerBound < $0.end && $0.start < delivered.upperBound }
    }
    return isCovered ? .covered : .uncovered
  }

  /// How far the digests of an account and region cover some days.
  ///
  /// A trail says nothing of what another delivers, so the digests of each trail that was at work on a
  /// day have to cover it.
  ///
  /// `delivered`: From when to when each organization's trail, or for nil the account's own, delivered
  /// log files to the same place.
  public func days(
    _ account: PartitionValue, _ region: PartitionValue, _ range: ClosedRange<Day>,
    delivered: [String?: ClosedRange<Day>] = [:]
  ) -> CoveredDays {
    guard let trails = places[Place(account: account, region: region)] else { return CoveredDays() }
    func whole(_ trails: [Covered], _ isWanted: (Span) -> Bool) -> [ClosedRange<Day>] {
      CoveredTimes.wholeDays(
        trails.lazy.flatMap(\.spans).filter(isWanted).map { ($0.start, $0.end) }, range)
    }
    /// Trails that were at work at some time, of which nobody knows more.
    var groups = trails.map { (trails: [$0], work: $0.days) }
    for (organization, days) in delivered {
      groups.append((trails.filter { $0.organization == organization }, days))
    }
    func days(_ isWanted: (Span) -> Bool) -> [ClosedRange<Day>] {
      var known = whole(trails, isWanted)
      for group in groups {
        let own = whole(group.trails, isWanted)
        known = known.flatMap { CoveredTimes.parts(of: $0, outside: group.work, orIn: own) }
      }
      return known
    }
    return CoveredDays(vouched: days(\.isVouched), covered: days { _ in true })
  }

  /// The stretches of `days` that are in `own`, or not between the first and the last day of `work`,
  /// which begin and end at any hour.
  private static func parts(
    of days: ClosedRange<Day>, outside work: ClosedRange<Day>, orIn own: [ClosedRange<Day>]
  ) -> [ClosedRange<Day>] {
    var parts: [ClosedRange<Day>] = []
    for day in days {
      let isAtWork = work.lowerBound < day && day < work.upperBound
      guard !isAtWork || own.contains(where: { $0.contains(day) }) else { continue }
      if let last = parts.last, last.upperBound.distance(to: day) == 1 {
        parts[parts.count - 1] = last.lowerBound...day
      } else {
        parts.append(day...day)
      }
    }
    return parts
  }

  /// The days that spans cover from midnight to midnight.
  private static func wholeDays(
    _ spans: [(start: Int64, end: Int64)], _ range: ClosedRange<Day>
  ) -> [ClosedRange<Day>] {
    var days: [ClosedRange<Day>] = []
    var current: (start: Int64, end: Int64)?
    func close() {
      guard let current else { return }
      let first = EventTime(seconds: current.start + 86_399).day
      let last = EventTime(seconds: current.end - 86_400).day
      let (low, high) = (max(first, range.lowerBound), min(last, range.upperBound))
      if low <= high { days.append(low...high) }
    }
    for span in spans.sorted(by: { $0.start < $1.start }) {
      if let open = current, span.start <= open.end {
        current = (open.start, max(open.end, span.end))
      } else {
        close()
        current = span
      }
    }
    close()
    return days
  }
}

/// Days that digests cover from midnight to midnight, in order.
public struct CoveredDays: Sendable {
  /// By digests whose signatures were verified.
  public var vouched: [ClosedRange<Day>] = []
  /// By any digests that are not proven false.
  public var covered: [ClosedRange<Day>] = []

  public init() {}

  init(vouched: [ClosedRange<Day>], covered: [ClosedRange<Day>]) {
    (self.vouched, self.covered) = (vouched, covered)
  }

  public func isVouched(_ day: Day) -> Bool { vouched.contains { $0.contains(day) } }

  public func isCovered(_ day: Day) -> Bool { covered.contains { $0.contains(day) } }
}
