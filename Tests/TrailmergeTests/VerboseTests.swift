import Foundation
import Testing

/// What `--verbose` adds: lines on standard error, and nothing anywhere else.
struct VerboseTests {
  private let folder: TemporaryFolder

  /// An input with a file of records, and one of each of some kinds that are not read.
  init() throws {
    folder = try TemporaryFolder()
    let files = FileManager.default
    let place = "in/AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/19"
    try files.createDirectory(
      at: folder.url.appending(path: place), withIntermediateDirectories: true)
    let record = #"{"eventID":"1","eventTime":"2026-11-19T10:00:00Z"}"#
    _ = try folder.write("{\"Records\":[\(record)]}", to: "\(place)/a.json")
    _ = try folder.write("{", to: "\(place)/damaged.json")
    _ = try folder.write("{}", to: "in/nothing.json")
    _ = try folder.write("{}", to: "in/.hidden.json")
    _ = try folder.write("x", to: "in/odd\u{1B}[2J.txt")
    _ = try folder.write("x", to: "\(place)/../20.txt")
  }

  private func run(_ arguments: String...) throws -> CommandResult {
    try trailmerge(["consolidate", "in", "-o", "out"] + arguments, in: folder.url)
  }

  @Test("a run says why files are not read, what it uses, and what each stage took")
  func runs() throws {
    let plain = try run("--dry-run")
    #expect(plain.errors.isEmpty)
    let errors = try run("-v").errors
    for line in [
      "skipped in/.hidden.json: hidden", #"skipped in/odd\x1b[2J.txt: other file type"#,
      "skipped in/nothing.json: no record", "5 files to read",
      "writes events of 2026-11-19: 1 account",
    ] {
      #expect(errors.contains("trailmerge: \(line)"), "\(line) is not in \(errors)")
    }
    for stage in ["looking for files", "reading", "writing", "committing"] {
      #expect(errors.contains(try Regex("trailmerge: \(stage): [0-9.]+ s\n")))
    }
    #expect(errors.contains(try Regex("trailmerge: memory: .*, [0-9]+ threads?, .* batches of ")))
  }

  @Test("the next run says which files it reads again, and why")
  func readsAgain() throws {
    _ = try run()
    let name = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/11/19/a.json"
    let file = folder.url.appending(path: "in/\(name)")
    try Data(contentsOf: file).write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(" ".utf8))
    try handle.close()
    let errors = try run("-v").errors
    #expect(errors.contains("reads in/\(name) again: it has changed\n"))
    #expect(errors.contains("damaged.json again: it failed before\n"))
  }

  @Test("files that the selection leaves out are named too")
  func notSelected() throws {
    let errors = try run("-v", "--account-id", "999999999999").errors
    #expect(errors.contains("2026/11/19/a.json: not selected\n"))
  }

  @Test("verify names the files that it has read")
  func verifies() throws {
    _ = try run()
    let silent = try trailmerge("verify", "out", in: folder.url)
    let verbose = try trailmerge("verify", "out", "-v", in: folder.url)
    #expect(silent.errors.isEmpty)
    #expect(verbose.errors.contains("dt=2026-11-19/part-00000.ndjson: 1 record\n"))
    #expect(verbose.output.hasPrefix("\(folder.url.resolvingSymlinksInPath().path)/out: all is"))
  }
}
