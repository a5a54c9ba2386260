import Bytes
import CloudTrail
import Foundation
import Listing
import TestSupport
import Testing
import Validation

struct ValidateTests {
  private let tree: DigestTree

  init() throws {
    tree = try DigestTree()
  }

  @Test("an untouched tree is valid: every digest signed, every log verified")
  func untouched() throws {
    let report = try tree.validate()
    #expect(report.problemNames == [])
    #expect(!report.isInvalid)
    #expect(report.digests.allSatisfy { $0.status == .valid })
    #expect(report.logs.allSatisfy { $0.status == .verified })
    #expect(Set(report.chains.map(\.id.trail)) == ["main", "organization-trail"])
    #expect(report.chains.allSatisfy { $0.gaps.isEmpty && $0.beginning == .start })
  }

  @Test("without keys hashes and links are checked, and the newest digest has nothing to check")
  func withoutKeys() throws {
    let report = try tree.validate(keys: false)
    #expect(!report.isInvalid)
    #expect(report.logs.allSatisfy { $0.status == .hashOK })
    let newest = report.digests.filter { $0.status == .newest }
    #expect(newest.count == report.chains.count)
    #expect(report.digests.count { $0.status == .linked } == report.digests.count - newest.count)
  }

  @Test("the newest digest is unchecked until a saved signature is given")
  func newest() throws {
    let report = try tree.validate(signatures: false)
    #expect(!report.isInvalid)
    #expect(report.digests.count { $0.status == .newest } == report.chains.count)
    #expect(try tree.validate().digests.count { $0.status == .newest } == 0)
  }

  @Test("an altered log is a mismatch")
  func alteredLog() throws {
    let log = try tree.logs()[3]
    try tree.edit(log) { $0.append(" ") }
    let report = try tree.validate()
    #expect(report.problemNames == ["mismatch \(fileName(log))"])
    #expect(report.text.contains("\(fileName(log))\tINVALID: hash value doesn't match"))
  }

  @Test("a removed log is listed but missing")
  func removedLog() throws {
    let log = try tree.logs()[3]
    try tree.remove(log)
    #expect(try tree.validate().problemNames == ["listed but missing \(fileName(log))"])
  }

  @Test("a log cut short is a mismatch")
  func truncatedLog() throws {
    let log = try tree.logs()[3]
    try tree.write(Array(try tree.stored(log).dropLast(20)), to: log)
    #expect(try tree.validate().problemNames == ["mismatch \(fileName(log))"])
  }

  @Test("a gzip member appended to a log is found, though the hash still fits")
  func appendedMember() throws {
    let log = try tree.logs()[3]
    let injected = try gzipped(Array(#"{"Records":[{"eventName":"Injected"}]}"#.utf8))
    try tree.write(try tree.stored(log) + injected, to: log)
    let report = try tree.validate()
    #expect(report.problemNames == ["mismatch \(fileName(log))"])
    #expect(report.text.contains("INVALID: data after the end of the gzip member"))
  }

  @Test("a log compressed again, or not at all, is still verified", arguments: [true, false])
  func recompressed(isCompressed: Bool) throws {
    let log = try tree.logs()[3]
    let document = try gunzipped(try tree.stored(log))
    try tree.write(isCompressed ? try gzipped(document, level: 1) : document, to: log)
    let report = try tree.validate()
    #expect(!report.isInvalid)
    #expect(report.logs.allSatisfy { $0.status == .verified })
  }

  @Test("a log that no digest lists is reported and is no error")
  func unlistedLog() throws {
    let log = try tree.logs()[3]
    let other = log.replacing(fileName(log), with: "x\(fileName(log))")
    try tree.write(try tree.stored(log), to: other)
    let report = try tree.validate()
    #expect(!report.isInvalid)
    #expect(report.logs.count { $0.status == .noDigest(.covered) } == 1)
  }

  @Test("a mirror can be rooted at any level", arguments: ["AWSLogs", "account", "elsewhere"])
  func rooted(level: String) throws {
    let account = try #require(try tree.logs().first).split(separator: "/")[1]
    var input = "AWSLogs"
    if level == "account" { input = "AWSLogs/\(account)" }
    if level == "elsewhere" {
      input = "copies/of 2026"
      let root = URL(filePath: tree.folder.path)
      try FileManager.default.createDirectory(
        at: root.appending(path: input), withIntermediateDirectories: true)
      try FileManager.default.moveItem(
        at: root.appending(path: "AWSLogs"), to: root.appending(path: input + "/AWSLogs"))
    }
    let report = try tree.validate([input])
    #expect(report.problemNames == [])
    #expect(report.digests.allSatisfy { $0.status == .valid })
    #expect(report.logs.allSatisfy { $0.status == .verified })
  }
}
