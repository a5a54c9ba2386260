import Bytes
import CloudTrail
import Foundation
import TestSupport
import Testing
import Validation
import _CryptoExtras

struct PublicKeysTests {
  private let tree: DigestTree

  init() throws {
    tree = try DigestTree()
  }

  /// The key that signed the tree.
  private func sampleKey() throws -> _RSA.Signing.PublicKey {
    let bytes = try FileSystem.contents(of: tree.keysFile)
    let list = try #require(try JSONObject(bytes.span).array("PublicKeyList"))
    let first = try #require(list.first)
    let value = try #require(try JSONObject(first.span).string("Value"))
    return try _RSA.Signing.PublicKey(
      derRepresentation: try #require(Data(base64Encoded: value)))
  }

  @Test("an absurdly large file is refused in a sentence, and not read")
  func largeFile() throws {
    try tree.write([UInt8](), to: "large.json")
    let file = tree.keysFile.parent.appending("large.json")
    let handle = try #require(FileHandle(forWritingAtPath: file.description))
    try handle.truncate(atOffset: 1 << 40)
    for load in [{ _ = try PublicKeys(files: [file]) }, { _ = try Signatures(file: file) }] {
      let error = #expect(throws: ValidationFileError.self) { try load() }
      #expect(error?.description.contains("over 256 MiB: too large for a file of keys") == true)
    }
  }

  @Test("a SubjectPublicKeyInfo is a key as well as a PKCS #1 one")
  func subjectPublicKeyInfo() throws {
    let key = try sampleKey()
    #expect(key.derRepresentation != key.pkcs1DERRepresentation)
    try tree.write(
      keyList(key.derRepresentation, fingerprint: sampleFingerprint), to: "public-keys.json")
    #expect(try tree.validate().digests.allSatisfy { $0.status == .valid })
  }

  @Test("another key under the right fingerprint fails every signature")
  func wrongKey() throws {
    let key = try _RSA.Signing.PrivateKey(keySize: .bits2048).publicKey
    try tree.write(
      keyList(key.pkcs1DERRepresentation, fingerprint: sampleFingerprint), to: "public-keys.json")
    let report = try tree.validate()
    #expect(report.isInvalid)
    #expect(
      report.digests.allSatisfy { $0.status == .altered("signature verification failed") })
    #expect(report.logs.allSatisfy { $0.status == .noDigest(.uncovered) }, "they judge nothing")
  }

  @Test("keys with other fingerprints are no keys, and that is an error")
  func otherFingerprint() throws {
    try tree.write(
      keyList(try sampleKey().pkcs1DERRepresentation, fingerprint: "00"), to: "public-keys.json")
    let report = try tree.validate()
    #expect(report.isInvalid)
    #expect(report.text.contains("public key not found for fingerprint \(sampleFingerprint)"))
  }

  @Test(
    "validity may be written as dates or as seconds, and is heeded",
    arguments: [
      (#""ValidityStartTime": 1790000000.0, "ValidityEndTime": "1800000000.5""#, true),
      (#""ValidityStartTime": "2026-10-20T00:00:00+00:00""#, true),
      (#""ValidityStartTime": 1000000000, "ValidityEndTime": 1000009999"#, false),
      (#""ValidityStartTime": "2031-01-01T00:00:00Z""#, false),
    ])
  func validity(window: String, isValid: Bool) throws {
    let key = try sampleKey().pkcs1DERRepresentation
    try tree.write(
      keyList(key, fingerprint: sampleFingerprint, validity: ", " + window), to: "public-keys.json")
    #expect(try tree.validate().isInvalid == !isValid)
  }

  @Test(
    "keys and signatures may be what Windows tools write",
    arguments: [String.Encoding.utf8, .utf16LittleEndian, .utf16BigEndian])
  func otherEncodings(encoding: String.Encoding) throws {
    for file in ["public-keys.json", "signatures.json"] {
      let text = String(decoding: try tree.stored(file), as: UTF8.self)
      let data = try #require("\u{FEFF}\(text)".data(using: encoding))
      try tree.write(Array(data), to: file)
    }
    #expect(try tree.validate().digests.allSatisfy { $0.status == .valid })
  }

  @Test("keys in an encoding that is not read are named with the way out")
  func refusesUTF32() throws {
    try tree.write([0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0], to: "public-keys.json")
    #expect {
      try PublicKeys(files: [tree.keysFile])
    } throws: { error in
      "\(error)".hasSuffix("public-keys.json: UTF-32: save it as UTF-8")
    }
  }

  @Test("several lists in one file are read one after the other, with their marks")
  func severalLists() throws {
    let bytes = try FileSystem.contents(of: tree.keysFile)
    let other = try _RSA.Signing.PrivateKey(keySize: .bits2048).publicKey
    let first = keyList(other.pkcs1DERRepresentation, fingerprint: "00")
    try tree.write(first + [0xEF, 0xBB, 0xBF] + bytes, to: "public-keys.json")
    #expect(try tree.validate().digests.allSatisfy { $0.status == .valid })
  }

  @Test("a file with something else after its keys is refused", arguments: ["{}", "garbage"])
  func trailingText(text: String) throws {
    let bytes = try FileSystem.contents(of: tree.keysFile)
    try tree.write(bytes + Array(text.utf8), to: "public-keys.json")
    #expect(throws: ValidationFileError.self) { try PublicKeys(files: [tree.keysFile]) }
  }

  @Test("one bad key is named, and the others count")
  func badKey() throws {
    let key = try sampleKey().pkcs1DERRepresentation.base64EncodedString()
    let text = """
      {"PublicKeyList": [{"Fingerprint": "1"}, {"Fingerprint": "2", "Value": "AAAA"},
       {"Value": "\(key)", "Fingerprint": "\(sampleFingerprint)"}]}
      """
    try tree.write(Array(text.utf8), to: "public-keys.json")
    #expect(try tree.validate().digests.allSatisfy { $0.status == .valid })
    let problems = try PublicKeys(files: [tree.keysFile]).problems
    #expect(problems.count == 2 && problems[0].hasSuffix("key 1 has no Fingerprint or no Value"))
  }

  @Test(
    "one bad signature entry is named, and metadata without a signature says that there is none")
  func badSignatures() throws {
    let newest = try #require(try tree.digests().last)
    let other = try #require(try tree.digests().first)
    let text = """
      {"x": 7, "stray.txt": {"Metadata": {}}, "\(other)": {"Metadata": {}}} {"\(newest)": {"Metadata": {}}}
      """
    try tree.write(Array(text.utf8), to: "signatures.json")
    #expect(try Signatures(file: tree.signaturesFile).problems.count == 1)
    let report = try tree.validate()
    #expect(report.problemNames == ["altered \(fileName(newest))"])
  }

  @Test("a file without keys is refused", arguments: ["", "[]", #"{"PublicKeyList": []}"#, "{}"])
  func notKeys(text: String) throws {
    try tree.write(Array(text.utf8), to: "public-keys.json")
    #expect(throws: ValidationFileError.self) { try PublicKeys(files: [tree.keysFile]) }
  }

  @Test(
    "signatures may be what head-object prints, by key or by s3 address",
    arguments: ["", "s3://example-trail-logs/"])
  func headObject(prefix: String) throws {
    let bytes = try FileSystem.contents(of: tree.signaturesFile)
    let saved = try JSONDecoder().decode([String: String].self, from: Data(bytes))
    let members = saved.map { key, signature in
      #""\#(prefix)\#(key)": {"ContentLength": 1, "Metadata": {"signature": "\#(signature)"}}"#
    }
    try tree.write(Array("{\(members.joined(separator: ","))}".utf8), to: "signatures.json")
    #expect(try tree.validate().digests.allSatisfy { $0.status == .valid })
  }
}
