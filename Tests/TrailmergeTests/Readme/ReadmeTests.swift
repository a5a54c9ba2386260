import Foundation
import TestSupport
import Testing

/// The commands of the READMEs, run as they are printed: blocks marked `sh`, one after the other.
///
/// Blocks marked `console` show what needs a fresh machine, AWS or a reader's own files.
@Suite("The READMEs")
struct ReadmeTests {
  @Test("every command runs that needs no further tool", arguments: Readme.all)
  func commands(readme: Readme) throws {
    try run(readme.blocks("sh").filter { !needsJQ($0) })
  }

  @Test("those with jq run too, over gzip outputs too", .needs(.jq), arguments: Readme.all)
  func commandsWithJQ(readme: Readme) throws {
    let blocks = readme.blocks("sh")
    guard blocks.contains(where: needsJQ) else { return }
    try run(blocks)
    let compressed = blocks.map(compressing)
    if compressed != blocks { try run(compressed) }
  }

  /// The commands of a block with outputs that are gzip, where they can be.
  private func compressing(_ block: String) -> String {
    guard !block.contains("--format xlsx") else { return block }
    let command = "trailmerge consolidate "
    return block.replacing(command, with: command + "--compression gzip ")
  }

  @Test(
    "every query runs in DuckDB, over gzip outputs too", .needs(.duckDB),
    arguments: Readme.all.filter { !$0.blocks("sql").isEmpty }, [false, true])
  func queries(readme: Readme, compressed: Bool) throws {
    // What `ddl` printed comes before the queries that use it.
    let script = """
      import duckdb, os, sys
      if os.path.exists("tables.sql"): duckdb.execute(open("tables.sql").read())
      assert duckdb.sql(sys.argv[1]).fetchall()
      """
    try run(python: script, each: readme.blocks("sql"), after: readme, compressed: compressed)
  }

  @Test(
    "every Python script runs, over gzip outputs too", .needs(.pandas, .polars, .openpyxl),
    arguments: Readme.all.filter { !$0.blocks("python").isEmpty }, [false, true])
  func scripts(readme: Readme, compressed: Bool) throws {
    let script = "import sys; sys.path.insert(0, '.'); exec(sys.argv[1])"
    try run(python: script, each: readme.blocks("python"), after: readme, compressed: compressed)
  }

  @Test("every link leads to a file", arguments: Readme.all)
  func links(readme: Readme) throws {
    let folder = URL(filePath: readme.path, relativeTo: repository).deletingLastPathComponent()
    for link in readme.text.components(separatedBy: "](").dropFirst() {
      let target = folder.appending(path: String(link.prefix { $0 != ")" && $0 != "#" }))
      #expect(FileManager.default.fileExists(atPath: target.path), "\(target.path)")
    }
  }

  @Test("the map of the code has every module")
  func map() throws {
    let map = try Readme("Sources/README.md").text
    let modules = try FileManager.default.contentsOfDirectory(
      atPath: repository.appending(path: "Sources").path
    ).filter { $0 != "README.md" }
    #expect(modules.filter { !map.contains("`\($0)`") }.isEmpty)
  }

  @Test("the line for cron is the one that is shipped")
  func crontab() throws {
    let shipped = try String(
      contentsOf: repository.appending(path: "Jobs/trailmerge.crontab"), encoding: .utf8)
    let line = try #require(shipped.split(separator: "\n").last)
    #expect(try Readme("Jobs/README.md").blocks("console").contains(String(line)))
  }

  @Test("every job file that is shown is right", arguments: Readme.all)
  func jobFiles(readme: Readme) throws {
    for job in readme.blocks("yaml") where job.hasPrefix("name:") {
      let folder = try TemporaryFolder()
      let result = try trailmerge("check", try folder.write(job, to: "job.yaml"))
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  /// Runs a script with each text as its argument, where the README's other commands have run.
  private func run(
    python script: String, each texts: [String], after readme: Readme, compressed: Bool
  ) throws {
    let blocks = readme.blocks("sh").filter { !needsJQ($0) }
    let folder = try run(compressed ? blocks.map(compressing) : blocks)
    for text in texts {
      let result = try bash(#"python3 -c "$0" "$1""#, [script, text], in: folder.url)
      #expect(result.status == 0, "\(text)\n\(result.errors)")
    }
  }

  /// Runs blocks from where the repository is cloned; what `# exits N` says in one is expected.
  @discardableResult
  private func run(_ blocks: [String]) throws -> TemporaryFolder {
    let folder = try folderWithJobs()
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    for block in blocks {
      let result = try bash(
        "set -euo pipefail\n" + block, in: folder.url, ["PATH": "\(builtProducts.path):\(path)"])
      #expect(result.status == expectedStatus(block), "\(block)\n\(result.errors)")
    }
    return folder
  }

  @Test("the quick start is two commands, which install what they need")
  func quickStart() throws {
    let readme = try Readme("README.md")
    let section = try #require(readme.text.components(separatedBy: "\n## Quick start\n").last)
    let block = try #require(section.components(separatedBy: "```").dropFirst().first)
    let commands = block.split(separator: "\n").dropFirst()
    #expect(commands.count == 2)
    let install = "$(command -v sudo) apt-get update && $(command -v sudo) apt-get install -y "
    #expect(commands.allSatisfy { $0.hasPrefix(install) })
    #expect(commands.last?.hasSuffix(" && swift test") == true)
  }

  @Test(
    "shows what the demo and the damaged demo print", arguments: [("demo", 0), ("damaged", 3)])
  func shownOutput(job: String, status: Int32) throws {
    let folder = try folderWithJobs()
    let result = try trailmerge("run", "Jobs/\(job).yaml", in: folder.url)
    #expect(result.status == status)
    let block = try #require(
      try Readme("README.md").blocks("text").first { $0.hasPrefix("\(job): ") })
    var rest = Substring(result.output.replacing("\n", with: " "))
    // Times and sizes differ by machine: the last line is not compared.
    for line in block.split(separator: "\n") where !line.hasPrefix("  took") {
      for part in line.split(separator: "…").map({ $0.trimmingCharacters(in: .whitespaces) }) {
        let found = rest.range(of: part)
        #expect(found != nil, "\(part) is not in\n\(result.output)")
        rest = rest[(found?.upperBound ?? rest.startIndex)...]
      }
    }
  }

  private func folderWithJobs() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: repository.appending(path: "Jobs"), to: folder.url.appending(path: "Jobs"))
    return folder
  }

  private func needsJQ(_ block: String) -> Bool {
    block.split { $0 == "\n" || $0 == "|" }
      .contains { $0.trimmingPrefix { $0 == " " }.hasPrefix("jq ") }
  }

  private func expectedStatus(_ block: String) -> Int32 {
    block.components(separatedBy: "# exits ").dropFirst().last
      .flatMap { Int32($0.prefix(while: \.isNumber)) } ?? 0
  }
}
