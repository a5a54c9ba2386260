import Bytes
import CloudTrail
import TestSupport
import Testing
import Validation

struct DigestChainTests {
  private let tree: DigestTree

  init() throws {
    tree = try DigestTree()
  }

  private func chain(_ report: ValidationReport, isBackfill: Bool = false) throws -> ChainReport {
    try #require(
      report.chains.first { $0.id.trail == "main" && $0.id.isBackfill == isBackfill })
  }

  @Test("a removed digest is missing and leaves a gap", arguments: [true, false])
  func removed(hasKeys: Bool) throws {
    let digest = try tree.digests()[10]
    try tree.remove(digest)
    let report = try tree.validate(keys: hasKeys)
    #expect(report.problemNames == ["missing \(fileName(digest))"])
    let gaps = try chain(report).gaps
    #expect(gaps.map(\.cause) == [.missing])
    #expect(gaps.map { $0.end.seconds - $0.start.seconds } == [3_600])
    #expect(try chain(report).unnamedMissingCount == 0)
  }

  @Test("of two removed in a row one is named and the other counted")
  func removedTwo() throws {
    let digests = try tree.digests()
    try tree.remove(digests[10])
    try tree.remove(digests[11])
    let report = try tree.validate()
    #expect(report.problemNames == ["missing \(fileName(digests[11]))"])
    #expect(try chain(report).unnamedMissingCount == 1)
    #expect(report.text.contains("up to 1 more digest files are missing"))
  }

  @Test("a chain that begins outside the mirror is reported and is no error")
  func beginsOutside() throws {
    let digests = try tree.digests()
    for digest in digests.prefix(3) { try tree.remove(digest) }
    let report = try tree.validate()
    #expect(!report.isInvalid)
    guard case .outside(let object) = try chain(report).beginning else {
      Issue.record("the chain does not begin outside")
      return
    }
    #expect(fileName(object.description) == fileName(digests[2]))
  }

  @Test("an altered digest is found with keys and without", arguments: [true, false])
  func altered(hasKeys: Bool) throws {
    let digest = try tree.digests()[10]
    try tree.edit(digest) { $0.append(" ") }
    let report = try tree.validate(keys: hasKeys)
    #expect(report.problemNames == ["altered \(fileName(digest))"])
  }

  @Test("a forged signature damns the digest it is for and the one that holds it")
  func forgedLink() throws {
    let digests = try tree.digests()
    try tree.edit(digests[11]) { text in
      guard let key = text.firstRange(of: #""previousDigestSignature":""#) else { return }
      text.replaceSubrange(
        key.upperBound...key.upperBound, with: text[key.upperBound] == "0" ? "1" : "0")
    }
    let expected = ["altered \(fileName(digests[10]))", "altered \(fileName(digests[11]))"]
    #expect(try tree.validate().problemNames == expected)
  }

  @Test("a forged saved signature damns the newest digest")
  func forgedSaved() throws {
    let newest = try #require(try tree.digests().last)
    try tree.write(Array(#"{"\#(newest)": "00ff"}"#.utf8), to: "signatures.json")
    #expect(try tree.validate().problemNames == ["altered \(fileName(newest))"])
  }

  @Test("a newest digest that misnames the one before it is altered, not its victim")
  func forgedNewest() throws {
    let digests = try tree.digests()
    try tree.edit(digests[digests.count - 1]) { text in
      guard let key = text.firstRange(of: #""previousDigestHashValue":""#) else { return }
      text.replaceSubrange(
        key.upperBound...key.upperBound, with: text[key.upperBound] == "0" ? "1" : "0")
    }
    let report = try tree.validate(signatures: false)
    #expect(report.problemNames == ["altered \(fileName(digests[digests.count - 1]))"])
  }

  @Test("a digest in another account's folder has been moved")
  func moved() throws {
    let digest = try tree.digests()[10]
    let account = String(digest.split(separator: "/")[1])
    try tree.write(
      try tree.stored(digest),
      to: digest.replacing("AWSLogs/\(account)/", with: "AWSLogs/999999999999/"))
    try tree.remove(digest)
    #expect(try tree.validate().problemNames == ["moved \(fileName(digest))"])
  }

  @Test("a digest that is not JSON is invalid, and the chain goes on after it")
  func unreadable() throws {
    let digest = try tree.digests()[10]
    try tree.write(Array("nonsense".utf8), to: digest)
    #expect(try tree.validate().problemNames == ["invalidFormat \(fileName(digest))"])
  }

  @Test("a digest with something after its document is invalid, the newest too, and no other is")
  func trailingText() throws {
    let digests = try tree.digests()
    for digest in [digests[10], digests[digests.count - 1]] {
      let stored = try tree.stored(digest)
      try tree.edit(digest) { $0 += " {}" }
      let names = try tree.validate(keys: false).problemNames
      #expect(names == ["invalidFormat \(fileName(digest))"])
      try tree.write(stored, to: digest)
    }
  }

  @Test("backfill digests are a chain of their own, without gaps")
  func backfill() throws {
    let report = try tree.validate()
    let backfill = try chain(report, isBackfill: true)
    #expect(backfill.digestCount == (try tree.digests(isBackfill: true).count))
    #expect(backfill.digestCount > 1)
    #expect(backfill.gaps.isEmpty)
    try tree.remove(try tree.digests(isBackfill: true)[0])
    #expect(try !tree.validate().isInvalid)
    #expect(report.text.contains("backfill digest files valid"))
  }

  @Test("digests without log files are counted")
  func emptyDigests() throws {
    let chain = try chain(try tree.validate())
    #expect(chain.emptyDigestCount > 0)
    #expect(chain.emptyDigestCount < chain.digestCount)
  }
}
