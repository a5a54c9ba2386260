public import Bytes
public import CloudTrail
public import Dataset

/// Signatures that the user has saved from the metadata of digest objects.
///
/// The file is one JSON object with a member for each digest, or several, one after the other. A
/// member's name is the object's key, or `s3://bucket/key`. Its value is the signature in hexadecimal,
/// or what `aws s3api head-object` prints:
///
/// ```json
/// {"AWSLogs/…T150131Z.json.gz": "50887ccf…",
///  "AWSLogs/…T160131Z.json.gz": {"Metadata": {"signature": "9c3e01aa…"}}}
/// ```
///
/// Metadata without a signature says that the object has none.
public struct Signatures: Sendable {
  private var byObject: [[UInt8]: DigestFacts.SavedSignature] = [:]
  /// What is wrong with single entries; the others count.
  public private(set) var problems: [String] = []

  public init() {}

  /// - Throws: `FileError`, `ValidationFileError`.
  public init(file: Path) throws {
    let bytes = try ValidationFileError.text(of: file)
    do {
      var isEmpty = true
      try JSONDocuments.forEach(bytes) { document in
        isEmpty = false
        try add(JSONObject(document), file)
      }
      if isEmpty { throw JSONSyntaxError.unexpected(offset: 0, expected: .value) }
    } catch let error as JSONSyntaxError {
      throw ValidationFileError(
        path: file, reason: "not JSON objects of signatures: at byte \(error.offset)")
    }
  }

  private mutating func add(_ json: JSONObject, _ file: Path) {
    for key in json.keys {
      if let signature = json.bytes(key) ?? json.object(key)?.object("Metadata")?.bytes("signature")
      {
        byObject[Array(key.utf8)] = .text(signature)
      } else if json.object(key)?.object("Metadata") != nil {
        byObject[Array(key.utf8)] = DigestFacts.SavedSignature.none
      } else {
        problems.append("\(printable(file)): \(printable(key)): neither a signature nor metadata")
      }
    }
  }

  public var isEmpty: Bool { byObject.isEmpty }

  /// What was saved of a digest.
  public func signature(of object: ObjectKey) -> DigestFacts.SavedSignature? {
    if byObject.isEmpty { return nil }
    return byObject[object.key] ?? byObject[object.address]
  }
}
