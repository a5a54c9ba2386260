import Foundation
import TestSupport
import Testing

/// A closed door is exit 1 wherever it is met, and is never taken for damage or for wrong usage.
///
/// Runs as `PermissionTests` do.
@Suite(
  "A dataset, a job and keys that may not be read", .serialized,
  .enabled(if: Unprivileged.isHere, "needs setpriv (util-linux), or a user who is not root"))
struct ClosedDoorTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    try FileTree.write(
      #"[{"eventTime":"2026-11-19T00:00:00Z","eventID":"1"},{"eventID":"2","eventTime":"never"}]"#,
      to: "input/a.json", in: folder.path)
    try FileTree.write("", to: "data/.keep", in: folder.path)
    try allow("", 0o755)
    try allow("data", 0o777)
    try allow("input", 0o755)
    try allow("input/a.json", 0o644)
  }

  private func allow(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder.appending(path))
  }

  private var dataset: String { folder.appending("data/set") }

  private func command(_ arguments: String...) throws -> CommandResult {
    try Unprivileged.trailmerge(arguments)
  }

  private func run(_ flags: [String] = []) throws -> CommandResult {
    try Unprivileged.trailmerge(
      ["consolidate", folder.appending("input"), "-o", dataset, "--provenance"] + flags)
  }

  /// The first file of the dataset whose path begins so.
  private func file(_ prefix: String) throws -> String {
    let files = try FileTree.read(dataset).map(\.path)
    return "data/set/" + (try #require(files.first { $0.hasPrefix(prefix) }))
  }

  @Test(
    "verify exits 1 and names the file, whatever it is",
    arguments: [
      "ndjson/", "csv/", "_trailmerge/manifest.json", "_trailmerge/ledger/", "_trailmerge/index/",
      "_trailmerge/rejected", "_trailmerge/provenance/",
    ])
  func verifyFile(prefix: String) throws {
    #expect(try run().status == 3)
    let path = try file(prefix)
    try allow(path, 0)
    for arguments in [[], ["--repair"]] {
      let result = try Unprivileged.trailmerge(["verify", dataset] + arguments)
      #expect(result.status == 1, "\(result.output)")
      let text = result.output + result.errors
      #expect(text.contains("Permission denied"))
      #expect(text.contains(path.split(separator: "/").last.map(String.init) ?? ""))
      #expect(!text.contains("--rebuild") && !text.contains("a run died"))
    }
    try allow(path, 0o644)
    #expect(try command("verify", dataset).status == 0)
  }

  @Test("verify reports real damage beside a closed door: that is 4")
  func verifyBoth() throws {
    #expect(try run().status == 3)
    let (closed, store) = (try file("csv/"), try file("ndjson/"))
    try allow(store, 0o666)
    try FileTree.write("{}", to: store, in: folder.path)
    try allow(closed, 0)
    let result = try command("verify", dataset)
    #expect(result.status == 4)
    #expect(result.output.contains("Permission denied"))
    #expect(result.output.contains("--rebuild"))
  }

  @Test(
    "every command exits 1 on a folder that is closed",
    arguments: ["", "/_trailmerge", "/_trailmerge/runs", "/_trailmerge/ledger", "/ndjson"])
  func closedFolder(name: String) throws {
    #expect(try run().status == 3)
    try allow("data/set" + name, 0)
    defer { try? allow("data/set" + name, 0o755) }
    let usesRuns = name != "/_trailmerge/runs"
    let usesLedger = name != "/ndjson"
    var results = [try run(["--rebuild"])]
    if usesRuns { results.append(try command("verify", dataset)) }
    if usesLedger { results.append(try command("status", dataset)) }
    if name.count < 13 && usesLedger { results.append(try command("ddl", "duckdb", dataset)) }
    for result in results {
      #expect(result.status == 1, "\(result.output)")
      #expect((result.errors + result.output).contains("Permission denied"))
    }
  }

  @Test("a user who may only read the dataset can verify it, but not while a run is on it")
  func readOnly() throws {
    #expect(try run().status == 3)
    for path in ["data/set", "data/set/_trailmerge"] { try allow(path, 0o555) }
    try allow("data/set/_trailmerge/lock", 0o444)
    #expect(try command("verify", dataset).status == 0)
    let locked = try bash(
      #"flock "$1/_trailmerge/lock" "$0" verify "$1""#,
      [builtProducts.appending(path: "trailmerge").path, dataset])
    #expect(locked.status == 11)
    for path in ["data/set", "data/set/_trailmerge"] { try allow(path, 0o755) }
  }

  @Test("a job file that may not be read is not a wrong one")
  func jobFile() throws {
    try FileTree.write("inputs: [in]\ndataset: out\n", to: "job.yaml", in: folder.path)
    try allow("job.yaml", 0)
    for name in ["run", "check"] {
      let result = try command(name, folder.appending("job.yaml"))
      #expect(result.status == 1)
      #expect(result.errors.contains("job.yaml: Permission denied"))
      #expect(try command(name, folder.appending("none.yaml")).status == 64)
    }
  }

  @Test("nor are files of keys and signatures")
  func keys() throws {
    try FileTree.write("{}", to: "keys.json", in: folder.path)
    try allow("keys.json", 0)
    let (input, keys) = (folder.appending("input"), folder.appending("keys.json"))
    for arguments in [
      ["validate", input, "--public-keys", keys],
      ["consolidate", input, "-o", dataset, "--public-keys", keys],
    ] {
      let result = try Unprivileged.trailmerge(arguments)
      #expect(result.status == 1)
      #expect(result.errors.contains("keys.json: Permission denied"))
    }
  }

  @Test("an input that is a file fails the run, where one below an input is a failed file")
  func inputFile() throws {
    try allow("input/a.json", 0)
    for flags in [[], ["--dry-run"]] {
      let result = try Unprivileged.trailmerge(
        ["consolidate", folder.appending("input/a.json"), "-o", dataset] + flags)
      #expect(result.status == 1)
      #expect(result.errors.contains("a.json: Permission denied"))
    }
    #expect(try run().status == 3)
  }

  @Test("a dry run says what it cannot read")
  func dryRun() throws {
    try FileTree.write("{}", to: "input/closed/b.json", in: folder.path)
    try FileTree.write("{}", to: "input/c.json", in: folder.path)
    try allow("input/closed", 0)
    try allow("input/c.json", 0)
    let result = try run(["--dry-run"])
    #expect(result.status == 3)
    #expect(result.output.contains("would read 1 file,"))
    #expect(result.output.contains("  cannot read input/closed: cannot open the folder "))
    #expect(result.output.contains("  cannot read input/c.json: cannot open "))
    #expect(!FileManager.default.fileExists(atPath: dataset))
    try allow("input/closed", 0o755)
  }
}
