import Bytes
import CloudTrail
import Foundation
import TestSupport
import Testing
import Validation

/// Whoever can write to the bucket alters a log, and makes its digest and all later ones starting
/// digests, so that no signature is looked at.
@Suite("A forged tail")
struct ForgedTailTests {
  private let tree: DigestTree

  init() throws {
    tree = try DigestTree()
  }

  /// Alters a log and forges its digest and the later ones; gives the names of the forged.
  private func forge(_ range: (Int) -> Range<Int>) throws -> [String] {
    let digests = try tree.digests()
    let forged = Array(digests[range(digests.count)])
    for (number, digest) in forged.enumerated() {
      var text = String(decoding: try gunzipped(tree.stored(digest)), as: UTF8.self)
      for name in ["S3Bucket", "S3Object", "HashValue", "HashAlgorithm", "Signature"] {
        guard let key = text.range(of: "\"previousDigest\(name)\":"),
          let end = text[key.upperBound...].firstIndex(where: { $0 == "," || $0 == "}" })
        else { continue }
        text.replaceSubrange(key.upperBound..<end, with: "null")
      }
      if number == 0, let hash = text.range(of: "\"hashValue\":\"") {
        let end = text.index(hash.upperBound, offsetBy: 64)
        text.replaceSubrange(hash.upperBound..<end, with: String(repeating: "0", count: 64))
      }
      try tree.write(try gzipped(Array(text.utf8)), to: digest)
    }
    return forged.map(fileName)
  }

  private func named(_ report: ValidationReport) -> [String] {
    report.digests.filter(\.status.isInvalid).compactMap { $0.path?.description }.map(fileName)
  }

  @Test(
    "is named whole, with a saved signature of the true newest digest and without",
    arguments: [true, false])
  func tail(hasSignatures: Bool) throws {
    let forged = try forge { 9..<$0 }
    let report = try tree.validate(signatures: hasSignatures)
    #expect(Set(named(report)).isSuperset(of: forged))
  }

  @Test("in the middle of a chain is named whole", arguments: [true, false])
  func middle(hasSignatures: Bool) throws {
    let forged = try forge { _ in 9..<14 }
    let report = try tree.validate(signatures: hasSignatures)
    #expect(Set(named(report)).isSuperset(of: forged))
  }

  @Test("is not what a log is compared with: what a verified digest says of it counts")
  func judgesNothing() throws {
    let digests = try tree.digests()
    let log = try #require(try tree.logs().first)
    let hash = String(repeating: "0", count: 64)
    try tree.edit(digests[12]) { text in
      let item = """
        {"s3Bucket":"example-trail-logs","s3Object":"\(log)","hashAlgorithm":"SHA-256","hashValue":"\(hash)"},\
        {"s3Bucket":"b","s3Object":"AWSLogs/x.json.gz","hashAlgorithm":"SHA-256","hashValue":"\(hash)"}
        """
      guard let list = text.range(of: "\"logFiles\":[") else { return }
      let isEmpty = text[list.upperBound...].first == "]"
      text.insert(contentsOf: item + (isEmpty ? "" : ","), at: list.upperBound)
    }
    let report = try tree.validate()
    #expect(report.problemNames == ["altered \(fileName(digests[12]))"])
    #expect(report.logs.first { $0.path?.description.hasSuffix(log) == true }?.status == .verified)
  }

  @Test("a digest that nobody names, in the middle of a whole chain, is named when there are keys")
  func unnamed() throws {
    let digest = try tree.digests()[12]
    let other = digest.replacing("0101Z.json.gz", with: "0102Z.json.gz")
    try #require(other != digest)
    try tree.write(try tree.stored(digest), to: other)
    try tree.edit(other) { $0 = $0.replacing(fileName(digest), with: fileName(other)) }
    let report = try tree.validate()
    #expect(named(report).contains(fileName(other)))
  }

  @Test("a newest digest whose key is in no file is named")
  func newestWithoutKey() throws {
    let newest = try #require(try tree.digests().last)
    try tree.edit(newest) { $0 = $0.replacing(sampleFingerprint, with: "00") }
    let report = try tree.validate(signatures: false)
    #expect(report.problemNames.contains("keyNotFound \(fileName(newest))"))
  }

  @Test("times that are asked for and that a chain does not reach are an error")
  func range() throws {
    let digests = try tree.digests()
    try tree.remove(digests[0])
    func validate(_ range: DeliveryRange) throws -> ValidationReport {
      var options = ValidationOptions(keys: try PublicKeys(files: [tree.keysFile]))
      options.range = range
      return try ValidationReport(of: [Path(tree.folder.path)], options)
    }
    #expect(try !validate(DeliveryRange()).isInvalid)
    let start = try #require(try validate(DeliveryRange()).tally.start).seconds
    let early = try validate(DeliveryRange(from: start - 86_400))
    #expect(early.problemNames.contains("missing \(fileName(digests[0]))"))
    let late = try validate(DeliveryRange(to: start + 10 * 86_400))
    #expect(late.isInvalid && late.text.contains("INVALID: ends at"))
    #expect(try !validate(DeliveryRange(from: start + 36_000, to: start + 50_000)).isInvalid)
  }

  @Test("other files in the folders of digests are no digests, and an unpacked digest is one")
  func strays() throws {
    let digest = try tree.digests()[3]
    let before = try tree.validate().summary
    let folder = digest.prefix(digest.count - fileName(digest).count)
    for name in ["README.txt", "Thumbs.db", "x.sha256", "05_$folder$"] {
      try tree.write(Array("x".utf8), to: folder + name)
    }
    for ending in [".3aFb12cd", ".bak", ".sha256"] {
      try tree.write(Array("x".utf8), to: digest + ending)
    }
    try tree.write(Array("{}".utf8), to: digest.replacing(".json.gz", with: ".head.json"))
    #expect(try tree.validate().summary == before)
    let document = try gunzipped(tree.stored(digest))
    try tree.write(document, to: String(digest.dropLast(3)))
    #expect(try tree.validate().summary == before)
    try tree.remove(digest)
    #expect(try tree.validate().summary == before)
    let log = try tree.logs()[3]
    try tree.write(try gunzipped(tree.stored(log)), to: String(log.dropLast(3)))
    try tree.remove(log)
    #expect(try tree.validate().summary == before)
  }
}
