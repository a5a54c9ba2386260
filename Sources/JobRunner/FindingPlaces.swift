import Bytes
import CloudTrail
import Dataset
import JobFiles
import Listing
import Reading
import Validation

/// Where findings belong: the names of files as the ledger has them, delivery days, and what the job
/// selects.
struct FindingPlaces {
  private let roots: [InputRoot]
  private let families: Set<Family>
  private let filter: FileFilter

  init(_ job: Job, _ roots: [InputRoot]) {
    self.roots = roots
    families = Set(job.families)
    filter = job.select.fileFilter
  }

  /// The path of a file as the ledger and `_source` have it.
  func source(of path: Path) -> Path {
    roots.lazy.compactMap { $0.source(of: path) }.first ?? path
  }

  /// Whether the job selects the files of a place.
  func takes(_ facts: PathFacts) -> Bool {
    if case .log(let family) = facts.kind, !families.contains(family) { return false }
    return filter.takes(facts)
  }

  /// `s3://bucket/key`.
  static func object(_ key: ObjectKey) -> [UInt8] {
    Array("s3://".utf8) + key.bucket + [ASCII.slash] + key.key
  }

  /// The key in `s3://bucket/key`: mirrors do not tell buckets apart.
  static func key(of object: [UInt8]) -> ArraySlice<UInt8> {
    let rest = object.dropFirst("s3://".utf8.count)
    guard let slash = rest.firstIndex(of: ASCII.slash) else { return rest }
    return rest[(slash + 1)...]
  }
}

/// What a validation found about digests, by delivery.
struct DigestFindings {
  private(set) var bySlot: [DeliverySlot: [ValidatedDigest]] = [:]
  private var spans: [Chain: ClosedRange<EventTime>] = [:]

  private struct Chain: Hashable {
    var account: PartitionValue?
    var region: PartitionValue?
    var trail: String
    var homeRegion: String
    var organization: String?
    var isBackfill: Bool

    init(_ finding: ValidatedDigest) {
      (account, region, trail) = (finding.account, finding.region, finding.trail)
      (homeRegion, organization) = (finding.homeRegion, finding.organization)
      isBackfill = finding.isBackfill
    }
  }

  init(_ report: ValidationReport, _ places: FindingPlaces) {
    var chainFacts: [ChainID: PathFacts] = [:]
    for digest in report.digests {
      let facts = PathFacts(ofFileAt: digest.path ?? Path(bytes: digest.object.key))
      chainFacts[digest.chain] = facts
      guard places.takes(facts) else { continue }
      let isKnown = !digest.object.bucket.isEmpty
      var finding = ValidatedDigest(
        path: digest.path.map { places.source(of: $0) },
        object: isKnown ? FindingPlaces.object(digest.object) : nil,
        verdict: digest.status.verdict, trail: digest.chain.trail)
      finding.reason = digest.status.reason
      finding.set(digest.chain)
      (finding.start, finding.end) = (digest.start, digest.end)
      add(finding, day: facts.delivery)
    }
    for chain in report.chains {
      var pattern = ValidatedDigest(
        path: nil, object: nil, verdict: .missing, trail: chain.id.trail)
      pattern.set(chain.id)
      if let start = chain.start, let end = chain.end, start <= end {
        spans[Chain(pattern)] = start...end
      }
      for gap in chain.gaps where gap.unnamedMissingCount > 0 {
        // What nobody names is where the digests of its chain are.
        var facts = chainFacts[chain.id]
        facts?.delivery = gap.start.day
        guard let facts, places.takes(facts) else { continue }
        var finding = pattern
        (finding.start, finding.end) = (gap.start, gap.end)
        finding.count = gap.unnamedMissingCount
        add(finding, day: gap.start.day)
      }
    }
  }

  private mutating func add(_ finding: ValidatedDigest, day: Day?) {
    let source = finding.path ?? Path(bytes: finding.object ?? [])
    bySlot[DeliverySlot(day: day, source: source), default: []].append(finding)
  }

  /// Whether an earlier finding about missing digests holds: not if the chain is there at that time.
  func keeps(_ finding: ValidatedDigest) -> Bool {
    guard let span = spans[Chain(finding)], let time = finding.end else { return true }
    return !span.contains(time)
  }
}

extension ValidatedDigest {
  fileprivate mutating func set(_ chain: ChainID) {
    account = chain.account.isEmpty ? nil : PartitionValue(chain.account.utf8.span)
    region = chain.region.isEmpty ? nil : PartitionValue(chain.region.utf8.span)
    (homeRegion, organization) = (chain.homeRegion, chain.organization)
    isBackfill = chain.isBackfill
  }
}

/// What a validation found about log files, by delivery.
struct LogFindings {
  private let report: ValidationReport
  private let places: FindingPlaces
  /// Numbers of the report's findings.
  private var bySlot: [DeliverySlot: [Int]] = [:]
  /// Keys of files that are there, by the delivery to which they were counted while they were not,
  /// where that is another.
  private var keysElsewhere: [DeliverySlot: Set<[UInt8]>] = [:]
  private let digests: Set<[UInt8]>
  /// Numbers of findings about files that no digest lists and that an earlier run has read.
  private var unlisted: Set<Int> = []

  /// `wasRead`: Whether this run took records from the file at a path.
  init(_ report: ValidationReport, _ places: FindingPlaces, wasRead: (Path) -> Bool) {
    self.report = report
    self.places = places
    digests = Set(
      report.digests.compactMap { $0.path == nil ? nil : FindingPlaces.object($0.object) })
    for (number, log) in report.logs.enumerated() {
      let facts = LogFindings.facts(log)
      guard places.takes(facts) else { continue }
      let slot = LogFindings.slot(log, facts, places)
      bySlot[slot, default: []].append(number)
      if log.status.verdict == .noDigest, let path = log.path, !wasRead(path) {
        unlisted.insert(number)
      }
      guard log.path != nil, let object = log.object else { continue }
      var absent = log
      absent.path = nil
      let other = LogFindings.slot(absent, LogFindings.facts(absent), places)
      if other != slot { keysElsewhere[other, default: []].insert(object.key) }
    }
  }

  var slots: Set<DeliverySlot> { Set(bySlot.keys).union(keysElsewhere.keys) }

  private static func slot(
    _ log: LogFinding, _ facts: PathFacts, _ places: FindingPlaces
  ) -> DeliverySlot {
    let source = log.path.map { places.source(of: $0) } ?? Path(bytes: log.object?.key ?? [])
    return DeliverySlot(day: day(log, facts), source: source)
  }

  private static func facts(_ log: LogFinding) -> PathFacts {
    PathFacts(ofFileAt: log.path ?? Path(bytes: log.object?.key ?? []))
  }

  /// How far a listed file's date may be from that of its digest, in days.
  ///
  /// Deliveries are tried again for 30 days. Digests are input, and must not make evidence for every
  /// day of the calendar.
  private static let longestDelay = 40

  private static func day(_ log: LogFinding, _ facts: PathFacts) -> Day? {
    guard log.path == nil, let digest = log.digest else { return facts.delivery }
    let listed = PathFacts(ofFileAt: Path(bytes: digest.key)).delivery
    guard let own = facts.delivery, let listed else { return listed }
    return abs(own.distance(to: listed)) <= longestDelay ? own : listed
  }

  /// The findings for one delivery.
  func found(in slot: DeliverySlot) -> [ValidatedLog] {
    (bySlot[slot] ?? []).map { number in
      let log = report.logs[number]
      let facts = LogFindings.facts(log)
      var finding = ValidatedLog(
        path: log.path.map { places.source(of: $0) }, object: log.object.map(FindingPlaces.object),
        verdict: log.status.verdict)
      (finding.reason, finding.coverage) = (log.status.reason, log.status.coverage)
      finding.digest = log.digest.map(FindingPlaces.object)
      finding.account = facts.account ?? log.chain.flatMap { LogFindings.value($0.account) }
      finding.region = facts.region ?? log.chain.flatMap { LogFindings.value($0.region) }
      return finding
    }
  }

  private static func value(_ text: String) -> PartitionValue? {
    text.isEmpty ? nil : PartitionValue(text.utf8.span)
  }

  /// The keys of the files that are there, for one delivery.
  func presentKeys(in slot: DeliverySlot, _ found: [ValidatedLog]) -> Set<[UInt8]> {
    let keys = found.compactMap { finding -> [UInt8]? in
      finding.path == nil ? nil : finding.object.map { Array(FindingPlaces.key(of: $0)) }
    }
    return Set(keys).union(keysElsewhere[slot] ?? [])
  }

  /// Whether an earlier finding about a missing file holds: not if it is there, or if its digest is
  /// there and no longer lists it.
  func keeps(_ finding: ValidatedLog, _ presentKeys: Set<[UInt8]>) -> Bool {
    if let object = finding.object,
      presentKeys.contains(Array(FindingPlaces.key(of: object)))
    {
      return false
    }
    return finding.digest.map { !digests.contains($0) } ?? true
  }

  /// The files that no digest lists and that an earlier run has read, for one delivery.
  func unlistedPaths(in slot: DeliverySlot) -> Set<Path> {
    Set(
      (bySlot[slot] ?? []).filter(unlisted.contains).compactMap { number in
        report.logs[number].path.map { places.source(of: $0) }
      })
  }

  /// Whether an earlier finding about a file that is there holds: if its records were taken then and
  /// not since, and the digest that said it has left the inputs.
  func keeps(_ finding: ValidatedLog, unlisted: Set<Path>) -> Bool {
    guard let path = finding.path, let digest = finding.digest else { return false }
    return unlisted.contains(path) && !digests.contains(digest)
  }
}
