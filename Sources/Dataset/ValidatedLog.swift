public import Bytes
public import CloudTrail

/// What the digests said of one log file when it was last looked at.
public struct ValidatedLog: ValidationFinding, Equatable {
  /// As the ledger and `_source` name it; nil for a file that is listed and was never there.
  public var path: Path?
  /// `s3://bucket/key`, as the digest names it; nil when none lists the file.
  public var object: [UInt8]?
  public var verdict: LogVerdict
  /// How a mismatch shows.
  public var reason: String?
  /// Of a file that no digest lists.
  public var coverage: DigestCoverage?
  /// `s3://bucket/key` of the digest that lists it.
  public var digest: [UInt8]?
  public var account: PartitionValue?
  public var region: PartitionValue?

  public init(path: Path?, object: [UInt8]?, verdict: LogVerdict) {
    self.path = path
    self.object = object
    self.verdict = verdict
  }

  public var order: [[UInt8]] { [path?.bytes ?? [], object ?? [], digest ?? []] }

  public func json() -> [UInt8] {
    var line = JSONObjectWriter()
    if let path { line.add("path", bytes: path.bytes) }
    line.add("status", verdict.rawValue)
    if let reason { line.add("reason", reason) }
    if let coverage { line.add("coverage", coverage.rawValue) }
    if let account { line.add("account", bytes: account.encoded) }
    if let region { line.add("region", bytes: region.encoded) }
    if let object { line.add("object", bytes: object) }
    if let digest { line.add("digest", bytes: digest) }
    return line.finish()
  }

  public init?(json: Span<UInt8>) {
    guard let line = try? JSONObject(json),
      let verdict = line.string("status").flatMap({ LogVerdict(rawValue: $0) })
    else { return nil }
    self.init(
      path: line.bytes("path").map { Path(bytes: $0) }, object: line.bytes("object"),
      verdict: verdict)
    guard path != nil || object != nil else { return nil }
    reason = line.string("reason")
    coverage = line.string("coverage").flatMap { DigestCoverage(rawValue: $0) }
    digest = line.bytes("digest")
    account = line.bytes("account").map { PartitionValue(alreadyEncoded: $0) }
    region = line.bytes("region").map { PartitionValue(alreadyEncoded: $0) }
  }
}
