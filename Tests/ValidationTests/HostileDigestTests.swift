import Bytes
import Foundation
import TestSupport
import Testing
import Validation

/// Digests are input: whatever they name, only files below the inputs are read.
struct HostileDigestTests {
  private let folder: TemporaryFolder
  private let digestFolder = "mirror/AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/11/18"
  private let secret = Array("secret".utf8)

  init() throws {
    folder = try TemporaryFolder()
    try FileTree.write(secret, to: "secret.txt", in: folder.path)
  }

  /// A digest that lists `key` with the hash of the secret, after so many spaces.
  private func write(listing key: String, trail: String = "main", spaces: Int = 0) throws {
    let name = "111122223333_CloudTrail-Digest_us-east-2_\(trail)_us-east-2_20261118T010101Z.json"
    let object = digestFolder.dropFirst("mirror/".count) + "/" + name
    let text = """
      {"digestStartTime": "2026-11-18T00:01:01Z", "digestEndTime": "2026-11-18T01:01:01Z",
       "digestS3Bucket": "b", "digestS3Object": "\(object)", "digestPublicKeyFingerprint": "00",
       "digestSignatureAlgorithm": "SHA256withRSA", "previousDigestS3Object": null,
       "logFiles": [{"s3Bucket": "b", "s3Object": "\(key)", "hashAlgorithm": "SHA-256",
         "hashValue": "\(SHA256Digest(of: secret.span).hex)"}]}
      """
    let padding = Array(repeating: ASCII.space, count: spaces)
    try FileTree.write(padding + Array(text.utf8), to: digestFolder + "/" + name, in: folder.path)
  }

  private func validate() throws -> ValidationReport {
    try ValidationReport(of: [Path(folder.appending("mirror"))])
  }

  @Test(
    "a key that leads out of the tree finds nothing",
    arguments: [
      "../../etc/passwd", "../secret.txt", "/etc/passwd", "AWSLogs/../../secret.txt", "secret.txt",
      "mirror/../secret.txt", "", "..", "./secret.txt", "a//secret.txt",
    ])
  func outside(key: String) throws {
    try write(listing: key)
    let report = try validate()
    #expect(report.isInvalid)
    #expect(report.logs.map(\.status) == [.missing])
  }

  @Test("a link makes no key find what is elsewhere, and one that leads above itself is skipped")
  func links() throws {
    let root = URL(filePath: folder.path)
    try write(listing: "AWSLogs/way-out/secret.txt")
    try FileManager.default.createSymbolicLink(
      at: root.appending(path: "mirror/AWSLogs/way-out"), withDestinationURL: root)
    try FileManager.default.createSymbolicLink(
      at: root.appending(path: "mirror/AWSLogs/secret.txt"),
      withDestinationURL: root.appending(path: "secret.txt"))
    let report = try validate()
    #expect(report.logs.map(\.status) == [.missing])
    #expect(report.skippedLinks.map(\.lastComponent) == [Array("way-out".utf8)])
    #expect(report.text.contains("way-out\tnot followed: "))
  }

  @Test("control characters in names reach no terminal")
  func controlCharacters() throws {
    try write(listing: #"AWSLogs/\u001b[2J\u0007\u009b\u202etxt.json\n"#)
    let report = try validate()
    #expect(report.text.contains(#"AWSLogs/\x1b[2J\x07\xc2\x9b\xe2\x80\xaetxt.json\x0a"#))
    let isClean = report.text.unicodeScalars.allSatisfy { scalar in
      scalar == "\n" || scalar == "\t" || scalar.properties.generalCategory != .control
    }
    #expect(isClean)
    let json = String(decoding: report.json(isVerbose: true), as: UTF8.self)
    #expect(!json.contains("\u{1B}"))
  }

  @Test("a digest whose text is longer than any is invalid, says why, and says nothing of logs")
  func tooLong() throws {
    try write(listing: "AWSLogs/x", spaces: 8 << 20)
    let report = try validate()
    #expect(report.text.contains("its text is over 8 MiB, too long for a digest"))
    #expect(report.isInvalid && report.logs.isEmpty)
  }

  @Test("long digests beside one another are read like short ones")
  func long() throws {
    for trail in ["a", "b", "c", "d"] {
      try write(listing: "AWSLogs/\(trail)", trail: trail, spaces: trail == "c" ? 0 : 3 << 20)
    }
    let report = try validate()
    #expect(report.digests.map(\.status) == [.newest, .newest, .newest, .newest])
    #expect(report.logs.map(\.status) == [.missing, .missing, .missing, .missing])
  }

  @Test("an input that is not there is an error of the file system")
  func missingInput() throws {
    #expect(throws: FileError.self) {
      try ValidationReport(of: [Path(folder.appending("nothing"))])
    }
  }
}
