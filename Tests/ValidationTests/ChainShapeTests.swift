import Bytes
import CloudTrail
import TestSupport
import Testing
import Validation

/// Chains that are not one digest after the other.
struct ChainShapeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  /// A digest as it was written: what the next one needs to name it.
  private struct Written {
    var bucket: String
    var object: String
    var hash: String
  }

  /// Writes a digest from hour `start` up to hour `end` of a day, without log files.
  private func write(
    _ start: Int, _ end: Int, after previous: Written?, bucket: String = "b", trail: String = "t",
    naming hash: String? = nil, prefix: String = ""
  ) throws -> Written {
    let hours = [start, end].map { $0 < 10 ? "0\($0)" : "\($0)" }
    let name =
      "111122223333_CloudTrail-Digest_us-east-2_\(trail)_us-east-2_20261118T\(hours[1])0000Z"
    let object =
      prefix + "AWSLogs/111122223333/CloudTrail-Digest/us-east-2/2026/11/18/\(name).json.gz"
    let link =
      previous.map { previous in
        """
        "previousDigestS3Bucket": "\(previous.bucket)",
        "previousDigestS3Object": "\(previous.object)",
        "previousDigestHashAlgorithm": "SHA-256", "previousDigestSignature": "00",
        "previousDigestHashValue": "\(hash ?? previous.hash)",
        """
      } ?? ""
    let text = """
      {"digestStartTime": "2026-11-18T\(hours[0]):00:00Z", "logFiles": [],
       "digestEndTime": "2026-11-18T\(hours[1]):00:00Z", \(link)
       "digestS3Bucket": "\(bucket)", "digestS3Object": "\(object)",
       "digestPublicKeyFingerprint": "00", "digestSignatureAlgorithm": "SHA256withRSA"}
      """
    try FileTree.write(text, to: object, in: folder.path)
    let document = Array(text.utf8)
    return Written(bucket: bucket, object: object, hash: SHA256Digest(of: document.span).hex)
  }

  private func validate() throws -> ValidationReport {
    try ValidationReport(of: [Path(folder.path)])
  }

  @Test("validation that was switched off and on leaves a gap and is no error")
  func restart() throws {
    let first = try write(1, 2, after: nil)
    _ = try write(2, 3, after: first)
    _ = try write(6, 7, after: nil)
    let report = try validate()
    #expect(!report.isInvalid)
    #expect(report.chains.first?.gaps.map(\.cause) == [.restart])
    #expect(report.digests.map(\.status) == [.linked, .unsigned, .newest])
    #expect(
      report.text.contains("no validation between 2026-11-18T03:00:00Z and 2026-11-18T06:00:00Z"))
  }

  private static let place = "AWSLogs/111122223333/CloudTrail/us-east-2/2026/11/18"

  @Test(
    "a file in no digest is judged by whether digests cover the time of its delivery",
    arguments: [
      ("\(place)/111122223333_CloudTrail_us-east-2_20261118T0130Z_a.json.gz", .covered),
      ("\(place)/111122223333_CloudTrail_us-east-2_20261118T0630Z_a.json.gz", .covered),
      ("\(place)/111122223333_CloudTrail_us-east-2_20261118T0650Z_a.json.gz", .pending),
      ("\(place)/111122223333_CloudTrail_us-east-2_20261118T0855Z_a.json.gz", .pending),
      ("\(place)/111122223333_CloudTrail_us-east-2_20261118T0930Z_a.json.gz", .uncovered),
      ("\(place)/111122223333_CloudTrail_us-east-2_20261118T0430Z_a.json.gz", .uncovered),
      ("\(place)/111122223333_CloudTrail_us-east-2_20261118T0030Z_a.json.gz", .uncovered),
      ("\(place)/no-time.json.gz", .covered),
      ("elsewhere/111122223333_CloudTrail_us-east-2_20261118T0130Z_a.json.gz", .covered),
      // Another region, another account, and a trail that the digests are not about.
      ("elsewhere/111122223333_CloudTrail_us-east-1_20261118T0130Z_a.json.gz", .uncovered),
      ("elsewhere/999922223333_CloudTrail_us-east-2_20261118T0130Z_a.json.gz", .uncovered),
      (
        "AWSLogs/o-ab12cd34ef/111122223333/CloudTrail/us-east-2/2026/11/18/"
          + "111122223333_CloudTrail_us-east-2_20261118T0130Z_a.json.gz", .uncovered
      ),
    ] as [(String, DigestCoverage)])
  func coverage(path: String, expected: DigestCoverage) throws {
    let first = try write(1, 2, after: nil)
    _ = try write(2, 3, after: first)
    _ = try write(6, 7, after: nil)
    try FileTree.write(#"{"Records":[]}"#, to: path, in: folder.path)
    let report = try validate()
    #expect(!report.isInvalid)
    #expect(report.logs.map(\.status) == [.noDigest(expected)])
    let json = String(decoding: report.json(isVerbose: false), as: UTF8.self)
    #expect(json.contains(#""noDigest":{"\#(expected.rawValue)":1}"#))
    #expect(json.contains(#""status":"no digest","coverage":"\#(expected.rawValue)""#))
    #expect(report.text.contains("1/1 log files no digest"))
    let texts: [(DigestCoverage, String)] = [
      (.covered, "delivery time covered"), (.pending, "no digest yet"),
      (.uncovered, "delivery time not covered"),
    ]
    for (coverage, text) in texts {
      #expect(report.text.contains(text) == (coverage == expected))
    }
  }

  @Test("a chain goes on in another bucket")
  func bucketChange() throws {
    let first = try write(1, 2, after: nil)
    _ = try write(2, 3, after: first, bucket: "c")
    let report = try validate()
    #expect(!report.isInvalid)
    #expect(report.chains.count == 1)
    #expect(report.chains.first?.bucketChangeCount == 1)
    #expect(report.digests.map(\.status) == [.linked, .newest])
  }

  @Test("digests that overlap in time are reported")
  func overlap() throws {
    let first = try write(1, 3, after: nil)
    _ = try write(2, 4, after: first)
    let report = try validate()
    #expect(!report.isInvalid)
    #expect(report.chains.first?.overlapCount == 1)
  }

  @Test("of two digests after one, the one that names another hash is altered")
  func fork() throws {
    let first = try write(1, 2, after: nil)
    _ = try write(2, 3, after: first)
    let other = String(repeating: "0", count: 64)
    _ = try write(2, 4, after: first, naming: other)
    let report = try validate()
    #expect(report.chains.first?.forkCount == 1)
    #expect(
      report.digests.map(\.status.name) == ["linked", "unsigned", "altered"])
  }

  @Test("keys with empty parts are those that a file system makes of them")
  func emptyParts() throws {
    let first = try write(1, 2, after: nil, prefix: "logs//")
    _ = try write(2, 3, after: first, prefix: "logs//")
    let report = try validate()
    #expect(report.digests.map(\.status) == [.linked, .newest])
  }

  @Test("a copy of a digest counts once")
  func copies() throws {
    let first = try write(1, 2, after: nil)
    _ = try write(2, 3, after: first)
    let bytes = try FileSystem.contents(of: Path(folder.appending(first.object)))
    try FileTree.write(bytes, to: "copy/" + first.object, in: folder.path)
    let report = try validate()
    #expect(report.digests.map(\.status) == [.linked, .newest])
    #expect(report.chains.first?.overlapCount == 0)
  }
}
