import Foundation
import Testing

/// What a run by cron or systemd leaves for those who are asleep.
struct NightlyTests {
  private let folder: TemporaryFolder
  private let dataset: String

  init() throws {
    folder = try TemporaryFolder()
    dataset = folder.url.appending(path: "night").path
  }

  /// The shipped sample trees; the second is a damaged file.
  private static let inputs = ["Jobs/Demo/mirror", "Jobs/Demo/damaged"]

  private func run(_ arguments: [String]) throws -> CommandResult {
    try trailmerge(["consolidate"] + Self.inputs + ["-o", dataset] + arguments)
  }

  @Test("the first line of a mail says which job ended how")
  func subject() throws {
    let result = try run(["--quiet"])
    #expect(result.status == 3)
    #expect(result.output.isEmpty)
    let subject = try #require(result.errors.split(separator: "\n").first)
    #expect(
      subject.hasPrefix("trailmerge: night: incomplete, 46 files read, 260 records written"))
    #expect(subject.contains("1 file failed"))
  }

  @Test("--quiet is silent about a run that is complete")
  func silence() throws {
    let input = "Jobs/Demo/mirror/AWSLogs/014114795801"
    for _ in 0..<2 {
      let result = try trailmerge("consolidate", input, "-o", dataset, "--quiet")
      #expect(result.status == 0)
      #expect(result.output.isEmpty && result.errors.isEmpty)
    }
  }

  @Test(
    "--log-format json makes an object of every line on standard error",
    arguments: [["--quiet"], ["--report", "json"], ["--fail-if-stale", "1h", "-q"]])
  func jsonLog(arguments: [String]) throws {
    let result = try run(["--log-format", "json"] + arguments)
    #expect(!result.errors.isEmpty)
    for line in result.errors.split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
      #expect(Set(object?.keys.map { $0 } ?? []) == ["time", "level", "message"])
      #expect(object?["level"] == "error")
    }
  }

  @Test("an error that ends a run is a JSON object too")
  func jsonError() throws {
    let result = try trailmerge(
      "consolidate", "no-such-folder", "-o", dataset, "--log-format", "json")
    #expect(result.status == 1)
    let object = try JSONSerialization.jsonObject(with: Data(result.errors.utf8))
    #expect((object as? [String: String])?["message"]?.contains("no-such-folder") == true)
  }

  @Test("--fail-if-no-new-files and --fail-if-stale exit 5")
  func stale() throws {
    let input = "Jobs/Demo/mirror/AWSLogs/014114795801"
    func exit(_ flags: String...) throws -> Int32 {
      try trailmerge(["consolidate", input, "-o", dataset, "--quiet"] + flags).status
    }
    #expect(try exit("--fail-if-no-new-files") == 0)
    #expect(try exit("--fail-if-no-new-files") == 5)
    #expect(try exit("--fail-if-stale", "100000d") == 0)
    // The sample's events are months old on any machine but one whose clock is wrong.
    #expect(try exit("--fail-if-stale", "1s") == 5)
  }

  @Test("--public-keys validates: an altered log exits 4, and the report names it")
  func validates() throws {
    let mirror = folder.url.appending(path: "mirror")
    try FileManager.default.copyItem(
      at: repository.appending(path: "Jobs/Demo/mirror"), to: mirror)
    func validate() throws -> CommandResult {
      try trailmerge(
        "consolidate", mirror.path, "-o", dataset, "--public-keys",
        mirror.appending(path: "public-keys.json").path)
    }
    let before = try validate()
    #expect(before.status == 0)
    #expect(before.output.contains("1/1 backfill digest files newest, nothing signs it yet"))
    let name = "014114795801_CloudTrail_us-east-1_20261118T0205Z"
    let paths = try FileManager.default.subpathsOfDirectory(atPath: mirror.path)
    let log = try #require(paths.first { $0.contains(name) })
    try Data(#"{"Records":[]}"#.utf8).write(to: mirror.appending(path: log))
    let after = try validate()
    #expect(after.status == 4)
    #expect(after.output.contains("1 INVALID by digest"))
    let line = after.output.split(separator: "\n").first { $0.hasPrefix("  invalid") }
    #expect(line?.contains(name) == true)
  }

  @Test("completion scripts come from the command itself", arguments: ["bash", "zsh", "fish"])
  func completions(shell: String) throws {
    let result = try trailmerge("--generate-completion-script", shell)
    #expect(result.status == 0)
    #expect(result.output.contains("fail-if-stale"))
  }
}
