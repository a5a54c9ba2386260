public import Bytes
public import CloudTrail

/// What is known of one digest file: what it says, not what to think of it.
///
/// A function of the file and of the key and signature files: verdicts are made of all facts together
/// when somebody asks for them.
public struct DigestFacts: Sendable, Equatable {
  /// What a digest says of the one before it.
  public struct Link: Sendable, Equatable {
    public var object: ObjectKey
    public var hash: SHA256Digest
    /// Hexadecimal.
    public var signature: [UInt8]

    public init(object: ObjectKey, hash: SHA256Digest, signature: [UInt8]) {
      (self.object, self.hash, self.signature) = (object, hash, signature)
    }
  }

  /// A log file and the hash that its text had when it was delivered.
  public struct ListedLog: Sendable, Equatable {
    public var object: ObjectKey
    public var hash: SHA256Digest

    public init(object: ObjectKey, hash: SHA256Digest) {
      (self.object, self.hash) = (object, hash)
    }
  }

  /// What a digest's document says.
  public struct Document: Sendable, Equatable {
    /// The hash of the inflated document.
    public var hash: SHA256Digest
    /// Whether anything follows the gzip member.
    public var hasTrailingData = false
    /// Where it belongs.
    public var object: ObjectKey
    /// Delivery times, not those of events: from `start` up to `end`.
    public var start: EventTime
    public var end: EventTime
    /// `end` as the document has it: part of what is signed.
    public var endText: [UInt8]
    public var fingerprint: String
    /// Nil in a starting digest.
    public var previous: Link?
    /// In hexadecimal, the signature of the digest before it; nil for null.
    public var previousSignature: [UInt8]?
    public var logs: [ListedLog] = []

    public init(
      hash: SHA256Digest, object: ObjectKey, start: EventTime, end: EventTime, endText: [UInt8],
      fingerprint: String
    ) {
      (self.hash, self.object, self.start, self.end) = (hash, object, start, end)
      (self.endText, self.fingerprint) = (endText, fingerprint)
    }
  }

  /// What the user has saved of the metadata of the digest's object.
  public enum SavedSignature: Sendable, Equatable {
    /// Hexadecimal.
    case text([UInt8])
    /// The metadata holds no signature.
    case none
  }

  /// What reports call it: the name of its input and the path below that.
  public var path: Path
  /// Nil if it could not be read; `failure` says why.
  public var document: Document?
  public var failure: String?
  public var signature: SavedSignature?
  /// The fingerprint of the key that the saved signature was verified with.
  public var verifiedBy: String?
  /// The fingerprint of the key that its signature of the digest before it was verified with.
  public var previousVerifiedBy: String?

  public init(path: Path, document: Document) {
    (self.path, self.document) = (path, document)
  }

  public init(path: Path, failure: String) {
    (self.path, self.failure) = (path, failure)
  }

  /// Where what is known of it is kept.
  public var slot: DeliverySlot { DigestFacts.slot(of: path) }

  /// Where what is known of the digest at a path is kept.
  public static func slot(of path: Path) -> DeliverySlot {
    DeliverySlot(day: TrailKey(path).delivery, source: path)
  }
}

// MARK: - On disk

extension DigestFacts {
  /// One line, without its end.
  public func json() -> [UInt8] {
    var line = JSONObjectWriter()
    line.add("path", bytes: path.bytes)
    if let document { document.add(to: &line) }
    if let failure { line.add("failure", failure) }
    switch signature {
    case .text(let text)?: line.add("signature", bytes: text)
    case DigestFacts.SavedSignature.none?: line.add("unsigned", true)
    case nil: break
    }
    if let verifiedBy { line.add("verifiedBy", verifiedBy) }
    if let previousVerifiedBy { line.add("previousVerifiedBy", previousVerifiedBy) }
    return line.finish()
  }

  /// Reads what `json` gives; nil for anything else.
  public init?(json: Span<UInt8>) {
    guard let line = try? JSONObject(json), let path = line.bytes("path") else { return nil }
    if let failure = line.string("failure") {
      self.init(path: Path(bytes: path), failure: failure)
    } else {
      guard let document = Document(line) else { return nil }
      self.init(path: Path(bytes: path), document: document)
    }
    signature = line.bytes("signature").map { .text($0) }
    if line.boolean("unsigned") == true { signature = DigestFacts.SavedSignature.none }
    verifiedBy = line.string("verifiedBy")
    previousVerifiedBy = line.string("previousVerifiedBy")
  }
}

extension DigestFacts.Document {
  fileprivate func add(to line: inout JSONObjectWriter) {
    line.add("sha256", hash.hex)
    if hasTrailingData { line.add("trailingData", true) }
    line.add("object", bytes: object.address)
    line.add("start", start.text)
    line.add("end", end.text)
    if endText != Array(end.text.utf8) { line.add("endText", bytes: endText) }
    line.add("fingerprint", fingerprint)
    if let previous {
      line.add("previous", bytes: previous.object.address)
      line.add("previousHash", previous.hash.hex)
    }
    if let previousSignature { line.add("previousSignature", bytes: previousSignature) }
    line.add(
      "logs",
      array: logs.map { log in
        var item = JSONObjectWriter()
        item.add("object", bytes: log.object.address)
        item.add("sha256", log.hash.hex)
        return item.finish()
      })
  }

  fileprivate init?(_ line: JSONObject) {
    guard let hash = line.sha256("sha256"),
      let object = line.bytes("object").flatMap({ ObjectKey(address: $0) }),
      let start = line.bytes("start").flatMap({ EventTime($0.span) }),
      let endBytes = line.bytes("end"), let end = EventTime(endBytes.span),
      let fingerprint = line.string("fingerprint")
    else { return nil }
    self.init(
      hash: hash, object: object, start: start, end: end,
      endText: line.bytes("endText") ?? endBytes, fingerprint: fingerprint)
    hasTrailingData = line.boolean("trailingData") ?? false
    previousSignature = line.bytes("previousSignature")
    if let address = line.bytes("previous") {
      guard let object = ObjectKey(address: address),
        let hash = line.sha256("previousHash"),
        let previousSignature
      else { return nil }
      previous = .init(object: object, hash: hash, signature: previousSignature)
    }
    guard let logs = DigestFacts.ListedLog.list(line) else { return nil }
    self.logs = logs
  }
}

extension DigestFacts.ListedLog {
  private struct Damaged: Error {}

  /// The logs of a digest; nil for anything else.
  fileprivate static func list(_ line: JSONObject) -> [DigestFacts.ListedLog]? {
    var logs: [DigestFacts.ListedLog] = []
    let isList = try? line.forEachElement(of: "logs") { item in
      let item = try JSONObject(item)
      guard var object = item.bytes("object").flatMap({ ObjectKey(address: $0) }),
        let hash = item.sha256("sha256")
      else { throw Damaged() }
      // Most are in one bucket, whose name needs no memory of its own for each.
      if let last = logs.last?.object.bucket, last == object.bucket { object.bucket = last }
      logs.append(DigestFacts.ListedLog(object: object, hash: hash))
    }
    return isList == true ? logs : nil
  }
}

extension ObjectKey {
  /// Reads what `address` gives; nil for anything else.
  ///
  /// The first slash ends the bucket: no bucket's name has one, and a digest that says so is not
  /// CloudTrail's.
  fileprivate init?(address: [UInt8]) {
    let start = "s3://".utf8
    guard address.starts(with: start) else { return nil }
    let rest = address.dropFirst(start.count)
    guard let slash = rest.firstIndex(of: ASCII.slash) else { return nil }
    self.init(bucket: Array(rest[..<slash]), key: Array(rest[(slash + 1)...]))
  }
}
