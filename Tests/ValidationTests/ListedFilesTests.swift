import Bytes
import Foundation
import Listing
import TestSupport
import Testing
import Validation

/// Which files a validation sees: those that a run reads.
struct ListedFilesTests {
  /// Files by their paths in a bucket, wherever they are.
  private struct ListSource: InputSource {
    let root: Path
    let keys: [String]

    func list(_ mapping: some ParallelMapping, _ take: (Listed) throws -> Void) throws {
      for key in keys {
        let path = root.appending(key)
        let depth = key.count { $0 == "/" }
        let folder = ListedFolder(path: path.parent, source: Path(key).parent, depth: depth)
        let status = try FileSystem.status(path)
        let file = ListedFile(
          name: path.lastComponent, byteCount: status.byteCount, modified: status.modified)
        try take(.files(ListedFiles(folder: folder, files: [file])))
      }
    }
  }

  private let tree: DigestTree

  init() throws {
    tree = try DigestTree()
  }

  private var root: URL { URL(filePath: tree.folder.path) }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      at: root.appending(path: path), withDestinationURL: root.appending(path: target))
  }

  @Test("logs that a link leads to are verified like those of a folder")
  func linkedLogs() throws {
    let log = try #require(try tree.logs().first)
    let end = try #require(log.range(of: "/CloudTrail/")).upperBound
    let logs = String(log[..<end].dropLast())
    try FileManager.default.createDirectory(
      at: root.appending(path: "elsewhere"), withIntermediateDirectories: false)
    try FileManager.default.moveItem(
      at: root.appending(path: logs), to: root.appending(path: "elsewhere/logs"))
    try #expect(!tree.validate(["AWSLogs"]).problemNames.isEmpty)
    try link(logs, to: "elsewhere/logs")
    let report = try tree.validate(["AWSLogs"])
    #expect(report.problemNames == [] && !report.isInvalid)
    #expect(report.logs.allSatisfy { $0.status == .verified })
  }

  @Test("a link to a single log, and one to a digest, are followed")
  func linkedFiles() throws {
    for path in [try tree.logs()[0], try tree.digests()[3]] {
      let aside = "aside-\(fileName(path))"
      try FileManager.default.moveItem(
        at: root.appending(path: path), to: root.appending(path: aside))
      try link(path, to: aside)
    }
    let report = try tree.validate(["AWSLogs"])
    #expect(report.problemNames == [] && !report.isInvalid)
  }

  @Test(
    "links to what is found without them change nothing, nor do hidden files and inputs in inputs")
  func noTwins() throws {
    func text(_ inputs: [String]) throws -> [String] {
      let report = try tree.validate(inputs)
      return report.logs.map { "\($0.path?.description ?? "") \($0.status)" }.sorted()
        + report.summary
    }
    let before = try text([""])
    let digest = try #require(try tree.digests().first)
    try tree.write(try tree.stored(digest), to: ".trash/" + digest)
    try link("AWSLogs/again", to: "AWSLogs")
    try link("nowhere", to: "gone")
    #expect(try text([""]) == before)
    #expect(try text(["AWSLogs", "", "AWSLogs"]) == before)
    let report = try tree.validate([""])
    #expect(
      report.skippedLinks.map { fileName($0.description) }.sorted() == ["again", "nowhere"])
  }

  @Test("a list of files is validated like folders")
  func list() throws {
    let keys = try FileTree.read(tree.folder.path).map(\.path).filter { $0.hasPrefix("AWSLogs/") }
    let options = ValidationOptions(
      keys: try PublicKeys(files: [tree.keysFile]),
      signatures: try Signatures(file: tree.signaturesFile))
    func validate(_ keys: [String]) throws -> ValidationReport {
      try ValidationReport(of: ListSource(root: Path(tree.folder.path), keys: keys), options)
    }
    #expect(try validate(keys.reversed()).summary == tree.validate().summary)
    let log = try #require(try tree.logs().first)
    #expect(
      try validate(keys.filter { $0 != log }).problemNames
        == ["listed but missing \(fileName(log))"])
  }
}
