import Bytes
import Foundation
import SampleTrails
import TestSupport
import Testing
import _CryptoExtras

/// Checks the digests the way `aws cloudtrail validate-logs` does: signature, links, hashes.
@Suite("Sample digests")
struct DigestTests {
  private let files: [String: [UInt8]]
  private let summary: SampleSummary

  init() throws {
    var options = SampleTrailOptions()
    options.events = 300
    options.accounts = 2
    options.days = 1
    options.lateShare = 0.02
    let folder = try TemporaryFolder()
    summary = try SampleTrail.write(options, to: folder.path)
    files = Dictionary(
      uniqueKeysWithValues: try FileTree.read(folder.path).map { ($0.path, $0.bytes) })
  }

  private struct Digest: Decodable {
    struct LogFile: Decodable {
      let s3Object: String
      let hashValue: String
    }
    let digestStartTime: String
    let digestEndTime: String
    let digestS3Bucket: String
    let digestS3Object: String
    let digestPublicKeyFingerprint: String
    let previousDigestS3Object: String?
    let previousDigestHashValue: String?
    let previousDigestSignature: String?
    let logFiles: [LogFile]
  }

  private struct KeyList: Decodable {
    struct Key: Decodable {
      let value: Data
      let fingerprint: String

      private enum CodingKeys: String, CodingKey {
        case value = "Value"
        case fingerprint = "Fingerprint"
      }
    }
    let keys: [Key]

    private enum CodingKeys: String, CodingKey {
      case keys = "PublicKeyList"
    }
  }

  private func document(_ path: String) throws -> [UInt8] {
    try gunzipped(try #require(files[path], "\(path) is missing"))
  }

  /// In hexadecimal, of the inflated file.
  private func hash(of path: String) throws -> String {
    let bytes = try document(path)
    return SHA256Digest(of: bytes.span).hex
  }

  private func digest(_ path: String) throws -> Digest {
    try JSONDecoder().decode(Digest.self, from: Data(try document(path)))
  }

  private var signatures: [String: String] {
    get throws {
      let text = try #require(files["signatures.json"])
      return try JSONDecoder().decode([String: String].self, from: Data(text))
    }
  }

  @Test("are chained and signed from the newest to the first, with every log file listed once")
  func chains() throws {
    let keyText = try #require(files["public-keys.json"])
    let keys = try JSONDecoder().decode(KeyList.self, from: Data(keyText)).keys
    let key = try _RSA.Signing.PublicKey(derRepresentation: try #require(keys.first).value)
    var digests = 0
    var listed: [String] = []
    // Two trails in two accounts and two regions, and the chains of late files.
    let newest = try signatures
    #expect(newest.count > 8)
    for (path, newestSignature) in newest {
      var next: (path: String, signature: String)? = (path, newestSignature)
      while let (path, signature) = next {
        let digest = try digest(path)
        digests += 1
        #expect(digest.digestS3Object == path)
        #expect(digest.digestPublicKeyFingerprint == keys.first?.fingerprint)
        let signed = [
          digest.digestEndTime, "\(digest.digestS3Bucket)/\(path)",
          try hash(of: path), digest.previousDigestSignature ?? "null",
        ].joined(separator: "\n")
        #expect(
          key.isValidSignature(
            try bytes(signature), for: Data(signed.utf8), padding: .insecurePKCS1v1_5))
        for log in digest.logFiles {
          #expect(try hash(of: log.s3Object) == log.hashValue)
          listed.append(log.s3Object)
        }
        next = try previous(of: digest)
      }
    }
    #expect(digests == summary.digestFiles)
    #expect(listed.sorted() == files.keys.filter { $0.contains("/CloudTrail/") }.sorted())
  }

  /// Follows the link of `digest` and checks that it fits.
  private func previous(of digest: Digest) throws -> (path: String, signature: String)? {
    guard let path = digest.previousDigestS3Object else { return nil }
    #expect(try hash(of: path) == digest.previousDigestHashValue)
    if !path.contains("_backfill") {
      #expect(try self.digest(path).digestEndTime == digest.digestStartTime)
    }
    return (path, try #require(digest.previousDigestSignature))
  }

  private func bytes(_ hex: String) throws -> _RSA.Signing.RSASignature {
    let digits = Array(hex)
    let bytes = try stride(from: 0, to: digits.count, by: 2).map { index in
      try #require(UInt8(String(digits[index...index + 1]), radix: 16))
    }
    return _RSA.Signing.RSASignature(rawRepresentation: Data(bytes))
  }
}
