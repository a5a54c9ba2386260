import Bytes
import Foundation
import TestSupport
import Testing

/// Threads, open files and temporary folders: a run asks for what there is, and shares with others.
@Suite("What a run takes of the machine", .serialized)
struct ResourceTests {
  private let folder: TestSupport.TemporaryFolder

  init() throws {
    folder = try TestSupport.TemporaryFolder()
  }

  /// Runs a script in the folder, with the command as `$0`.
  private func shell(_ script: String) throws -> CommandResult {
    try bash(
      script, [builtProducts.appending(path: "trailmerge").path], in: URL(filePath: folder.path))
  }

  private func deliver(_ name: String, _ records: [String]) throws {
    try FileTree.write(
      "{\"Records\":[\(records.joined(separator: ","))]}", to: "in/\(name).json", in: folder.path)
  }

  private func record(_ id: String, account: Int = 1, day: Int = 19, agent: String = "a") -> String
  {
    """
    {"eventID":"\(id)","eventTime":"2026-11-\(day)T05:00:00Z","awsRegion":"us-east-1",\
    "recipientAccountId":"\(100_000_000_000 + account)","userAgent":"\(agent)"}
    """
  }

  @Test("256 threads end, and write the same bytes as one", .timeLimit(.minutes(3)))
  func manyThreads() throws {
    for file in 0..<40 { try deliver("\(file)", [record("\(file)", account: file % 7)]) }
    for threads in [1, 256] {
      let result = try shell(
        "\"$0\" consolidate in -o out\(threads) --threads \(threads) --memory 4GiB")
      #expect(result.status == 0, "\(threads) threads: \(result.errors)")
    }
    let difference = try FileTree.firstDifference(
      folder.appending("out1"), folder.appending("out256"), ignoring: FaultBench.ignored)
    #expect(difference == nil)
  }

  @Test(
    "more than 256 threads are wrong usage everywhere",
    arguments: [
      ["consolidate", "in", "-o", "out"], ["verify", "out"], ["validate", "in"],
    ])
  func tooManyThreads(command: [String]) throws {
    let result = try trailmerge(command + ["--threads", "257"])
    #expect(result.status == 64)
    #expect(result.errors.contains("0 to 256"))
  }

  @Test(
    "256 open files are enough, however many cells there are and whatever is in conflict",
    arguments: [1, 8, 256])
  func fewOpenFiles(threads: Int) throws {
    for account in 0..<150 {
      for agent in ["a", "b"] {
        try deliver(
          "\(account)\(agent)",
          [19, 20].map { record("\(account)-\($0)", account: account, day: $0, agent: agent) })
      }
    }
    let result = try shell(
      """
      ulimit -n 256 && "$0" consolidate in -o out --threads \(threads) --memory 4GiB \
        --format ndjson,csv --partition-by dt --provenance && "$0" verify out --threads \(threads)
      """)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("600 in = 300 written + 300 conflicts"))
  }

  @Test("where not even the inputs can be opened the limit is to blame, not the input")
  func noOpenFiles() throws {
    for file in 0..<20 { try deliver("\(file)", [record("\(file)")]) }
    let result = try shell(#"ulimit -n 7 && "$0" consolidate in -o out"#)
    #expect(result.status == 1)
    #expect(result.errors.contains("ulimit -n"))
    #expect(!result.output.contains("failed"))
  }

  @Test("a folder for temporary files that somebody has prepared is not used")
  func preparedFolder() throws {
    try deliver("a", [record("1")])
    try FileTree.write("precious", to: "victim", in: folder.path)
    let result = try shell(
      """
      mkdir tmp && mkdir tmp/trailmerge-$$ &&
      for name in rows-0 rows-1 runs-0; do ln -s "$PWD/victim" tmp/trailmerge-$$/$name; done &&
      exec "$0" consolidate in -o out --temp-dir tmp
      """)
    #expect(result.status == 0)
    #expect(try shell("cat victim").output == "precious")
  }

  @Test("the folder for temporary files is as it was after a run, a failed one too")
  func emptyAfterwards() throws {
    try deliver("a", [record("1")])
    #expect(try shell(#""$0" consolidate in -o out --temp-dir tmp"#).status == 0)
    #expect(try shell("find tmp").output == "tmp\n")
    try FileTree.write("{", to: "in/b.json", in: folder.path)
    #expect(try shell(#""$0" consolidate in -o out --temp-dir tmp --strict"#).status == 1)
    #expect(try shell("find tmp").output == "tmp\n")
  }

  @Test("the file of metrics may be read by everybody whom the umask does not forbid it")
  func metricsMode() throws {
    try deliver("a", [record("1")])
    let run = #""$0" consolidate in -o out --metrics-file m.prom -q"#
    let modes = try shell(
      """
      umask 022; \(run); stat -c %a m.prom; chmod 600 m.prom; touch m.prom.tmp; \(run)
      stat -c %a m.prom; umask 027; \(run); stat -c %a m.prom; ls
      """)
    #expect(modes.output == "644\n644\n640\nin\nm.prom\nout\n", "\(modes.errors)")
  }
}
