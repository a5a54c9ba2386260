import Bytes
import CloudTrail

/// What is wrong with a digest file's document.
struct DigestFormatError: Error {
  let reason: String
}

/// One digest file: what CloudTrail says it delivered in an hour.
///
/// The fields are those of the CloudTrail User Guide, "CloudTrail digest file structure"; the guide
/// calls the key's fingerprint `publicKeyFingerprint`, real files `digestPublicKeyFingerprint`.
struct Digest: Sendable {
  /// What a digest says of the one before it.
  struct Link: Sendable {
    var object: ObjectKey
    var hash: SHA256Digest
    /// Hexadecimal.
    var signature: [UInt8]
  }

  /// A log file and the hash it had when it was delivered.
  struct ListedLog: Sendable {
    var object: ObjectKey
    var hash: SHA256Digest
  }

  /// Where the document says that it belongs.
  var object: ObjectKey
  /// Delivery times, not those of events: from `start` up to `end`.
  var start: EventTime
  var end: EventTime
  var fingerprint: String
  /// Nil in a starting digest.
  var previous: Link?
  var logs: [ListedLog]
  /// Of the inflated document.
  var content: FileContent
  /// `end` as the document has it: part of what is signed.
  private var endText: [UInt8]
  /// In hexadecimal, the signature of the digest before it; nil for null.
  private var previousSignature: [UInt8]?

  /// The text that CloudTrail signed (the User Guide, "Custom implementations of CloudTrail log file
  /// integrity validation").
  ///
  /// Put together each time: all digests are in memory at once.
  var signedText: [UInt8] {
    let parts = [
      endText, object.bucket + [ASCII.slash] + object.key, Array(content.hash.hex.utf8),
      previousSignature ?? Array("null".utf8),
    ]
    return Array(parts.joined(separator: [ASCII.lineFeed]))
  }
}

extension Digest {
  /// More than any digest can hold: an hour with 200,000 log files has one of about 100 MB.
  private static let maxByteCount = 512 << 20

  /// Reads a digest file.
  ///
  /// - Throws: `FileError`, `GzipError`, `JSONSyntaxError`, `DigestFormatError`.
  init(readingFileAt path: Path) throws {
    var document = ByteBuffer(capacity: 64 << 10)
    let hasTrailingData = try inflate(path) { piece in
      guard document.count + piece.count <= Digest.maxByteCount else {
        throw DigestFormatError(reason: "over \(Digest.maxByteCount >> 20) MiB")
      }
      document.append(piece)
    }
    try self.init(document: document.bytes, hasTrailingData: hasTrailingData)
  }

  /// Reads a digest's inflated document.
  init(document: Span<UInt8>, hasTrailingData: Bool) throws {
    let json = try JSONObject(document)
    content = FileContent(hash: SHA256Digest(of: document), hasTrailingData: hasTrailingData)
    object = try ObjectKey(
      bucket: json.text("digestS3Bucket"), key: json.text("digestS3Object"))
    start = try json.time("digestStartTime")
    end = try json.time("digestEndTime")
    let fingerprint = try json.text("digestPublicKeyFingerprint")
    self.fingerprint = fingerprint.span.text()
    try json.require("digestSignatureAlgorithm", "SHA256withRSA")
    previous = try Link(json)
    guard let listed = json.array("logFiles") else {
      throw DigestFormatError(reason: "no logFiles")
    }
    logs = try listed.map { try ListedLog(JSONObject($0.span)) }
    endText = try json.text("digestEndTime")
    // The bytes of the link's, where there is one.
    previousSignature = previous?.signature ?? json.bytes("previousDigestSignature")
  }
}

extension Digest.Link {
  fileprivate init?(_ json: JSONObject) throws {
    guard json.raw("previousDigestS3Object") != nil else { return nil }
    object = try ObjectKey(
      bucket: json.text("previousDigestS3Bucket"), key: json.text("previousDigestS3Object"))
    try json.require("previousDigestHashAlgorithm", "SHA-256")
    hash = try json.hash("previousDigestHashValue")
    signature = try json.text("previousDigestSignature")
  }
}

extension Digest.ListedLog {
  fileprivate init(_ json: JSONObject) throws {
    object = try ObjectKey(bucket: json.text("s3Bucket"), key: json.text("s3Object"))
    try json.require("hashAlgorithm", "SHA-256")
    hash = try json.hash("hashValue")
  }
}

extension JSONObject {
  fileprivate func text(_ key: String) throws -> [UInt8] {
    guard let text = bytes(key) else { throw DigestFormatError(reason: "no \(key)") }
    return text
  }

  fileprivate func time(_ key: String) throws -> EventTime {
    let text = try text(key)
    guard let time = EventTime(text.span) else {
      throw DigestFormatError(reason: "\(key) is not a time")
    }
    return time
  }

  fileprivate func hash(_ key: String) throws -> SHA256Digest {
    let text = try text(key)
    guard let hash = SHA256Digest(hex: text.span) else {
      throw DigestFormatError(reason: "\(key) is not a SHA-256 hash")
    }
    return hash
  }

  fileprivate func require(_ key: String, _ expected: String) throws {
    guard string(key) == expected else {
      throw DigestFormatError(reason: "\(key) is not \(expected)")
    }
  }
}
