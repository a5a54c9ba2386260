public import Bytes
public import CloudTrail

/// What the dataset remembers of one input file.
public struct LedgerEntry: Sendable, Equatable {
  /// How reading it ended.
  public enum Outcome: String, Sendable {
    case read
    /// Its first member was read; other bytes follow it.
    case trailingData = "trailing data"
    /// Nothing in it is a CloudTrail record.
    case noRecord = "no record"
    /// It is not JSON, and its name does not promise any.
    case otherFileType = "other file type"
    /// Nothing was taken; it is tried again on every run.
    case failed
    /// The whole records before the damage were taken; it is tried again on every run.
    case salvaged
  }

  /// What reports call it: the name of its input and the path below that.
  public var path: Path
  public var byteCount: Int
  /// The last modification as of when its hash was taken, in nanoseconds since 1970; nil if not known.
  ///
  /// A hint, which the ledger's own file does not have.
  public var modified: Int64?
  /// The hash of the file as stored; nil for one that failed or that was not read to its end.
  public var hash: SHA256Digest?
  /// The hash of the inflated text, which digests list; only where the job validates.
  public var contentHash: SHA256Digest?
  public var recordCount = 0
  /// Of its records, those that the job does not select.
  public var filteredCount = 0
  public var firstTime: EventTime?
  public var lastTime: EventTime?
  /// Its earliest event that a `to` relative to the run's time left out: once that has passed it, the
  /// file is read again.
  public var firstPostponedTime: EventTime?
  public var outcome: Outcome
  public var reason: String?
  public var offset: Int?
  public var account: PartitionValue?
  public var region: PartitionValue?

  public init(path: Path, byteCount: Int, outcome: Outcome) {
    self.path = path
    self.byteCount = byteCount
    self.outcome = outcome
  }

  /// Whether the file failed, wholly or in part, and is read again on every run.
  public var isTriedAgain: Bool { outcome == .failed || outcome == .salvaged }

  /// Whether the file was looked into and is no log.
  public var isNoLog: Bool { outcome == .noRecord || outcome == .otherFileType }

  /// Whether it was read whole when nobody kept the hash of its text.
  public var lacksContentHash: Bool {
    contentHash == nil && (outcome == .read || outcome == .trailingData)
  }

  /// Whether the file is to be read again even if it did not change.
  ///
  /// `end`: The first event time no longer taken, in seconds since 1970; nil to take all.
  public func isReadAgain(selectingTo end: Int64?) -> Bool {
    if isTriedAgain { return true }
    return firstPostponedTime.map { time in end.map { time.seconds < $0 } ?? true } ?? false
  }

  /// Appends the line of the ledger, without its end.
  func append(to output: inout ByteBuffer) {
    var line = JSONObjectWriter()
    line.add("path", bytes: path.bytes)
    line.add("bytes", byteCount)
    if let hash { line.add("sha256", hash) }
    if let contentHash { line.add("inflatedSHA256", contentHash) }
    line.add("records", recordCount)
    if filteredCount > 0 { line.add("filtered", filteredCount) }
    if let firstTime { line.add("first", firstTime.text) }
    if let lastTime { line.add("last", lastTime.text) }
    if let firstPostponedTime { line.add("postponed", firstPostponedTime.text) }
    line.add("outcome", outcome.rawValue)
    if let reason { line.add("reason", reason) }
    if let offset { line.add("offset", offset) }
    if let account { line.add("account", bytes: account.encoded) }
    if let region { line.add("region", bytes: region.encoded) }
    line.finish(to: &output)
  }

  init?(json: Span<UInt8>) {
    guard let line = try? JSONObject(json), let path = line.bytes("path"),
      let byteCount = line.integer("bytes"), byteCount >= 0,
      let outcome = line.string("outcome").flatMap({ Outcome(rawValue: $0) })
    else { return nil }
    self.init(path: Path(bytes: path), byteCount: byteCount, outcome: outcome)
    modified = line.integer("mtime").map { Int64($0) }
    hash = line.sha256("sha256")
    contentHash = line.sha256("inflatedSHA256")
    recordCount = line.integer("records") ?? 0
    filteredCount = line.integer("filtered") ?? 0
    guard 0...LedgerEntry.recordLimit ~= recordCount, 0...LedgerEntry.recordLimit ~= filteredCount
    else { return nil }
    firstTime = line.bytes("first").flatMap { EventTime($0.span) }
    lastTime = line.bytes("last").flatMap { EventTime($0.span) }
    firstPostponedTime = line.bytes("postponed").flatMap { EventTime($0.span) }
    reason = line.string("reason")
    offset = line.integer("offset")
    account = line.bytes("account").map { PartitionValue(alreadyEncoded: $0) }
    region = line.bytes("region").map { PartitionValue(alreadyEncoded: $0) }
  }

  /// More records than any file has, and so few that those of all files are a number.
  private static let recordLimit = 1 << 36
}
