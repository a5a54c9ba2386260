public import Bytes
public import CloudTrail
public import Dataset
public import JobFiles
public import Validation

/// What the digests say of the dataset's log files, and what became of the digests.
///
/// Made of all facts that the dataset holds, whenever somebody asks.
public struct DigestEvidence: Sendable {
  /// A log file that is altered or absent.
  public struct InvalidLog: Sendable {
    public var verdict: LogVerdict
    /// Its path, or where the digest says that it belongs.
    public var name: String
    public var reason: String?
    /// The digest that lists it.
    public var digest: String
    public var account: PartitionValue?
    public var region: PartitionValue?
    /// The day it was delivered; nil if nothing says.
    public var day: Day?

    package init(
      verdict: LogVerdict, name: String, reason: String?, digest: String,
      account: PartitionValue?, region: PartitionValue?, day: Day?
    ) {
      (self.verdict, self.name, self.reason, self.digest) = (verdict, name, reason, digest)
      (self.account, self.region, self.day) = (account, region, day)
    }
  }

  /// A digest that is altered or absent, or several absent ones in a row that nobody names.
  public struct InvalidDigest: Sendable {
    public var verdict: DigestVerdict
    /// Its path, or where another digest says that it belongs, or else its chain.
    public var name: String
    public var reason: String?
    public var account: PartitionValue?
    public var region: PartitionValue?
    /// The delivery times that it covers; of missing ones, the time that none of them covers.
    public var start: EventTime?
    public var end: EventTime?
    public var count: Int
    public var day: Day?
    /// Whose digest it is: trails of one account and region may have one name, of an organization and its
    /// own.
    public var chain: ChainID?
    /// Whether its name is known; if not, only the time says how many are missing.
    public var isNamed: Bool

    package init(
      verdict: DigestVerdict, name: String, reason: String? = nil, account: PartitionValue?,
      region: PartitionValue?, start: EventTime?, end: EventTime?, count: Int = 1, day: Day?,
      chain: ChainID?, isNamed: Bool = true
    ) {
      (self.verdict, self.name, self.reason) = (verdict, name, reason)
      (self.account, self.region, self.start, self.end) = (account, region, start, end)
      (self.count, self.day, self.chain, self.isNamed) = (count, day, chain, isNamed)
    }

    /// The name of its trail, with its organization: `main`, `o-ab12cd34ef main (backfill)`.
    var trail: String? { chain?.trailName }
  }

  /// By account, region and delivery day; nothing for days without findings.
  public private(set) var days: [Deliveries.Place: DigestCounts] = [:]
  /// Of everything, what no place is known of too.
  public private(set) var total = DigestTotals()
  /// Whether there are public keys.
  public private(set) var hasKeys = false
  /// Whether signatures could be checked, now or when a digest was read.
  var checksSignatures: Bool { hasKeys || total.count(.valid) > 0 }
  /// The first log files that are altered, then the first that are absent.
  public var logs: [InvalidLog] { alteredLogs + absentLogs }
  /// The first digests that are altered, then the first that are absent.
  public var digests: [InvalidDigest] { alteredDigests + absentDigests }
  private var alteredLogs: [InvalidLog] = []
  private var absentLogs: [InvalidLog] = []
  private(set) var alteredDigests: [InvalidDigest] = []
  private(set) var absentDigests: [InvalidDigest] = []
  /// The times that digests cover.
  public private(set) var covered = CoveredTimes()
  /// Files of evidence that cannot be understood, and do not count.
  public private(set) var damages: [DatasetError] = []

  /// How many of each kind are kept by name: a mirror can lack millions, and what is altered must
  /// not drown in them.
  public static let nameLimit = 1000

  /// Whether nothing was ever validated.
  public var isEmpty: Bool { total.isEmpty && damages.isEmpty }

  private let selected: SelectedDays

  /// Says nothing.
  ///
  /// - Parameter selected: Deliveries that can hold no events of these days do not count.
  public init(of selected: SelectedDays = SelectedDays()) {
    self.selected = selected
  }

  /// Judges all that a dataset knows.
  ///
  /// - Parameters:
  ///   - dataset: Its digests and log files.
  ///   - resources: Memory and temporary files for facts that wait.
  ///   - selected: Deliveries that can hold no events of these days do not count.
  ///   - mapping: Spreads the checks over threads.
  /// - Throws: `FileError`; what is damaged is listed instead.
  public init(
    _ dataset: StoredDataset, _ resources: ValidationResources, of selected: SelectedDays,
    _ mapping: some ParallelMapping
  ) throws {
    self.init(of: selected)
    if dataset.digests.slots.isEmpty { return }
    var keys: PublicKeys?
    do { keys = try dataset.publicKeys() } catch let error as DatasetError { damages.append(error) }
    hasKeys = keys?.isEmpty == false
    let judge = EvidenceJudge(keys: keys, memory: resources.memory, scratch: resources.scratch)
    for slot in dataset.digests.slots {
      do {
        // Nothing of a damaged file counts.
        guard try dataset.check(.ofDelivery(.digests, slot)) else { continue }
        try dataset.digests.forEach(in: slot) { try judge.add($0, isCurrent: true) }
      } catch let error as DatasetError {
        damages.append(error)
      }
    }
    try judge.addLogs(of: dataset)
    var evidence = self
    let covered = try judge.judge(mapping: mapping) { evidence.add($0) }
    evidence.covered = covered
    self = evidence
  }

  private static func keep<Finding>(_ finding: Finding, in list: inout [Finding]) {
    if list.count < nameLimit { list.append(finding) }
  }

  private mutating func add(_ finding: ValidationFinding) {
    switch finding {
    case .log(let log): add(log)
    case .digest(let digest): add(digest)
    case .unnamedMissing(let chain, let gap, _): add(chain, gap)
    case .chain, .verified, .unreadableFolder, .skippedLink: break
    }
  }

  private mutating func add(_ log: LogFinding) {
    let path = log.path ?? Path(bytes: log.object?.key ?? [])
    let key = TrailKey(path)
    add(
      InvalidLog(
        verdict: log.status.verdict, name: DigestEvidence.name(log.path, log.object),
        reason: log.status.reason,
        digest: log.digest.map { String(decoding: $0.address, as: UTF8.self) } ?? "",
        account: key.account ?? log.chain?.accountValue,
        region: key.region ?? log.chain?.regionValue, day: log.deliveryDay),
      log.status.coverage, family: Deliveries.family(of: path))
  }

  private static func name(_ path: Path?, _ object: ObjectKey?) -> String {
    path?.description ?? object.map { String(decoding: $0.address, as: UTF8.self) } ?? ""
  }

  /// Counts a log file, and keeps its name if it is invalid.
  package mutating func add(_ log: InvalidLog, _ coverage: DigestCoverage?, family: Family) {
    if let day = log.day, !selected.containsDelivery(on: day) { return }
    total.counts.add(log.verdict, coverage)
    if log.verdict == .missing {
      DigestEvidence.keep(log, in: &absentLogs)
    } else if log.verdict.isInvalid {
      DigestEvidence.keep(log, in: &alteredLogs)
    }
    guard let day = log.day, let account = log.account, let region = log.region else { return }
    let accountRegion = AccountRegion(family: family, account: account, region: region)
    let place = Deliveries.Place(accountRegion: accountRegion, day: day)
    days[place, default: DigestCounts()].add(log.verdict, coverage)
  }

  private mutating func add(_ digest: DigestFinding) {
    let key = TrailKey(digest.path ?? Path(bytes: digest.object.key))
    let day = digest.deliveryDay
    guard digest.status.isInvalid else {
      add(digest.status.verdict, on: day)
      return
    }
    add(
      InvalidDigest(
        verdict: digest.status.verdict, name: DigestEvidence.name(digest.path, digest.object),
        reason: digest.status.reason, account: key.account ?? digest.chain.accountValue,
        region: key.region ?? digest.chain.regionValue, start: digest.start, end: digest.end,
        day: day, chain: digest.chain))
  }

  private mutating func add(_ chain: ChainID, _ gap: ChainReport.Gap) {
    add(
      InvalidDigest(
        verdict: .missing, name: chain.description, account: chain.accountValue,
        region: chain.regionValue, start: gap.start, end: gap.end,
        count: gap.unnamedMissingCount, day: gap.start.day, chain: chain, isNamed: false))
  }

  /// Counts a digest that is not invalid.
  package mutating func add(_ digest: DigestVerdict, on day: Day?) {
    if let day, !selected.containsDelivery(on: day) { return }
    total.add(digest)
  }

  /// Counts a digest that is invalid, or several that are missing one after the other.
  package mutating func add(_ digest: InvalidDigest) {
    guard let digest = selectedPart(of: digest) else { return }
    total.add(digest.verdict)
    total.counts.add(digest, count: digest.count)
    if digest.verdict == .missing {
      DigestEvidence.keep(digest, in: &absentDigests)
    } else {
      DigestEvidence.keep(digest, in: &alteredDigests)
    }
    guard let day = digest.day, let account = digest.account, let region = digest.region else {
      return
    }
    let accountRegion = AccountRegion(family: .events, account: account, region: region)
    for (day, count) in DigestEvidence.spread(digest, from: day) {
      let place = Deliveries.Place(accountRegion: accountRegion, day: day)
      days[place, default: DigestCounts()].add(digest, count: count)
    }
  }

  /// The digest, or of several those of the selected days; nil if it is of none of them.
  private func selectedPart(of digest: InvalidDigest) -> InvalidDigest? {
    guard let first = selected.first, let day = digest.day else { return digest }
    let count = DigestEvidence.spread(digest, from: day)
      .reduce(0) { $0 + (first <= $1.day ? $1.count : 0) }
    if count == 0 { return nil }
    if count == digest.count { return digest }
    var part = digest
    let midnight = EventTime(seconds: first.secondsSince1970)
    (part.count, part.day, part.start) = (count, first, digest.start.map { max($0, midnight) })
    return part
  }

  /// The days over which missing digests are spread, and how many fall on each.
  ///
  /// A digest may name any times: those of more than a year all count for the first day.
  private static func spread(
    _ digest: InvalidDigest, from day: Day
  ) -> [(day: Day, count: Int)] {
    guard (2...366 * 24).contains(digest.count), let start = digest.start, let end = digest.end,
      start.day < end.day, start.day.distance(to: end.day) <= 366
    else { return [(day, digest.count)] }
    // Equal steps, the last of them is the named digest after the gap.
    let step = (end.seconds - start.seconds) / Int64(digest.count + 1)
    let days = (0..<digest.count).map { number in
      EventTime(seconds: start.seconds + step * Int64(number + 1)).day
    }
    return Dictionary(grouping: days, by: { $0 }).map { ($0.key, $0.value.count) }
  }
}

extension ChainID {
  /// The name of its trail, with the organization whose it is: `o-ab12cd34ef main`.
  fileprivate var trailName: String {
    printable(
      [organization ?? "", trail, isBackfill ? "(backfill)" : ""].filter { !$0.isEmpty }
        .joined(separator: " "))
  }

  fileprivate var accountValue: PartitionValue? { DigestEvidence.value(account) }
  fileprivate var regionValue: PartitionValue? { DigestEvidence.value(region) }
}

extension DigestEvidence {
  fileprivate static func value(_ text: String) -> PartitionValue? {
    text.isEmpty ? nil : PartitionValue(text.utf8.span)
  }
}
