public import Bytes

/// Signatures that the user has saved from the metadata of digest objects.
///
/// The file is one JSON object with a member for each digest. Its name is the object's key, or
/// `s3://bucket/key`. Its value is the signature in hexadecimal, or what `aws s3api head-object`
/// prints:
///
/// ```json
/// {"AWSLogs/…T150131Z.json.gz": "50887ccf…",
///  "AWSLogs/…T160131Z.json.gz": {"Metadata": {"signature": "9c3e01aa…"}}}
/// ```
public struct Signatures: Sendable {
  private var byObject: [[UInt8]: [UInt8]] = [:]

  public init() {}

  /// - Throws: `FileError`, `ValidationFileError`.
  public init(file: Path) throws {
    let bytes = try ValidationFileError.text(of: file)
    guard let json = try? JSONObject(bytes.span) else {
      throw ValidationFileError(path: file, reason: "not a JSON object")
    }
    for key in json.keys {
      let metadata = json.object(key)?.object("Metadata")
      guard let signature = json.bytes(key) ?? metadata?.bytes("signature") else {
        throw ValidationFileError(path: file, reason: "\(key): no signature")
      }
      byObject[Array(key.utf8)] = signature
    }
  }

  /// In hexadecimal.
  func signature(of object: ObjectKey) -> [UInt8]? {
    byObject[object.key]
      ?? byObject[Array("s3://".utf8) + object.bucket + [ASCII.slash] + object.key]
  }
}
