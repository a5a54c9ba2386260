import Bytes
import CloudTrail
import Dataset
import Synchronization

/// What is wrong with a digest file's document.
struct DigestFormatError: Error {
  let reason: String
}

extension DigestFacts {
  /// Reads a digest file; one that cannot be read gets the reason instead.
  ///
  /// Nil if there is no room for it.
  ///
  /// - Parameters:
  ///   - file: Where it is.
  ///   - path: What reports call it.
  ///   - room: What the texts of all that are read at once may have.
  init?(readingFileAt file: Path, path: Path, sharing room: TextRoom) {
    switch Result(catching: { try Document.read(file, room) }) {
    case .success(let document): self.init(path: path, document: document)
    case .failure(is TextRoom.Exhausted): return nil
    case .failure(let error): self.init(path: path, failure: reason(for: error))
    }
  }
}

/// Memory for the texts of digests that are read at once: a small file may hold a long one.
final class TextRoom: Sendable {
  /// Others have taken too much.
  struct Exhausted: Error {}

  private let rest: Atomic<Int>

  /// - Parameter byteCount: How long they may be together.
  init(_ byteCount: Int) {
    rest = Atomic(byteCount)
  }

  /// Takes some of it.
  ///
  /// - Throws: `Exhausted`.
  func take(_ byteCount: Int) throws(Exhausted) {
    let rest = rest.subtract(byteCount, ordering: .relaxed).newValue
    if rest < 0 { throw Exhausted() }
  }
}

extension DigestFacts.Document {
  /// More than a digest needs: about 16,000 log files, which an account would deliver to a region in one
  /// hour.
  ///
  /// It does not depend on the memory, so that verdicts do not.
  static let maxByteCount = 8 << 20

  /// Reads a digest file.
  ///
  /// The fields are those of the CloudTrail User Guide, "CloudTrail digest file structure"; the guide
  /// calls the key's fingerprint `publicKeyFingerprint`, real files `digestPublicKeyFingerprint`.
  ///
  /// - Throws: `FileError`, `GzipError`, `JSONSyntaxError`, `DigestFormatError`, `TextRoom.Exhausted`.
  static func read(_ path: Path, _ room: TextRoom) throws -> DigestFacts.Document {
    var document = ByteBuffer(capacity: 64 << 10)
    let hasTrailingData = try inflate(path) { piece in
      guard document.count + piece.count <= Self.maxByteCount else {
        throw DigestFormatError(
          reason: "its text is over \(Self.maxByteCount >> 20) MiB, too long for a digest")
      }
      try room.take(piece.count)
      document.append(piece)
    }
    var parsed = try parse(document.bytes)
    parsed.hasTrailingData = hasTrailingData
    return parsed
  }

  /// Reads a digest's inflated document.
  private static func parse(_ document: Span<UInt8>) throws -> DigestFacts.Document {
    let json = try JSONObject(document)
    let object = ObjectKey(
      bucket: try json.text("digestS3Bucket"), key: try json.text("digestS3Object"))
    let (start, end) = (try json.time("digestStartTime"), try json.time("digestEndTime"))
    let endText = try json.text("digestEndTime")
    let fingerprint = try json.text("digestPublicKeyFingerprint")
    try json.require("digestSignatureAlgorithm", "SHA256withRSA")
    let previous = try link(json)
    var parsed = DigestFacts.Document(
      hash: SHA256Digest(of: document), object: object, start: start, end: end, endText: endText,
      fingerprint: fingerprint.span.text())
    parsed.previous = previous
    parsed.previousSignature = previous?.signature ?? json.bytes("previousDigestSignature")
    parsed.logs = try logs(json)
    return parsed
  }

  private static func link(_ json: JSONObject) throws -> DigestFacts.Link? {
    guard json.raw("previousDigestS3Object") != nil else { return nil }
    let object = ObjectKey(
      bucket: try json.text("previousDigestS3Bucket"),
      key: try json.text("previousDigestS3Object"))
    try json.require("previousDigestHashAlgorithm", "SHA-256")
    let hash = try json.hash("previousDigestHashValue")
    return DigestFacts.Link(
      object: object, hash: hash, signature: try json.text("previousDigestSignature"))
  }

  private static func logs(_ json: JSONObject) throws -> [DigestFacts.ListedLog] {
    // Null is no log file, as the AWS CLI has it.
    guard json.has("logFiles") else {
      throw DigestFormatError(reason: "no logFiles")
    }
    if json.raw("logFiles") == nil { return [] }
    var logs: [DigestFacts.ListedLog] = []
    let isList = try json.forEachElement(of: "logFiles") { item in
      let json = try JSONObject(item)
      var bucket = try json.text("s3Bucket")
      // Most are in one bucket, whose name needs no memory of its own for each.
      if let last = logs.last?.object.bucket, last == bucket { bucket = last }
      try json.require("hashAlgorithm", "SHA-256")
      logs.append(
        DigestFacts.ListedLog(
          object: ObjectKey(bucket: bucket, key: try json.text("s3Object")),
          hash: try json.hash("hashValue")))
    }
    if !isList { throw DigestFormatError(reason: "logFiles is no list") }
    return logs
  }

  /// The text that CloudTrail signed (the User Guide, "Custom implementations of CloudTrail log file
  /// integrity validation").
  static func signedText(
    end: [UInt8], object: ObjectKey, hash: SHA256Digest, previousSignature: [UInt8]?
  ) -> [UInt8] {
    let parts = [
      end, object.bucket + [ASCII.slash] + object.key, Array(hash.hex.utf8),
      previousSignature ?? Array("null".utf8),
    ]
    return Array(parts.joined(separator: [ASCII.lineFeed]))
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
