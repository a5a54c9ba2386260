public import Bytes
public import CloudTrail

/// What became of one digest file when it was last looked at, or how many are missing one after the
/// other that nobody names.
public struct ValidatedDigest: ValidationFinding, Equatable {
  /// Relative to the input, as log files are named; nil when it is missing.
  public var path: Path?
  /// `s3://bucket/key`; nil when it cannot be read, or when nobody names it.
  public var object: [UInt8]?
  public var verdict: DigestVerdict
  public var reason: String?
  public var account: PartitionValue?
  public var region: PartitionValue?
  /// What distinguishes the chains of an account and region: the trail, the region it was made in,
  /// the organization if it is one's, and whether it is about what came late.
  public var trail: String
  public var homeRegion = ""
  public var organization: String?
  public var isBackfill = false
  /// The delivery times that it covers; of missing ones, the time that none of them covers.
  public var start: EventTime?
  public var end: EventTime?
  /// 1, or how many missing digests that nobody names it represents.
  public var count = 1

  public init(path: Path?, object: [UInt8]?, verdict: DigestVerdict, trail: String) {
    self.path = path
    self.object = object
    self.verdict = verdict
    self.trail = trail
  }

  public var order: [[UInt8]] {
    [
      path?.bytes ?? [], object ?? [], Array((start?.text ?? "").utf8), account?.encoded ?? [],
      region?.encoded ?? [], Array(trail.utf8),
    ]
  }

  public func json() -> [UInt8] {
    var line = JSONObjectWriter()
    if let object { line.add("object", bytes: object) }
    line.add("status", verdict.rawValue)
    if let reason { line.add("reason", reason) }
    if let path { line.add("path", bytes: path.bytes) }
    if let account { line.add("account", bytes: account.encoded) }
    if let region { line.add("region", bytes: region.encoded) }
    if let organization { line.add("organization", organization) }
    line.add("trail", trail)
    line.add("homeRegion", homeRegion)
    if isBackfill { line.add("backfill", true) }
    if let start { line.add("start", start.text) }
    if let end { line.add("end", end.text) }
    if count != 1 { line.add("count", count) }
    return line.finish()
  }

  public init?(json: Span<UInt8>) {
    guard let line = try? JSONObject(json),
      let verdict = line.string("status").flatMap({ DigestVerdict(rawValue: $0) }),
      let trail = line.string("trail")
    else { return nil }
    self.init(
      path: line.bytes("path").map { Path(bytes: $0) }, object: line.bytes("object"),
      verdict: verdict, trail: trail)
    reason = line.string("reason")
    account = line.bytes("account").map { PartitionValue(alreadyEncoded: $0) }
    region = line.bytes("region").map { PartitionValue(alreadyEncoded: $0) }
    organization = line.string("organization")
    homeRegion = line.string("homeRegion") ?? ""
    isBackfill = line.boolean("backfill") ?? false
    start = line.bytes("start").flatMap { EventTime($0.span) }
    end = line.bytes("end").flatMap { EventTime($0.span) }
    count = line.integer("count") ?? 1
    // No chain of seconds between the first and the last year is longer.
    guard path != nil || object != nil || start != nil, (1...1 << 40).contains(count) else {
      return nil
    }
  }
}
