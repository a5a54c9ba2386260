import Bytes
public import CloudTrail
public import Dataset

/// What validations have said of the dataset's log files and their digests.
public struct DigestEvidence: Sendable {
  /// By account, region and delivery day; nothing for days without findings.
  public private(set) var days: [Deliveries.Place: DigestCounts] = [:]
  /// Of everything, what no place is known of too.
  public private(set) var total = DigestCounts()
  /// The first log files that are altered, then the first that are absent, each by day and path.
  public var logs: [ValidatedLog] { alteredLogs + absentLogs }
  /// The first digests that are altered, then the first that are absent, each by day and path.
  public var digests: [ValidatedDigest] { alteredDigests + absentDigests }
  private var alteredLogs: [ValidatedLog] = []
  private var absentLogs: [ValidatedLog] = []
  private var alteredDigests: [ValidatedDigest] = []
  private var absentDigests: [ValidatedDigest] = []
  /// Files of evidence that cannot be understood, and do not count.
  public private(set) var damages: [DatasetError] = []

  /// How many of each kind are kept by name: a mirror can lack millions, and what is altered must
  /// not drown in them.
  public static let nameLimit = 1000

  /// Whether nothing was ever validated.
  public var isEmpty: Bool { total.isEmpty && damages.isEmpty }

  public init() {}

  /// Reads all evidence.
  ///
  /// - Throws: `FileError`; what is damaged is listed instead.
  public init(_ dataset: StoredDataset) throws {
    try read(dataset.validatedLogs) { $0.add($1, day: $2) }
    try read(dataset.validatedDigests) { $0.add($1, day: $2) }
  }

  private mutating func read<Finding>(
    _ files: ValidationFiles<Finding>, _ add: (inout Self, Finding, Day?) -> Void
  ) throws {
    for slot in files.slots {
      do {
        for finding in try files.findings(slot) { add(&self, finding, slot.day) }
      } catch let error as DatasetError {
        damages.append(error)
      }
    }
  }

  private static func keep<Finding>(_ finding: Finding, in list: inout [Finding]) {
    if list.count < nameLimit { list.append(finding) }
  }

  /// Counts a log file.
  ///
  /// - Parameters:
  ///   - log: What a validation said of it.
  ///   - day: The day it was delivered; nil if nothing says.
  public mutating func add(_ log: ValidatedLog, day: Day?) {
    total.add(log.verdict, log.coverage)
    if log.verdict == .missing {
      DigestEvidence.keep(log, in: &absentLogs)
    } else if log.verdict.isInvalid {
      DigestEvidence.keep(log, in: &alteredLogs)
    }
    guard let day, let account = log.account, let region = log.region else { return }
    let path = log.path ?? Path(bytes: log.object ?? [])
    let accountRegion = AccountRegion(
      family: Deliveries.family(of: path), account: account, region: region)
    let place = Deliveries.Place(accountRegion: accountRegion, day: day)
    days[place, default: DigestCounts()].add(log.verdict, log.coverage)
  }

  /// Counts a digest, or several that are missing one after the other.
  public mutating func add(_ digest: ValidatedDigest, day: Day?) {
    guard digest.verdict.isInvalid else { return }
    total.add(digest.verdict, count: digest.count)
    if digest.verdict == .missing {
      DigestEvidence.keep(digest, in: &absentDigests)
    } else {
      DigestEvidence.keep(digest, in: &alteredDigests)
    }
    guard let day, let account = digest.account, let region = digest.region else { return }
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
    _ digest: ValidatedDigest, from day: Day
  ) -> [(day: Day, count: Int)] {
    guard digest.object == nil, (2...366 * 24).contains(digest.count), let start = digest.start,
      let end = digest.end,
      start.day < end.day, start.day.distance(to: end.day) <= 366
    else { return [(day, digest.count)] }
    // Equal steps, the last of them is the named digest after the gap.
    let step = (end.seconds - start.seconds) / Int64(digest.count + 1)
    let days = (0..<digest.count).map { number in
      EventTime(seconds: start.seconds + step * Int64(number + 1)).day
    }
    return Dictionary(grouping: days, by: { $0 }).map { ($0.key, $0.value.count) }
  }

  /// Notes for every place how many files were never validated.
  mutating func compare(with deliveries: Deliveries) {
    guard !isEmpty else { return }
    for (place, fileCount) in deliveries.files {
      var counts = days[place] ?? DigestCounts()
      counts.compare(ledger: fileCount)
      guard counts.unchecked > 0 else { continue }
      days[place] = counts
      total.add(unchecked: counts.unchecked)
    }
  }
}
