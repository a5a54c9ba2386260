import Bytes
import Dataset
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
    try FileTree.write(
      """
      [{"eventTime":"2026-11-19T00:00:00Z","eventID":"id-1","x":1},{"eventTime":"never"},
      {"eventTime":"2026-11-20T00:00:00Z","eventID":"id-2","x":"\\ud800"}]
      """, to: "in/more/2.json", in: folder.url.path)
    #expect(try consolidate().status == 3)
  }

  private func consolidate(_ flags: String...) throws -> CommandResult {
    try trailmerge(["consolidate", "in", "-o", "data"] + flags, in: folder.url)
  }

  private func files() throws -> [TreeFile] {
    try FileTree.read(folder.url.appending(path: "data").path)
      .filter { !$0.path.hasPrefix("_trailmerge/runs/") && !$0.path.hasPrefix("_trailmerge/seen/") }
  }

  @Test("is refused by every command if it is newer, untouched")
  func newer() throws {
    let manifest = try folder.text("data/_trailmerge/manifest.json")
    #expect(manifest.hasPrefix(#"{"version":3,"#))
    _ = try folder.write(
      manifest.replacing(#"{"version":3,"#, with: #"{"version":4,"#),
      to: "data/_trailmerge/manifest.json")
    let before = try files()
    let commands = [
      ["consolidate", "in", "-o", "data"], ["consolidate", "in", "-o", "data", "--rebuild"],
      ["status", "data"], ["verify", "data"], ["verify", "--repair", "data"],
      ["ddl", "duckdb", "data"],
    ]
    for command in commands {
      let result = try trailmerge(command, in: folder.url)
      #expect(result.status == 64, "\(command)")
      #expect(
        result.errors.contains(
          "has format version 4, and this trailmerge knows 3 at most: use a newer trailmerge"))
    }
    #expect(try files() == before)
  }

  @Test("is brought up to date by the next run if it is older, from its own files alone")
  func older() throws {
    let before = try files()
    try makeOld()
    let old = try files()
    for command in [["status", "data"], ["verify", "data"], ["ddl", "duckdb", "data"]] {
      let result = try trailmerge(command, in: folder.url)
      #expect(result.status == 64, "\(command)")
      #expect(result.errors.contains("the next run brings the dataset up to date"))
    }
    #expect(try files() == old)
    // The mirror was emptied.
    try FileManager.default.removeItem(at: folder.url.appending(path: "in"))
    try FileSystem.createFolders(Path(folder.url.appending(path: "in").path))
    #expect(try consolidate().status == 0)
    #expect(FileTree.firstDifference(try files(), before) == nil)
    try FileTree.write(
      #"{"eventTime":"2026-11-21T00:00:00Z","eventID":"id-3"}"#, to: "in/3.json",
      in: folder.url.path)
    #expect(try trailmerge("verify", "data", in: folder.url).status == 0)
    #expect(try consolidate().status == 0)
  }

  @Test("is upgraded whole or not at all, wherever the upgrade is killed")
  func killed() throws {
    let before = try files()
    try makeOld()
    let data = Path(folder.url.appending(path: "data").path)
    let old = Path(folder.url.appending(path: "old").path)
    try FileSystem.rename(data, to: old)
    let job = try folder.write("inputs: [in]\ndataset: data\n", to: "job.yaml")
    var point = 0
    var status: Int32 = 9
    while status == 9 {
      point += 1
      try FileSystem.removeTree(data)
      try FileManager.default.copyItem(atPath: old.description, toPath: data.description)
      status = try runJob(
        job, into: data.description, environment: ["TRAILMERGE_KILL_BEFORE": "\(point)"]
      ).status
      #expect(try runJob(job, into: data.description).status == 0, "point \(point)")
      #expect(FileTree.firstDifference(try files(), before) == nil, "point \(point)")
    }
    #expect(point > 10)
  }

  /// Turns the dataset into one of version 2, which had everything in a few files.
  private func makeOld() throws {
    let own = folder.url.appending(path: "data/_trailmerge").path
    let layout = DatasetLayout(Path(folder.url.appending(path: "data").path))
    let manifest = try Manifest(of: layout)
    func lines(_ subfolder: String, where isWanted: (String) -> Bool = { _ in true }) throws
      -> [String]
    {
      try FileTree.read(own + "/" + subfolder).filter { isWanted($0.path) }.flatMap {
        String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
      }.sorted()
    }
    // The old lists did not count what strict readers refuse.
    let listed = try lines("partitions").map { line in
      line.replacing(/,"strictReadersRefuse":\{[^\}]*\}/, with: "")
    }
    let quoted = manifest.job.map { "\"\($0)\"" }
    let text = """
      {"version":2,
      "job":[\(quoted.joined(separator: ",\n"))],
      "store":"\(manifest.store)","storeKeys":"account,region,dt",
      "totals":{"records":\(manifest.totals.recordCount),"conflicts":\(manifest.totals.conflictCount),\
      "rejected":\(manifest.totals.rejectedCount)},
      "cells":[\(listed.filter { $0.hasPrefix("{\"family\"") }.joined(separator: ",\n"))],
      "partitions":[\(listed.filter { $0.hasPrefix("{\"folder\"") }.joined(separator: ",\n"))]}

      """
    for (name, subfolder) in [
      ("conflicts", "conflicts"), ("rejected", "rejected"), ("ledger/undated", "ledger"),
    ] {
      let text = try lines(subfolder).map { $0 + "\n" }.joined()
      try FileSystem.removeTree(Path(own + "/" + subfolder))
      try FileTree.write(text, to: "\(name).ndjson", in: own)
    }
    try FileSystem.removeTree(Path(own + "/partitions"))
    try FileTree.write(text, to: "manifest.json", in: own)
  }
}
