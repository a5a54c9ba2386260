import Bytes

/// The digest files of one account, region and trail, each naming and signing for the one before it.
///
/// Names, fields and the signed text are those of the CloudTrail user guide, "CloudTrail digest file
/// structure".
struct DigestChain {
  /// Files delivered too late for their hour are listed by digests in a chain of their own.
  struct ID: Hashable {
    let place: Int
    let trail: Trail
    let isBackfill: Bool
  }

  /// A log file that a digest lists.
  struct LogEntry {
    let path: String
    let delivered: UTCTime
    /// Of the document, not of the gzip file.
    let hash: SHA256Digest
    let oldest: UTCTime
    let newest: UTCTime
  }

  /// A digest file ready to be stored.
  struct Digest {
    let path: String
    let document: [UInt8]
    /// Hexadecimal, as S3 keeps it in the object's metadata.
    let signature: String
  }

  static let bucket = "example-trail-logs"

  let id: ID
  let account: String
  let region: String
  let options: SampleTrailOptions
  let key: SigningKey
  private(set) var newest: Digest?

  init(
    id: ID, account: String, region: String, options: SampleTrailOptions, key: SigningKey
  ) {
    self.id = id
    self.account = account
    self.region = region
    self.options = options
    self.key = key
  }

  /// Makes the digest for `entries`, delivered from `start` up to `end`, and links it to the newest.
  mutating func append(
    _ entries: [LogEntry], from start: UTCTime, to end: UTCTime
  ) throws -> Digest {
    let path = id.trail.digestFile(
      account: account, region: region, end: end, isBackfill: id.isBackfill, options)
    var json = JSONWriter()
    json.object { digest in
      digest.field("awsAccountId", account)
      digest.field("digestStartTime", start.timestamp)
      digest.field("digestEndTime", end.timestamp)
      digest.field("digestS3Bucket", Self.bucket)
      digest.field("digestS3Object", path)
      digest.field("digestPublicKeyFingerprint", SigningKey.fingerprint)
      digest.field("digestSignatureAlgorithm", "SHA256withRSA")
      digest.span("EventTime", of: entries)
      digest.link(to: newest)
      digest.array("logFiles") { list in
        for entry in entries { list.logFile(entry) }
      }
    }
    let text = [
      end.timestamp, "\(Self.bucket)/\(path)", SHA256Digest(of: json.bytes.span).hex,
      newest?.signature ?? "null",
    ].joined(separator: "\n")
    let digest = Digest(path: path, document: json.bytes, signature: try key.sign(text))
    newest = digest
    return digest
  }
}

extension JSONWriter {
  /// `newestEventTime` and `oldestEventTime`, null where there is nothing.
  fileprivate mutating func span(_ name: String, of entries: [DigestChain.LogEntry]) {
    if let newest = entries.map(\.newest).max(), let oldest = entries.map(\.oldest).min() {
      field("newest\(name)", newest.timestamp)
      field("oldest\(name)", oldest.timestamp)
    } else {
      null("newest\(name)")
      null("oldest\(name)")
    }
  }

  /// The five fields about the digest before this one; all null in the first.
  fileprivate mutating func link(to previous: DigestChain.Digest?) {
    guard let previous else {
      for name in ["S3Bucket", "S3Object", "HashValue", "HashAlgorithm", "Signature"] {
        null("previousDigest\(name)")
      }
      return
    }
    field("previousDigestS3Bucket", DigestChain.bucket)
    field("previousDigestS3Object", previous.path)
    field("previousDigestHashValue", SHA256Digest(of: previous.document.span).hex)
    field("previousDigestHashAlgorithm", "SHA-256")
    field("previousDigestSignature", previous.signature)
  }

  fileprivate mutating func logFile(_ entry: DigestChain.LogEntry) {
    object { file in
      file.field("s3Bucket", DigestChain.bucket)
      file.field("s3Object", entry.path)
      file.field("hashValue", entry.hash.hex)
      file.field("hashAlgorithm", "SHA-256")
      file.field("newestEventTime", entry.newest.timestamp)
      file.field("oldestEventTime", entry.oldest.timestamp)
    }
  }
}
