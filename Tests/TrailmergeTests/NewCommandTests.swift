import Foundation
import TestSupport
import Testing

/// `trailmerge new`: what is printed where, and how it ends.
@Suite("The command new")
struct NewCommandTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    try FileTree.write(
      #"{"Records":[{"eventTime":"2026-11-19T00:00:00Z","eventID":"1"}]}"#, to: "in/a.json",
      in: folder.path)
    try write("inputs: [{ path: in, url: s3://t/p }]\ndataset: out\n", to: "job.yaml")
  }

  private func write(_ text: String, to path: String) throws {
    try FileTree.write(text, to: path, in: folder.path)
  }

  private func new(_ arguments: String..., input: String = "") throws -> CommandResult {
    try bash(
      #"printf %s "$1" | "$0" new "${@:2}""#,
      [builtProducts.appending(path: "trailmerge").path, input] + arguments,
      in: URL(filePath: folder.path))
  }

  @Test("prints keys on standard output and all else on the other, and ends as the table says")
  func statuses() throws {
    let list = "s3://t/p/a.json\ns3://t/p/b.json\n"
    let first = try new("job.yaml", input: list)
    #expect(first.status == 0 && first.output == "a.json\nb.json\n")
    #expect(first.errors == "trailmerge: 2 keys: 2 to fetch, 0 known\n")
    #expect(!FileManager.default.fileExists(atPath: folder.appending("out")))
    #expect(
      try trailmerge("run", "job.yaml", "-q", in: URL(filePath: folder.path)).status == 0)
    #expect(try new("job.yaml", "-", "-q", input: list).output == "b.json\n")
    try write("p/a.json", to: "list")
    let none = try new("job.yaml", "list", "-q", "--fail-if-none")
    #expect(none.status == 5 && none.output.isEmpty && none.errors.isEmpty)
    #expect(try new("job.yaml", "list", "list", "--print", "known").output == "a.json\n")
    let wrong = try new(
      "job.yaml", "list", "-", "--fail-if-none", input: "{}\np/\u{1B}c.json\np/c.json")
    #expect(wrong.status == 1 && wrong.output == "c.json\n")
    #expect(
      wrong.errors == """
        trailmerge: standard input line 1 is JSON of no known kind, with nothing in it
        trailmerge: standard input line 2 is refused: the key p/\\x1bc.json has control characters
        trailmerge: 3 keys: 1 to fetch, 1 known, 2 refused

        """)
    #expect(try new("job.yaml", "absent").status == 1)
    // A folder above the ledger is enough to make it another dataset.
    let ledger = folder.appending("out/_trailmerge/ledger")
    for name in try FileManager.default.contentsOfDirectory(atPath: ledger) {
      try FileManager.default.removeItem(atPath: ledger + "/" + name)
    }
    let damaged = try new("job.yaml", "list")
    #expect(damaged.status == 4 && damaged.output.isEmpty)
    #expect(damaged.errors.contains("out/_trailmerge/ledger/undated-"))
  }

  @Test("knows the inputs of a job, and says what is wrong with their urls")
  func inputs() throws {
    let shown = try new("job.yaml", "--inputs")
    #expect(shown.output == "in\ts3://t/p\t\(folder.appending("in"))\n")
    let one = try new("job.yaml", "--input-name", "on", input: "s3://t/p/a.json")
    #expect(one.status == 64 && one.errors.contains("(in), found on"), "\(one.errors)")
    #expect(try new("job.yaml", "--base", "t/p").status == 64)
    for url in ["t/p", "s3://", "s3://t/../p", "s3://t/a\\b"] {
      try write("inputs: [{ path: in, url: '\(url)' }]\ndataset: out\n", to: "wrong.yaml")
      let wrong = try new("wrong.yaml")
      #expect(wrong.status == 64)
      #expect(
        wrong.errors.contains("inputs[0].url: expected an address such as s3://"), "\(wrong.errors)"
      )
    }
    try write(
      "inputs: [{ path: in, url: s3://t/p/q }, { path: other, url: s3://t/p/ }]\ndataset: out\n",
      to: "wrong.yaml")
    let nested = try new("wrong.yaml")
    #expect(nested.status == 64)
    #expect(nested.errors.contains("s3://t/p/q is the same as s3://t/p/ or below it"))
  }
}
