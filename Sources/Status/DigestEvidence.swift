public import Bytes
public import CloudTrail
public import Dataset
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

    package init(
      verdict: DigestVerdict, name: String, reason: String? = nil, account: PartitionValue?,
      region: PartitionValue?, start: EventTime?, end: EventTime?, count: Int = 1, day: Day?
    ) {
      (self.verdict, self.name, self.reason) = (verdict, name, reason)
      (self.account, self.region, self.start, self.end) = (account, region, start, end)
      (self.count, self.day) = (count, day)
    }
  }

  /// By account, region and delivery day; nothing for days without findings.
  public private(set) var days: [Deliveries.Place: DigestCounts] = [:]
  /// Of everything, what no place is known of too.
  public private(set) var total = DigestCounts()
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

  public init() {}

  /// Judges all that a dataset knows.
  ///
  /// - Parameters:
  ///   - dataset: Its digests and log files.
  ///   - resources: Memory and temporary files for facts that wait.
  ///   - mapping: Spreads the checks over threads.
  /// - Throws: `FileError`; what is damaged is listed instead.
  public init(
    _ dataset: StoredDataset, _ resources: ValidationResources, _ mapping: some ParallelMapping
  ) throws {
    if dataset.digests.slots.isEmpty { return }
    var keys: PublicKeys?
    do { keys = try dataset.publicKeys() } catch let error as DatasetError { damages.append(error) }
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
        region: key.region ?? log.chain?.regionValue, day: DigestEvidence.day(log, key)),
      log.status.coverage, family: Deliveries.family(of: path))
  }

  private static func name(_ path: Path?, _ object: ObjectKey?) -> String {
    path?.description ?? object.map { String(decoding: $0.address, as: UTF8.self) } ?? ""
  }

  /// How far a listed file's date may be from that of its digest, in days.
  ///
  /// Deliveries are tried again for 30 days. Digests are input, and must not make evidence for every
  /// day of the calendar.
  private static let longestDelay = 40

  private static func day(_ log: LogFinding, _ key: TrailKey) -> Day? {
    guard log.path == nil, let digest = log.digest else { return key.delivery }
    let listed = TrailKey(Path(bytes: digest.key)).delivery
    guard let own = key.delivery, let listed else { return listed }
    return abs(own.distance(to: listed)) <= longestDelay ? own : listed
  }

  /// Counts a log file, and keeps its name if it is invalid.
  package mutating func add(_ log: InvalidLog, _ coverage: DigestCoverage?, family: Family) {
    total.add(log.verdict, coverage)
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
    guard digest.status.isInvalid else {
      total.addValidDigest()
      return
    }
    let key = TrailKey(digest.path ?? Path(bytes: digest.object.key))
    add(
      InvalidDigest(
        verdict: digest.status.verdict, name: DigestEvidence.name(digest.path, digest.object),
        reason: digest.status.reason, account: key.account ?? digest.chain.accountValue,
        region: key.region ?? digest.chain.regionValue, start: digest.start, end: digest.end,
        day: key.delivery ?? digest.end?.day))
  }

  private mutating func add(_ chain: ChainID, _ gap: ChainReport.Gap) {
    add(
      InvalidDigest(
        verdict: .missing, name: chain.description, account: chain.accountValue,
        region: chain.regionValue, start: gap.start, end: gap.end,
        count: gap.unnamedMissingCount, day: gap.start.day))
  }

  /// Counts a digest that is invalid, or several that are missing one after the other.
  package mutating func add(_ digest: InvalidDigest) {
    total.add(digest.verdict, count: digest.count)
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
      days[place, default: DigestCounts()].add(digest.verdict, count: count)
    }
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
  fileprivate var accountValue: PartitionValue? { DigestEvidence.value(account) }
  fileprivate var regionValue: PartitionValue? { DigestEvidence.value(region) }
}

extension DigestEvidence {
  fileprivate static func value(_ text: String) -> PartitionValue? {
    text.isEmpty ? nil : PartitionValue(text.utf8.span)
  }
}

extension DigestEvidence.InvalidLog {
  func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("name", name)
    line.add("status", verdict.rawValue)
    if let reason { line.add("reason", reason) }
    if let account { line.add("account", bytes: account.decoded) }
    if let region { line.add("region", bytes: region.decoded) }
    if let day { line.add("delivered", day.description) }
    line.add("digest", digest)
    return line.finish()
  }
}

extension DigestEvidence.InvalidDigest {
  func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("name", name)
    line.add("status", verdict.rawValue)
    if let reason { line.add("reason", reason) }
    if let account { line.add("account", bytes: account.decoded) }
    if let region { line.add("region", bytes: region.decoded) }
    if let start { line.add("start", start.text) }
    if let end { line.add("end", end.text) }
    if count != 1 { line.add("count", count) }
    return line.finish()
  }
}
