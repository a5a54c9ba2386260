public import Bytes
import CloudTrail
import Foundation
import _CryptoExtras

/// A file of keys or signatures that is not what it should be.
public struct ValidationFileError: Error, CustomStringConvertible {
  let path: Path
  let reason: String

  public var description: String { "\(printable(path)): \(printable(reason))" }

  /// The text of such a file in UTF-8, whatever system wrote it.
  ///
  /// - Throws: `FileError`, `ValidationFileError`.
  static func text(of file: Path) throws -> [UInt8] {
    let bytes = try FileSystem.contents(of: file)
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
    /// Nil when it could not be read as a key.
    var key: _RSA.Signing.PublicKey?
    var start: EventTime?
    var end: EventTime?
  }

  /// How AWS computes fingerprints is not documented: they are compared as they are.
  private var entries: [String: [Entry]] = [:]

  /// Reads files of keys; keys are per region, so that there may be several.
  ///
  /// - Throws: `FileError`, `ValidationFileError`.
  public init(files: [Path]) throws {
    for file in files { try add(file) }
  }

  private mutating func add(_ file: Path) throws {
    let bytes = try ValidationFileError.text(of: file)
    guard let list = try? JSONObject(bytes.span).array("PublicKeyList"), !list.isEmpty else {
      throw ValidationFileError(
        path: file, reason: "expected the output of aws cloudtrail list-public-keys, with keys")
    }
    for element in list {
      guard let json = try? JSONObject(element.span), let fingerprint = json.string("Fingerprint"),
        let value = json.string("Value")
      else {
        throw ValidationFileError(path: file, reason: "a key has no Fingerprint or no Value")
      }
      let entry = Entry(
        key: PublicKeys.key(base64: value), start: PublicKeys.time(json, "ValidityStartTime"),
        end: PublicKeys.time(json, "ValidityEndTime"))
      entries[fingerprint, default: []].append(entry)
    }
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
  private static func time(_ json: JSONObject, _ name: String) -> EventTime? {
    guard let text = json.string(name) ?? json.raw(name).map({ $0.span.text() }) else { return nil }
    if let time = EventTime(text.utf8.span) { return time }
    guard let seconds = Double(text), abs(seconds) < 1e11 else { return nil }
    return EventTime(seconds: Int64(seconds))
  }
}

extension PublicKeys {
  /// What a signature is worth.
  enum Verdict: Equatable {
    case verified
    case failed
    /// There is no key to check it with; the text says why.
    case noKey(String)
  }

  /// Checks a signature of a digest: RSA, PKCS #1 v1.5, SHA-256.
  ///
  /// The signature is hexadecimal, as S3 keeps it in the object's metadata.
  func check(_ signature: [UInt8], of digest: Digest, isBackfill: Bool) -> Verdict {
    let fingerprint = digest.fingerprint
    guard let named = entries[fingerprint] else {
      return .noKey("public key not found for fingerprint \(fingerprint)")
    }
    let timely = named.filter { $0.covers(digest, isBackfill: isBackfill) }
    if timely.isEmpty {
      return .noKey("public key with fingerprint \(fingerprint) is not valid at that time")
    }
    let keys = timely.compactMap(\.key)
    if keys.isEmpty { return .noKey("unable to load the key with fingerprint \(fingerprint)") }
    guard let signature = bytes(hex: signature) else { return .failed }
    let isValid = keys.contains { key in
      key.isValidSignature(
        _RSA.Signing.RSASignature(rawRepresentation: signature), for: digest.signedText,
        padding: .insecurePKCS1v1_5)
    }
    return isValid ? .verified : .failed
  }

  private func bytes(hex: [UInt8]) -> [UInt8]? {
    guard hex.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: hex.count, by: 2) {
      guard let high = digit(hex[start]), let low = digit(hex[start + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }

  private func digit(_ character: UInt8) -> UInt8? {
    Character(UnicodeScalar(character)).hexDigitValue.map { UInt8($0) }
  }
}

extension PublicKeys.Entry {
  /// A day's leeway: digests are signed some time after they end.
  private static let leeway: Int64 = 86_400

  /// Whether CloudTrail can have signed the digest with this key.
  ///
  /// A backfill digest is made any time after the hour that it is about.
  fileprivate func covers(_ digest: Digest, isBackfill: Bool) -> Bool {
    if let end, end.seconds + Self.leeway < digest.start.seconds { return false }
    if let start, !isBackfill, start.seconds - Self.leeway > digest.end.seconds { return false }
    return true
  }
}
