import Bytes
import Foundation
import TestSupport
import Testing

/// Runs that read a part of what the inputs have.
@Suite("A part of the inputs")
struct PartOfInputsTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
    for account in 1...4 {
      for month in ["09", "10"] {
        for day in ["01", "02"] {
          let id = "\(account)\(month)\(day)"
          let place = "AWSLogs/\(account)11122223333/CloudTrail/eu-west-1/2026/\(month)/\(day)"
          let log = "{\"Records\":[\(record(id, on: "2026-\(month)-\(day)"))]}"
          try write(log, to: "in/\(place)/\(id).json")
        }
      }
    }
    try write(record("loose", on: "2026-10-03"), to: "in/exports/loose.json")
    try write("{", to: "in/exports/broken.json")
  }

  private func record(_ id: String, on day: String) -> String {
    #"{"eventTime":"\#(day)T00:00:00Z","eventID":"\#(id)","recipientAccountId":"1"}"#
  }

  private func write(_ text: String, to path: String) throws {
    try FileTree.write(text, to: path, in: folder.path)
  }

  private func consolidate(
    _ flags: [String], to output: String = "out", input: String = ""
  ) throws -> CommandResult {
    try bash(
      #"text=$1; shift; printf %s "$text" | "$0" "$@""#,
      [
        builtProducts.appending(path: "trailmerge").path, input, "consolidate",
        folder.appending("in"), "-o", folder.appending(output), "--format", "ndjson",
      ] + flags)
  }

  private func lines(of output: String) throws -> [String] {
    try FileTree.read(folder.appending(output)).filter { $0.path.hasPrefix("ndjson/") }
      .flatMap { String(decoding: $0.bytes, as: UTF8.self).split(separator: "\n").map(String.init) }
      .sorted()
  }

  private func tree(_ name: String) throws -> [TreeFile] {
    try FileTree.read(folder.appending(name)).filter { file in
      !["runs/", "seen/", "lock"].contains { file.path.hasPrefix("_trailmerge/" + $0) }
    }
  }

  @Test("in shards is all of them, each file once, those of an account's month together")
  func shards() throws {
    var all: [String] = []
    var found = 0
    for number in 1...3 {
      let output = "shard-\(number)"
      let result = try consolidate(["--shard", "\(number)/3", "--report", "json"], to: output)
      #expect([0, 3].contains(result.status), "\(result.errors)")
      let report = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      let files = try #require((report as? [String: Any])?["files"] as? [String: Any])
      found += try #require(files["found"] as? Int)
      let lines = try lines(of: output)
      for account in 1...4 {
        for month in ["09", "10"] {
          #expect([0, 2].contains(lines.count { $0.contains("\"\(account)\(month)0") }))
        }
      }
      all += lines
    }
    #expect(found == 18)
    let status = try trailmerge("status", folder.appending("shard-1"))
    #expect(status.output.contains("shards of the job that are not there: 2/3, 3/3\n"))
    // A shard's dataset takes no other shard.
    #expect(try consolidate(["--shard", "2/3"], to: "shard-1").status == 64)
    #expect([0, 3].contains(try consolidate(["--shard", "1/3"], to: "shard-1").status))
    #expect(try consolidate([]).status == 3)
    #expect(all.sorted() == (try lines(of: "out")))
    let merge = ["merge", "-o", folder.appending("merged")]
    func shard(_ number: Int) -> String { folder.appending("shard-\(number)") }
    let two = try trailmerge(merge + [shard(3), shard(1)])
    #expect(two.status == 3 && two.output.contains("not there: 2/3"), "\(two.output)")
    #expect(try trailmerge(merge + [shard(2)]).status == 3)
    #expect(FileTree.firstDifference(try tree("out"), try tree("merged")) == nil)
  }

  @Test("in shards is of one job's inputs, whatever the outputs")
  func shardsOfOtherInputs() throws {
    try write(record("more", on: "2026-10-04"), to: "other/more.json")
    func shard(_ number: Int, of input: String) throws {
      let result = try trailmerge(
        "consolidate", folder.appending(input), "-o", folder.appending("\(input)-\(number)"),
        "--shard", "\(number)/2", "--format", "ndjson")
      #expect([0, 3].contains(result.status), "\(result.errors)")
    }
    for number in 1...2 { try shard(number, of: "other") }
    try shard(1, of: "in")
    let merge = ["merge", folder.appending("other-2"), "-o"]
    let mixed = try trailmerge(merge + [folder.appending("mixed"), folder.appending("in-1")])
    #expect(mixed.status == 3 && mixed.output.contains("not there: 1/2"), "\(mixed.output)")
    let whole = try trailmerge(merge + [folder.appending("whole"), folder.appending("other-1")])
    #expect(whole.status == 0, "\(whole)")
  }

  @Test("on all processors is what one run makes", .needs(.parallel))
  func parallel() throws {
    let result = try bash(
      """
      cd "$1" && run="consolidate in --format ndjson"
      seq 4 | parallel --will-cite -j2 "$0" $run --shard {}/4 -o shards/{} -q
      "$0" merge -o merged shards/*
      """,
      [builtProducts.appending(path: "trailmerge").path, folder.path])
    #expect(result.status == 3, "\(result.errors)")
    #expect(try consolidate([]).status == 3)
    #expect(FileTree.firstDifference(try tree("out"), try tree("merged")) == nil)
  }

  @Test("by a list is what the list names, and what is not there has failed")
  func list() throws {
    let first = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/09/01/10901.json"
    let list = ["exports/loose.json", "./" + first, "exports/gone.json", first, ""]
    try write(list.joined(separator: "\n"), to: "list")
    let result = try consolidate(["--files-from", folder.appending("list")])
    #expect(result.status == 3)
    #expect(result.output.contains("3 found = 2 read + 1 failed"), "\(result.output)")
    #expect(result.output.contains("in/exports/gone.json"))
    #expect(try lines(of: "out").count == 2)
    // The same files by standard input are known already, whatever the order.
    let again = try consolidate(
      ["--files-from", "-"], input: list.reversed().joined(separator: "\n"))
    #expect(again.output.contains("2 already read"), "\(again.output)")
    // The other files are new to the dataset.
    #expect(try consolidate([]).output.contains("15 read + 2 already read + 1 failed"))
  }

  @Test(
    "by a list is nothing outside of the inputs, and the line is named",
    arguments: ["../secret", "/etc/passwd", "a/../../b", "."])
  func outside(path: String) throws {
    let result = try consolidate(["--files-from", "-"], input: "exports/loose.json\n\(path)\n")
    #expect(result.status == 64)
    #expect(result.errors.contains("line 2: expected a path below the input"))
  }

  @Test("never makes a dataset again that holds more")
  func rebuild() throws {
    #expect(try consolidate([]).status == 3)
    for flags in [["--shard", "1/2"], ["--files-from", "-"]] {
      let result = try consolidate(flags + ["--rebuild", "--allow-loss"])
      #expect(result.status == 64 && result.errors.contains("a part of its inputs"))
    }
    for shard in ["0/2", "3/2", "1", "1/0", "a/b"] {
      #expect(try consolidate(["--shard", shard]).status == 64)
    }
  }
}
