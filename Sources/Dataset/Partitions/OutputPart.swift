public import Bytes
public import CloudTrail

/// One file of an output, as the manifest names it.
public struct OutputPart: Sendable, Equatable {
  /// The file's name, `part-00000.ndjson`.
  public var name: String
  /// Bytes as stored.
  public var byteCount: Int
  public var recordCount: Int
  /// The hash of the bytes as stored.
  public var hash: SHA256Digest
  public var firstTime: EventTime
  public var lastTime: EventTime

  /// What the file holds, as stored.
  public var fileHash: FileHash { FileHash(byteCount: byteCount, sha256: hash) }

  /// What is wrong with a file of some other length; nil for one of the right length.
  public func problem(ofSize found: Int) -> String? {
    found == byteCount ? nil : "has \(found) bytes, not the \(byteCount) that were committed"
  }

  public init(
    name: String, byteCount: Int, recordCount: Int, hash: SHA256Digest, firstTime: EventTime,
    lastTime: EventTime
  ) {
    self.name = name
    self.byteCount = byteCount
    self.recordCount = recordCount
    self.hash = hash
    self.firstTime = firstTime
    self.lastTime = lastTime
  }
}
