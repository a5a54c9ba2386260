import Foundation
import TestSupport
import Testing

/// Datasets of other versions of the format.
@Suite("A dataset of another format version")
struct FormatVersionTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileTree.write(
      #"{"eventTime":"2026-11-19T00:00:00Z","eventID":"id-1"}"#, to: "in/1.json",
      in: folder.url.path)
    #expect(try consolidate().status == 0)
  }

  private func consolidate(_ flags: String...) throws -> CommandResult {
    try trailmerge(["consolidate", "in", "-o", "data"] + flags, in: folder.url)
  }

  private func setVersion(_ version: Int) throws {
    let manifest = try folder.text("data/_trailmerge/manifest.json")
    #expect(manifest.hasPrefix(#"{"version":2,"#))
    _ = try folder.write(
      manifest.replacing(#"{"version":2,"#, with: #"{"version":\#(version),"#),
      to: "data/_trailmerge/manifest.json")
  }

  private func files() throws -> [TreeFile] {
    try FileTree.read(folder.url.appending(path: "data").path)
      .filter { !$0.path.hasPrefix("_trailmerge/runs/") }
  }

  @Test(
    "is refused by every command, untouched",
    arguments: [
      (1, "has format version 1, and this trailmerge works with 2: make the dataset again"),
      (3, "has format version 3, and this trailmerge knows 2 at most: use a newer trailmerge"),
    ])
  func refused(version: Int, message: String) throws {
    try setVersion(version)
    let before = try files()
    let commands = [
      ["consolidate", "in", "-o", "data"], ["status", "data"], ["verify", "data"],
      ["verify", "--repair", "data"], ["ddl", "duckdb", "data"],
    ]
    for command in commands {
      let result = try trailmerge(command, in: folder.url)
      #expect(result.status == 64, "\(command)")
      #expect(result.errors.contains(message))
    }
    #expect(try files() == before)
  }

  @Test("is made again from the inputs by --rebuild if it is older, and not if it is newer")
  func rebuilt() throws {
    let before = try files()
    try setVersion(1)
    #expect(try consolidate("--rebuild").status == 0)
    #expect(try files() == before)
    try setVersion(3)
    #expect(try consolidate("--rebuild").status == 64)
  }
}
