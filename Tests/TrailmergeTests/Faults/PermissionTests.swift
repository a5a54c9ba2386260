import Foundation
import JobRunner
import SampleTrails
import TestSupport
import Testing

/// Runs as a user whom permissions bind: root is not, so that root's tests run as nobody.
@Suite(
  "Files that may not be read", .serialized,
  .enabled(if: Unprivileged.isHere, "needs setpriv (util-linux), or a user who is not root"))
struct PermissionTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    try FileTree.write("", to: "data/.keep", in: folder.path)
    try allow("", 0o755)
    try allow("data", 0o777)
    for number in 1...3 { try deliver(number, to: "input/\(number)/\(number).json") }
    try allow("input", 0o755)
    for number in 1...3 { try allow("input/\(number)", 0o755) }
    for number in 1...3 { try allow("input/\(number)/\(number).json", 0o644) }
  }

  private func deliver(_ number: Int, to path: String) throws {
    try FileTree.write(
      #"{"eventTime":"2026-11-19T00:00:0\#(number)Z","eventID":"id-\#(number)"}"#, to: path,
      in: folder.path)
  }

  private func allow(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder.appending(path))
  }

  private func run(_ flags: [String] = []) throws -> CommandResult {
    try Unprivileged.trailmerge(
      ["consolidate", folder.appending("input"), "-o", folder.appending("data/set")] + flags)
  }

  @Test("an unreadable file is listed as failed, the others are committed, and it is tried again")
  func file() throws {
    try allow("input/2/2.json", 0)
    let result = try run()
    #expect(result.status == 3)
    #expect(result.output.contains("3 found = 2 read + 1 failed"))
    #expect(result.output.contains("2 in = 2 written"))
    #expect(result.output.contains("  failed    input/2/2.json: cannot open "))
    #expect(result.output.contains("2.json: Permission denied"))
    try allow("input/2/2.json", 0o644)
    let next = try run()
    #expect(next.status == 0)
    #expect(next.output.contains("3 found = 1 read + 2 already read"))
    #expect(next.output.contains("holds     3 records"))
  }

  @Test("an unreadable folder is listed as failed, on every run, until it can be read")
  func unreadableFolder() throws {
    try allow("input/2", 0)
    let failure =
      "  failed    input/2: cannot open the folder \(folder.appending("input/2")): Permission"
    for outcome in ["3 found = 2 read + 1 failed", "3 found = 2 already read + 1 failed"] {
      let result = try run()
      #expect(result.status == 3)
      #expect(result.output.contains(outcome))
      #expect(result.output.contains(failure))
    }
    let strict = try run(["--strict"])
    #expect(strict.status == 1)
    #expect(strict.errors.contains("1 input file failed, and --strict allows none"))
    #expect(strict.errors.contains("input/2: cannot open the folder"), "which file, and why")
    try allow("input/2", 0o755)
    let next = try run()
    #expect(next.status == 0)
    #expect(next.output.contains("holds     3 records"))
  }

  @Test(
    "a link into an unreadable folder is listed as failed, not taken for one that leads nowhere")
  func link() throws {
    try FileTree.write("", to: "secret/.keep", in: folder.path)
    try deliver(4, to: "secret/deep/4.json")
    try allow("secret", 0)
    let links = [("there", folder.appending("secret/deep")), ("gone", folder.appending("none"))]
    for (name, target) in links {
      try FileManager.default.createSymbolicLink(
        atPath: folder.appending("input/" + name), withDestinationPath: target)
    }
    let result = try run()
    #expect(result.status == 3)
    #expect(result.output.contains("5 found = 3 read + 1 skipped: link + 1 failed"))
    #expect(result.output.contains("  failed    input/there: cannot read the status of "))
    try allow("secret", 0o755)
  }

  @Test("an input that may not be read at all fails the run before it leaves anything behind")
  func input() throws {
    try allow("input", 0)
    let result = try run()
    #expect(result.status == 1)
    #expect(
      result.errors.contains("cannot open the folder \(folder.appending("input")): Permission"))
    #expect(try FileTree.read(folder.appending("data")).map(\.path) == [".keep"])
    try allow("input", 0o755)
  }

  @Test("a dataset that may not be read is not taken for a new one")
  func dataset() throws {
    #expect(try run().status == 0)
    let before = try FileTree.read(folder.appending("data"))
    try allow("data/set", 0)
    let result = try run()
    #expect(result.status == 1)
    #expect(result.errors.contains("Permission denied"))
    let status = try Unprivileged.trailmerge(["status", folder.appending("data/set")])
    #expect(status.status == 1)
    #expect(status.errors.contains("manifest.json: Permission denied"))
    try allow("data/set", 0o755)
    #expect(FileTree.firstDifference(try FileTree.read(folder.appending("data")), before) == nil)
  }
}

/// The built command, run by a user who is not root.
enum Unprivileged {
  private static let script = """
    if [ "$(id -u)" -ne 0 ]; then exec "$0" "$@"; fi
    exec setpriv --reuid=65534 --regid=65534 --clear-groups "$0" "$@"
    """

  static let isHere = (try? trailmerge(["--version"]).status == 0) ?? false

  static func trailmerge(_ arguments: [String]) throws -> CommandResult {
    try bash(script, [builtProducts.appending(path: "trailmerge").path] + arguments)
  }
}
