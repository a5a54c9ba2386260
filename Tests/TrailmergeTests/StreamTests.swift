import Foundation
import Testing

/// What becomes of results that nobody gets: streams that are full, closed, or no longer read.
struct StreamTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let record = #"{"eventTime":"2026-11-19T00:00:00Z","eventID":"a"}"#
    _ = try folder.write(record, to: "a.json")
  }

  /// Makes the dataset `data`.
  private func makeData() throws {
    let job = try folder.write("inputs: [a.json]\ndataset: data\n", to: "job.yaml")
    #expect(try runJob(job, into: folder.url.appending(path: "data").path).status == 0)
  }

  /// Runs `trailmerge` as a shell has it.
  private func shell(_ script: String) throws -> CommandResult {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try bash(
      "set -o pipefail; " + script, in: folder.url, ["PATH": "\(builtProducts.path):\(path)"])
  }

  private let full = "cannot write to standard output: No space left on device"

  @Test("a report that cannot be written is said so, and the run is committed")
  func fullReport() throws {
    let run = try shell("trailmerge consolidate a.json -o data >/dev/full")
    #expect(run.status == 3)
    #expect(run.errors.contains(full))
    #expect(try shell("trailmerge verify data").status == 0)
  }

  @Test(
    "a result that cannot be written fails the command",
    arguments: [
      "status data", "status data --format csv", "verify data", "ddl duckdb data", "check --keys",
      "check job.yaml", "sample made --events 5", "consolidate a.json -o data --dry-run",
    ])
  func fullResult(command: String) throws {
    try makeData()
    let result = try shell("trailmerge \(command) >/dev/full")
    #expect(result.status == 1)
    #expect(result.errors.contains(full))
  }

  @Test("a run whose output nobody reads any more goes on to its end")
  func gone() throws {
    let run = try shell("trailmerge consolidate a.json -o data --progress always 2>&1 | true")
    #expect(run.status == 0)
    #expect(try shell("trailmerge verify data | true").status == 0)
  }

  @Test("with closed streams no file of the dataset gets what is meant for the user")
  func closed() throws {
    let run = try shell("trailmerge consolidate a.json -o data --progress always <&- >&- 2>&-")
    #expect(run.status == 3)
    let verified = try shell("trailmerge verify data")
    #expect(verified.status == 0)
    #expect(try folder.text("data/_trailmerge/lock").isEmpty)
  }

  @Test(
    "a closed stream is an error where something is to be written to it, or read from it",
    arguments: [
      ("status data >&-", 1), ("verify data >&-", 1), ("ddl duckdb data >&-", 1),
      ("check --keys >&-", 1), ("consolidate a.json -o data --dry-run >&-", 1),
      ("consolidate a.json -o data -q >&-", 0),
      ("consolidate . -o other --files-from - -q <&-", 64),
    ])
  func closedResult(command: String, status: Int32) throws {
    try makeData()
    let result = try shell("trailmerge \(command)")
    #expect(result.status == status)
    #expect(result.errors.contains("Bad file descriptor") == (status == 1), "\(result.errors)")
  }

  @Test("a device or a pipe named for a page or for metrics is written to, never replaced")
  func devices() throws {
    let metrics = "--metrics-file /dev/full"
    let run = try shell("trailmerge consolidate a.json -o data \(metrics)")
    #expect(run.status == 3)
    #expect(run.output.contains("the metrics are not written: cannot write to /dev/full"))
    let page = try shell("trailmerge status data --html /dev/stdout | head -n 1")
    #expect(page.output == "<!DOCTYPE html>\n")
    #expect(try shell("[ -c /dev/full ] && [ -L /dev/stdout ]").status == 0)
    let link = try shell(
      "echo old >real.html && ln -s real.html link.html && trailmerge status data --html link.html")
    #expect(link.status == 0)
    #expect(try shell("[ -L link.html ] && grep -q '<html' real.html").status == 0)
  }

  @Test(
    "what is no job file is refused at once",
    arguments: [
      ("/dev/zero", "File too large"), ("bomb.yaml", "expected at most 100000 values"),
      ("large.yaml", "File too large"),
    ])
  func noJobFile(file: String, reason: String) throws {
    var bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
    for level in 1...12 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      bomb += "a\(level): &a\(level) [\(aliases)]\n"
    }
    _ = try folder.write(bomb, to: "bomb.yaml")
    _ = try folder.write(String(repeating: "#", count: 1_000_001), to: "large.yaml")
    let result = try shell("trailmerge check \(file)")
    #expect(result.status == 64)
    #expect(result.errors.contains(reason))
  }

  @Test("a job file comes through a pipe too, but inputs cannot")
  func pipes() throws {
    let script = "trailmerge check <(sleep 0.1; printf 'inputs: [/in]\\ndataset: /data\\n')"
    let check = try shell(script)
    #expect(check.status == 0)
    #expect(check.output.contains("dataset: /data"))
    let input = try shell("trailmerge consolidate <(cat a.json) -o data")
    #expect(input.status == 64)
    #expect(input.errors.contains("is neither a file nor a folder"))
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "data").path))
  }

  @Test("an argument that is not UTF-8 is refused, not taken for another path")
  func argument() throws {
    let result = try shell(#"trailmerge consolidate a.json -o $'data\xff'"#)
    #expect(result.status == 64)
    #expect(
      result.errors == "trailmerge: argument 4 is not UTF-8: use a path that is, such as a link\n")
    #expect(try shell("ls").output == "a.json\n")
  }

  @Test("a run that is killed leaves nothing in a folder for temporary files elsewhere")
  func killedSpill() throws {
    let killed = try shell(
      "TRAILMERGE_KILL_BEFORE=20 trailmerge consolidate a.json -o data --temp-dir elsewhere; exit $?"
    )
    #expect(killed.status == 137)
    #expect(try shell("find elsewhere/* -type f").output.isEmpty)
    #expect(try shell("ls elsewhere").output.hasPrefix("trailmerge-"))
    #expect(try shell("trailmerge consolidate a.json -o data").status == 0)
  }
}
