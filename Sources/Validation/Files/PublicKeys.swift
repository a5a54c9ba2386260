public import Bytes
import CloudTrail
import Foundation
import _CryptoExtras

/// A file of keys or signatures that is not what it should be.
public struct ValidationFileError: Error, CustomStringConvertible {
  let path: Path
  let reason: String

  public var description: String { "\(printable(path)): \(printable(reason))" }

  /// Bytes of the largest file that is read: the metadata of a day's digests of 300 accounts in all
  /// regions are about 100 MB.
  private static let maxByteCount = 256 << 20

  /// The text of such a file in UTF-8, whatever system wrote it.
  ///
  /// - Throws: `FileError`, `ValidationFileError`.
  static func text(of file: Path) throws -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try FileSystem.contents(of: file, limit: maxByteCount)
    } catch {
      guard error.isTooLarge else { throw error }
      throw ValidationFileError(
        path: file,
        reason: "over \(maxByteCount >> 20) MiB: too large for a file of keys or signatures")
    }
    do throws(UserTextError) {
      return try UserText.utf8(bytes, decodesUTF16: true)
    } catch {
      throw ValidationFileError(path: file, reason: error.description)
    }
  }
}

/// The public keys with which CloudTrail signs, as `aws cloudtrail list-public-keys` prints them.
public struct PublicKeys: Sendable {
  /// One key and when CloudTrail signs with it.
  fileprivate struct Entry: Sendable {
    /// Base64, as it was given.
    var value: String
    /// Nil when it could not be read as a key.
    var key: _RSA.Signing.PublicKey?
    /// As they were given.
    var startText: String?
    var endText: String?
    var start: EventTime?
    var end: EventTime?
  }

  /// How AWS computes fingerprints is not documented: they are compared as they are.
  private var entries: [String: [Entry]] = [:]
  /// What is wrong with single keys; the others count.
  public private(set) var problems: [String] = []

  public var isEmpty: Bool { entries.isEmpty }

  /// Reads files of keys; keys are per region, so that there may be several, or several lists in one.
  ///
  /// - Throws: `FileError`, `ValidationFileError`.
  public init(files: [Path]) throws {
    for file in files { try add(ValidationFileError.text(of: file), file) }
    if entries.isEmpty, let file = files.first { throw PublicKeys.notKeys(file) }
  }

  /// Reads what `json` gives.
  ///
  /// - Throws: `ValidationFileError`.
  public init(json: [UInt8], path: Path) throws { try add(json, path) }

  private static func notKeys(_ file: Path) -> ValidationFileError {
    ValidationFileError(
      path: file, reason: "expected the output of aws cloudtrail list-public-keys, with keys")
  }

  private mutating func add(_ bytes: [UInt8], _ file: Path) throws {
    do {
      var isEmpty = true
      try JSONDocuments.forEach(bytes) { document in
        isEmpty = false
        guard let list = try JSONObject(document).array("PublicKeyList") else {
          throw PublicKeys.notKeys(file)
        }
        add(list, file)
      }
      if isEmpty { throw PublicKeys.notKeys(file) }
    } catch is JSONSyntaxError {
      throw PublicKeys.notKeys(file)
    }
  }

  private mutating func add(_ list: [[UInt8]], _ file: Path) {
    for (number, element) in list.enumerated() {
      guard let json = try? JSONObject(element.span), let fingerprint = json.string("Fingerprint"),
        let value = json.string("Value")
      else {
        problems.append("\(printable(file)): key \(number + 1) has no Fingerprint or no Value")
        continue
      }
      let (startText, endText) = (
        PublicKeys.time(json, "ValidityStartTime"), PublicKeys.time(json, "ValidityEndTime")
      )
      let entry = Entry(
        value: value, key: PublicKeys.key(base64: value), startText: startText, endText: endText,
        start: startText.flatMap { PublicKeys.time($0) },
        end: endText.flatMap { PublicKeys.time($0) })
      if entry.key == nil {
        problems.append(
          "\(printable(file)): the key with fingerprint \(printable(fingerprint)) cannot be loaded")
      }
      add(entry, fingerprint)
    }
  }

  private mutating func add(_ entry: Entry, _ fingerprint: String) {
    let isKnown = entries[fingerprint, default: []].contains {
      ($0.value, $0.startText, $0.endText) == (entry.value, entry.startText, entry.endText)
    }
    if !isKnown { entries[fingerprint, default: []].append(entry) }
  }

  /// Adds the keys of another list.
  public mutating func add(_ other: PublicKeys) {
    for (fingerprint, some) in other.entries {
      for entry in some { add(entry, fingerprint) }
    }
  }

  /// The keys as `aws cloudtrail list-public-keys` prints them, in an order of their own.
  public func json() -> [UInt8] {
    let lines = entries.flatMap { fingerprint, some in
      some.map { entry in
        var json = JSONObjectWriter()
        json.add("Fingerprint", fingerprint)
        json.add("Value", entry.value)
        if let start = entry.startText { json.add("ValidityStartTime", start) }
        if let end = entry.endText { json.add("ValidityEndTime", end) }
        return json.finish()
      }
    }
    var list = JSONObjectWriter()
    list.add(
      "PublicKeyList", array: lines.sorted { $0.lexicographicallyPrecedes($1) })
    return list.finish() + [ASCII.lineFeed]
  }

  /// A PKCS #1 `RSAPublicKey`, as AWS gives it, or a SubjectPublicKeyInfo, as the User Guide's
  /// sample shows; DER in base64 both.
  private static func key(base64: String) -> _RSA.Signing.PublicKey? {
    guard let der = Data(base64Encoded: base64, options: .ignoreUnknownCharacters) else {
      return nil
    }
    return try? _RSA.Signing.PublicKey(derRepresentation: der)
  }

  /// A time as a date (AWS CLI 2) or as seconds since 1970, in quotes or not (AWS CLI 1).
  private static func time(_ json: JSONObject, _ name: String) -> String? {
    json.string(name) ?? json.raw(name).map { $0.span.text() }
  }

  private static func time(_ text: String) -> EventTime? {
    if let time = EventTime(text.utf8.span) { return time }
    guard let seconds = Double(text), abs(seconds) < 1e11 else { return nil }
    return EventTime(seconds: Int64(seconds))
  }
}

extension PublicKeys {
  /// The keys that may have signed a digest.
  enum Search {
    case found([_RSA.Signing.PublicKey])
    /// There is none; the text says why.
    case missing(String)
  }

  /// Looks for the key that a digest names.
  func find(_ digest: DigestCase.Content, isBackfill: Bool) -> Search {
    let fingerprint = digest.fingerprint
    guard let named = entries[fingerprint] else {
      return .missing("public key not found for fingerprint \(fingerprint)")
    }
    let timely = named.filter { $0.covers(digest, isBackfill: isBackfill) }
    if timely.isEmpty {
      return .missing("public key with fingerprint \(fingerprint) is not valid at that time")
    }
    let keys = timely.compactMap(\.key)
    return keys.isEmpty
      ? .missing("unable to load the key with fingerprint \(fingerprint)") : .found(keys)
  }

  /// Checks a signature: RSA, PKCS #1 v1.5, SHA-256.
  ///
  /// It is hexadecimal, as S3 keeps it in the object's metadata.
  static func verifies(
    _ signature: [UInt8], of text: [UInt8], with keys: [_RSA.Signing.PublicKey]
  ) -> Bool {
    guard let signature = bytes(hex: signature) else { return false }
    return keys.contains { key in
      key.isValidSignature(
        _RSA.Signing.RSASignature(rawRepresentation: signature), for: text,
        padding: .insecurePKCS1v1_5)
    }
  }

  private static func bytes(hex: [UInt8]) -> [UInt8]? {
    guard hex.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hex.count / 2)
    for start in stride(from: 0, to: hex.count, by: 2) {
      guard let high = hexValue(hex[start]), let low = hexValue(hex[start + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}

extension PublicKeys.Entry {
  /// A day's leeway: digests are signed some time after they end.
  private static let leeway: Int64 = 86_400

  /// Whether CloudTrail can have signed the digest with this key.
  ///
  /// A backfill digest is made any time after the hour that it is about.
  fileprivate func covers(_ digest: DigestCase.Content, isBackfill: Bool) -> Bool {
    if let end, end.seconds + Self.leeway < digest.start.seconds { return false }
    if let start, !isBackfill, start.seconds - Self.leeway > digest.end.seconds { return false }
    return true
  }
}
